"""Savings Plans and reserved instances: what they cost, and what they cover of a bill.

A commitment is billed every hour, and covers usage of the same hour only. The hours of a month are those in which the
resources with the longest running time run, then those in which the next ones run as well, and so on: schedules
overlap as far as they can, which is the most that a commitment can cover.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from aiplatform.cost.bill import SHARED, SIZES, Commitment, Line, Missing, Owner, Size, Sizes, always
from aiplatform.cost.index import INSTANCE, NODE_GROUPS, Context, group_name
from catalog.prices import PriceTable
from config.commitments import Commitments, Reserved, SavingsPlan

TYPE = "ai-platform:costs:Commitments"
_DATABASE = "aws:rds/instance:Instance"
_ON_DEMAND = "onDemand:"
_LAMBDA = "lambda_gb_second_"


@dataclass(frozen=True, slots=True)
class Applied:
    """The commitments of a stack applied to the lines of its bill."""

    commitments: tuple[Commitment, ...] = ()
    lines: tuple[Line, ...] = ()
    missing: tuple[Missing, ...] = ()


class _Load(NamedTuple):
    """The usage of a line while it runs."""

    line: Line
    share: Sizes
    """Share of the month in which it runs."""

    hourly: Sizes
    """USD an hour."""


def applied(given: Commitments, lines: Sequence[Line], context: Context, prices: PriceTable) -> Applied:
    """Apply reserved instances, then EC2 Instance Savings Plans, then Compute Savings Plans, as AWS does."""
    wanted: list[tuple[str, Reserved | SavingsPlan]] = [
        *((f"costs.commitments.reserved[{number}]", one) for number, one in enumerate(given.reserved)),
        *((f"costs.commitments.savingsPlans[{number}]", one) for number, one in enumerate(given.savings_plans)),
    ]
    if not wanted:
        return Applied()
    wanted.sort(key=lambda each: isinstance(each[1], SavingsPlan) and each[1].kind == "compute")
    loads = [_load(line, context) for line in lines if line.monthly.any()]
    months = {size: _Month(loads, size) for size in SIZES}
    commitments: list[Commitment] = []
    missing: list[Missing] = []
    for path, one in wanted:
        rates = _rates(one, context.region, prices)
        if isinstance(rates, str):
            missing.append(Missing(_urn(path, context), _item(one), "h", always(context.hours_per_month), rates))
            continue
        paid, worth = rates
        eligible = [number for number, load in enumerate(loads) if _covers(one, load.line, context)]
        peak = Sizes(*(months[size].peak(eligible) for size in SIZES))
        covered = Sizes(*(months[size].cover(eligible, worth) for size in SIZES)) * context.hours_per_month
        commitments.append(Commitment(path, paid, worth, covered, peak))
    items = {path: _item(one) for path, one in wanted}
    made = tuple(line for one in commitments for line in _lines(one, items[one.path], context))
    return Applied(tuple(commitments), made, tuple(missing))


class _Month:
    """The usage of a month that no commitment covers yet, at one size: by part of the month and load."""

    def __init__(self, loads: Sequence[_Load], size: Size) -> None:
        ends = sorted({share for load in loads if (share := load.share.at(size))})
        self._lengths = [end - start for start, end in zip([Decimal(0), *ends], ends, strict=False)]
        self._left = [
            {number: load.hourly.at(size) for number, load in enumerate(loads) if load.share.at(size) >= end}
            for end in ends
        ]

    def peak(self, eligible: Iterable[int]) -> Decimal:
        """Return the most usage of loads in an hour that no commitment covers."""
        wanted = set(eligible)
        totals = (sum((part[number] for number in wanted & part.keys()), Decimal(0)) for part in self._left)
        return max(totals, default=Decimal(0))

    def cover(self, eligible: Sequence[int], worth: Decimal) -> Decimal:
        """Cover usage of loads up to an amount an hour, and return what is covered of a month of one hour."""
        covered = Decimal(0)
        for length, part in zip(self._lengths, self._left, strict=True):
            free = worth
            for number in eligible:
                taken = min(free, part.get(number, Decimal(0)))
                if taken:
                    part[number] -= taken
                    free -= taken
            covered += (worth - free) * length
        return covered


def _load(line: Line, context: Context) -> _Load:
    """Return the usage of a line while its resource runs; less usage than of one instance runs for a part of that."""
    month, running = context.hours_per_month, _running_share(line, context)
    shares = dict.fromkeys(SIZES, running)
    if line.unit == "h":
        shares = {size: min(running, line.quantity.at(size) / month) for size in SIZES}
    hourly = {
        size: line.monthly.at(size) / (month * share) if (share := shares[size]) else Decimal(0) for size in SIZES
    }
    return _Load(line, Sizes(*(shares[size] for size in SIZES)), Sizes(*(hourly[size] for size in SIZES)))


def _running_share(line: Line, context: Context) -> Decimal:
    resource = context.by_urn[line.owner.urn]
    if resource.type in NODE_GROUPS:
        return context.group_hours(group_name(resource))
    if resource.type == INSTANCE:
        return context.instance_hours(resource)
    if resource.type == _DATABASE:
        return context.database_hours(str(resource.inputs.get("identifier")))
    return Decimal(1)


def _covers(one: Reserved | SavingsPlan, line: Line, context: Context) -> bool:
    """Return whether a commitment is for the usage of a line; those but a Compute Savings Plan are for one region."""
    if isinstance(one, SavingsPlan) and one.kind == "compute":
        return line.item.startswith((_ON_DEMAND, _LAMBDA))
    if context.region_of(context.by_urn[line.owner.urn]) != context.region:
        return False
    if isinstance(one, Reserved):
        return line.item == one.item()
    return line.item.startswith(f"{_ON_DEMAND}{one.family}.")


def _rates(one: Reserved | SavingsPlan, region: str, prices: PriceTable) -> tuple[Decimal, Decimal] | str:
    """Return what a commitment costs and can cover in USD an hour, or why that is unknown."""
    if one.discount_percent is None:
        return "no discount is known; set discountPercent, which the console shows for the term and payment"
    discounted = 1 - Decimal(str(one.discount_percent)) / 100
    if isinstance(one, SavingsPlan):
        paid = Decimal(str(one.usd_per_hour))
        return paid, paid / discounted
    price = prices.service(region, one.item())
    if price is None:
        return f"no price of {one.item()} in {region}"
    return one.count * price.price * discounted, one.count * price.price


def _item(one: Reserved | SavingsPlan) -> str:
    if isinstance(one, Reserved):
        return f"reserved:{one.item()}"
    return f"savingsPlan:{one.family or one.kind}"


def _urn(path: str, context: Context) -> str:
    plan = context.plan
    return f"urn:pulumi:{plan.stack}::{plan.project}::{TYPE}::{path.removeprefix('costs.commitments.')}"


def _lines(one: Commitment, item: str, context: Context) -> Iterator[Line]:
    """Yield what a commitment costs, and what is not billed on demand."""
    name = one.path.removeprefix("costs.commitments.")
    owner = Owner(_urn(one.path, context), name, "commitments", SHARED, SHARED, context.environment)
    hours, month = context.hours_per_month, context.all_days
    paid = always(one.paid * hours)
    yield Line(owner, item, "h", always(hours), always(one.paid), paid, (), "billed every hour", month)
    yield Line(owner, f"{item}:covered", "USD", one.covered, always(-1), one.covered * -1, (), "not on demand", month)
