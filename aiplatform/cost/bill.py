"""A bill: lines with quantity, rate and amount at three sizes of the platform."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from catalog.prices import Price

Size = Literal["minimum", "expected", "maximum"]
SIZES: tuple[Size, ...] = ("minimum", "expected", "maximum")
Group = Literal["resource", "component", "workload", "nodeGroup", "tenant", "environment"]
Period = Literal["month", "day"]

CENT = Decimal("0.01")
MICRO = Decimal("0.000001")
SHARED = "shared"
"""Workload or tenant of resources that several of them share."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """A quantity at minimum, expected and maximum size of the platform."""

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
        """Return the quantity at a size."""
        found: Decimal = getattr(self, size)
        return found

    def any(self) -> bool:
        """Return whether it is not 0 at some size."""
        return any((self.minimum, self.expected, self.maximum))


def always(quantity: Decimal | int) -> Sizes:
    """Return the same quantity for every size."""
    exact = Decimal(quantity)
    return Sizes(exact, exact, exact)


NOTHING = always(0)


@dataclass(frozen=True, slots=True)
class Owner:
    """The component, workload and tenant of a line."""

    urn: str
    name: str
    component: str
    """Name of the platform's child component that it belongs to."""

    workload: str
    tenant: str
    environment: str
    node_group: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the bill."""

    owner: Owner
    item: str
    """Item of the price file, or `spot:` or `onDemand:` with an instance type."""

    unit: str
    """Unit of the quantity: `h`, `GB-month`, ..."""

    quantity: Sizes
    """Quantity in a month."""

    rate: Sizes
    """USD a unit. It only differs between sizes for Spot, whose instance type is not fixed."""

    monthly: Sizes
    """Amount in USD a month: quantity times rate."""

    assumptions: tuple[str, ...] = ()
    """Names of the assumptions that the quantity depends on."""

    note: str = ""

    days: Decimal = Decimal(730) / 24
    """Days of a month on which it is billed: all days, except for resources with a schedule."""

    price: "Price | None" = None
    """The price on which the expected amount rests; None for a line without one, such as a commitment."""

    @property
    def estimated(self) -> bool:
        """Return whether it rests on an estimated price."""
        return self.price is not None and self.price.confidence == "estimated"

    def of(self, period: Period) -> Sizes:
        """Return USD a month, or on a billed day."""
        return self.monthly if period == "month" else self.monthly * (1 / self.days)


@dataclass(frozen=True, slots=True)
class Missing:
    """A quantity without a known price, which the bill does not include: the total is "at least"."""

    urn: str
    item: str
    unit: str
    quantity: Sizes
    why: str


class Commitment(NamedTuple):
    """A Savings Plan or reserved instances, with what they cover."""

    path: str
    """Its place in the stack file, such as `costs.commitments.savingsPlans[0]`."""

    paid: Decimal
    """USD an hour."""

    worth: Decimal
    """On-Demand usage in USD an hour that it can cover."""

    covered: Sizes
    """On-Demand usage in USD a month that it covers."""

    peak: Sizes
    """On-Demand usage in USD an hour that it could cover at most, while all run."""


@dataclass(frozen=True, slots=True)
class Bill:
    """The monthly bill of a plan at list prices, before tax, discounts and credits."""

    stack: str
    region: str
    currency: str
    lines: tuple[Line, ...]
    missing: tuple[Missing, ...]
    assumptions: Mapping[str, Decimal]
    """Values of the assumptions that lines depend on, by name."""

    commitments: tuple[Commitment, ...] = ()
    """Savings Plans and reserved instances, whose lines are among `lines`."""

    hours_per_month: Decimal = Decimal(730)

    shares: Mapping[str, Mapping[str, Sizes]] = field(default_factory=dict)
    """Share of each tenant in a node group, from 0 to 1, by group and tenant."""

    @property
    def total(self) -> Sizes:
        """Return the total in USD a month."""
        return self.sum_of("month")

    def sum_of(self, period: Period) -> Sizes:
        """Return the total in USD a month, or on a day on which every schedule runs."""
        return sum((line.of(period) for line in self.lines), NOTHING)

    @property
    def at_least(self) -> bool:
        """Return whether a price is missing, so that the total is a minimum."""
        return bool(self.missing)

    @property
    def estimated(self) -> bool:
        """Return whether an amount rests on an estimated price, so that the total is an estimate."""
        return any(line.estimated and line.monthly.any() for line in self.lines)

    @property
    def tenants(self) -> tuple[str, ...]:
        """Return the tenants with costs of their own."""
        return tuple(sorted(self.by("tenant").keys() - {SHARED}))

    def by(self, group: Group, period: Period = "month") -> dict[str, Sizes]:
        """Return the total of each resource, component, ...; lines outside node groups are under `none`."""
        found: dict[str, Sizes] = {}
        for line in self.lines:
            for key, amount in self._parts(line, group, period):
                found[key] = found.get(key, NOTHING) + amount
        return found

    def estimated_in(self, group: Group) -> frozenset[str]:
        """Return the resources, components, ... with a line that rests on an estimated price."""
        lines = (line for line in self.lines if line.estimated)
        return frozenset(key for line in lines for key, _ in self._parts(line, group, "month"))

    def _parts(self, line: Line, group: Group, period: Period) -> Iterator[tuple[str, Sizes]]:
        """Yield a line with its group, or the shares of tenants and the rest."""
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
    """Round to a millionth, so that parts add up to the total."""
    return Sizes(*(each.quantize(MICRO) for each in (amount.minimum, amount.expected, amount.maximum)))


def cents(amount: Decimal) -> Decimal:
    """Round an amount to cents, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def rounded(amount: Sizes) -> Sizes:
    """Round each amount to cents, half up."""
    return Sizes(cents(amount.minimum), cents(amount.expected), cents(amount.maximum))
