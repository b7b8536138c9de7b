"""What a bill is: lines with a quantity, a rate and an amount at three sizes of the platform."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Size = Literal["minimum", "expected", "maximum"]
SIZES: tuple[Size, ...] = ("minimum", "expected", "maximum")
Group = Literal["resource", "component", "workload", "nodeGroup", "tenant", "environment"]
Period = Literal["month", "day"]

CENT = Decimal("0.01")
MICRO = Decimal("0.000001")
SHARED = "shared"
"""The workload or tenant of what serves several, or the platform as a whole."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """One quantity at the least, the usual and the most that the stack allows."""

    minimum: Decimal
    expected: Decimal
    maximum: Decimal

    def __add__(self, other: "Sizes") -> "Sizes":
        return Sizes(self.minimum + other.minimum, self.expected + other.expected, self.maximum + other.maximum)

    def __sub__(self, other: "Sizes") -> "Sizes":
        return Sizes(self.minimum - other.minimum, self.expected - other.expected, self.maximum - other.maximum)

    def __mul__(self, other: "Sizes | Decimal | int") -> "Sizes":
        by = other if isinstance(other, Sizes) else always(other)
        return Sizes(self.minimum * by.minimum, self.expected * by.expected, self.maximum * by.maximum)

    def at(self, size: Size) -> Decimal:
        """The quantity at one size."""
        found: Decimal = getattr(self, size)
        return found

    def any(self) -> bool:
        """Whether it is more or less than nothing at any size."""
        return any((self.minimum, self.expected, self.maximum))


def always(quantity: Decimal | int) -> Sizes:
    """The same quantity whatever the size."""
    exact = Decimal(quantity)
    return Sizes(exact, exact, exact)


NOTHING = always(0)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a line is."""

    urn: str
    name: str
    component: str
    """The part of the platform that it belongs to, as the platform's own child is named."""

    workload: str
    tenant: str
    environment: str
    node_group: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that AWS bills."""

    owner: Owner
    item: str
    """As the price file names it, or `spot:` and `onDemand:` with instance types."""

    unit: str
    """What the quantity counts: `h`, `GB-month`, ..."""

    quantity: Sizes
    """In a month."""

    rate: Sizes
    """USD a unit. The same at each size, but for Spot, which takes whichever type AWS can spare."""

    monthly: Sizes
    """USD a month: quantity times rate."""

    assumptions: tuple[str, ...] = ()
    """The names of the assumptions that the quantity rests on."""

    note: str = ""

    days: Decimal = Decimal(730) / 24
    """On how many days of a month it is billed: all of them, but for what sleeps by a schedule."""

    def of(self, period: Period) -> Sizes:
        """USD a month, or on one of its days."""
        return self.monthly if period == "month" else self.monthly * (1 / self.days)


@dataclass(frozen=True, slots=True)
class Missing:
    """What the bill leaves out because nobody has told its price: the total is "at least"."""

    urn: str
    item: str
    unit: str
    quantity: Sizes
    why: str


@dataclass(frozen=True, slots=True)
class Bill:
    """The monthly bill of a plan at list prices, before tax, discounts and credits."""

    stack: str
    region: str
    currency: str
    lines: tuple[Line, ...]
    missing: tuple[Missing, ...]
    assumptions: Mapping[str, Decimal]
    """Those that lines rest on, by name."""

    shares: Mapping[str, Mapping[str, Sizes]] = field(default_factory=dict)
    """Which part of a node group each tenant has, from 0 to 1, by group and tenant."""

    @property
    def total(self) -> Sizes:
        """USD a month."""
        return self.sum_of("month")

    def sum_of(self, period: Period) -> Sizes:
        """USD a month, or on a day on which nothing sleeps all day."""
        return sum((line.of(period) for line in self.lines), NOTHING)

    @property
    def at_least(self) -> bool:
        """Whether a price is missing, so that AWS will bill more."""
        return bool(self.missing)

    @property
    def tenants(self) -> tuple[str, ...]:
        """Those that something belongs to."""
        return tuple(sorted(self.by("tenant").keys() - {SHARED}))

    def by(self, group: Group, period: Period = "month") -> dict[str, Sizes]:
        """The totals of each resource, component, ...; what belongs to no node group stands under `none`."""
        found: dict[str, Sizes] = {}
        for line in self.lines:
            for key, amount in self._parts(line, group, period):
                found[key] = found.get(key, NOTHING) + amount
        return found

    def _parts(self, line: Line, group: Group, period: Period) -> Iterator[tuple[str, Sizes]]:
        """A line, or the part of it that each tenant has and what they leave."""
        whole = line.of(period)
        shares = self.shares.get(line.owner.node_group or "", {}) if group == "tenant" else {}
        parts = {tenant: _exact(whole * share) for tenant, share in shares.items()}
        yield from parts.items()
        yield KEYS[group](line.owner), whole - sum(parts.values(), NOTHING)


KEYS: Mapping[Group, Callable[[Owner], str]] = {
    "resource": lambda owner: owner.urn,
    "component": lambda owner: owner.component,
    "workload": lambda owner: owner.workload,
    "nodeGroup": lambda owner: owner.node_group or "none",
    "tenant": lambda owner: owner.tenant,
    "environment": lambda owner: owner.environment,
}


def _exact(amount: Sizes) -> Sizes:
    """To a millionth, so that parts add up to the whole."""
    return Sizes(*(each.quantize(MICRO) for each in (amount.minimum, amount.expected, amount.maximum)))


def cents(amount: Decimal) -> Decimal:
    """An amount as it is shown: rounded to cents, half a cent up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def rounded(amount: Sizes) -> Sizes:
    """Each amount as it is shown."""
    return Sizes(cents(amount.minimum), cents(amount.expected), cents(amount.maximum))
