"""Format a bill as text with 80 columns."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from aiplatform.cost.bases import bases
from aiplatform.cost.bill import SIZES, Bill, Group, Period, Size, Sizes, cents
from aiplatform.cost.budget import budget_problem
from aiplatform.cost.compare import Change, Known, difference, other_assumptions
from config.costs import Assumptions, Costs

WIDTH = 80
_LABEL, _BAR, _AMOUNT = 29, 14, 12
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_NAMES = 44
UNKNOWN = "?"
ESTIMATE = "~"
_SMALL = 1
"""Percent of the expected amount below which the source of a price is not shown."""


def summary(bill: Bill) -> str:
    """Return one line in whole USD: `about 312 USD a month (205 to 1,480)`."""
    least, usual, most = (f"{bill.total.at(size).quantize(Decimal(1), ROUND_HALF_UP):,}" for size in SIZES)
    if not bill.at_least and bill.estimated:
        return f"an estimated {usual} {bill.currency} a month ({least} to {most}); prices are estimated"
    if not bill.at_least:
        return f"about {usual} {bill.currency} a month ({least} to {most})"
    count = len(bill.missing)
    prices = f"{count} price{'s are' if count > 1 else ' is'} missing"
    if not bill.lines:
        return f"cost not known, {prices}"
    estimated = ", others are estimated" if bill.estimated else ""
    return f"at least {usual} {bill.currency} a month ({least} to {most}); {prices}{estimated}"


def table(bill: Bill, costs: Costs, *, by: Group, size: Size) -> Iterator[str]:
    """Yield the totals of each group, largest first, with missing prices, budget and assumptions."""
    yield from _wrapped(f"{bill.stack} in {bill.region}: {summary(bill)}", indent="")
    yield ""
    yield from _groups(bill, f"by {'node group' if by == 'nodeGroup' else by}", by=by, size=size, period="month")
    if by == "tenant" and bill.tenants:
        yield ""
        yield from _groups(bill, "on a course day", by=by, size=size, period="day")
        yield ""
        yield from _wrapped(_each_tenant(bill), indent="")
    yield from _missing(bill)
    yield from _budget(bill, costs)
    yield from _assumed(bill)
    yield from _rests_on(bill)


def _groups(bill: Bill, title: str, *, by: Group, size: Size, period: Period) -> Iterator[str]:
    """Yield the totals of each group, largest first."""
    yield f"{title:<{_LABEL + _BAR + 1}}" + "".join(f"{each:>{_AMOUNT}}" for each in SIZES)
    groups = {name: amount for name, amount in bill.by(by, period).items() if amount.any()}
    estimated = bill.estimated_in(by)
    largest = max((amount.at(size) for amount in groups.values()), default=Decimal(0))
    for name, amount in sorted(groups.items(), key=lambda each: (-each[1].at(size), each[0])):
        label = _resource(name) if by == "resource" else name
        label = f"{ESTIMATE}{label}" if name in estimated else label
        yield f"{_fit(label, _LABEL):<{_LABEL}} {_bar(amount.at(size), largest):<{_BAR}}{_amounts(amount)}"
    yield f"{ESTIMATE * bill.estimated + 'total':<{_LABEL + _BAR + 1}}{_amounts(bill.sum_of(period))}"
    if estimated:
        yield f"{ESTIMATE} rests on estimated prices"


def _each_tenant(bill: Bill) -> str:
    count = len(bill.tenants)
    month, day = (cents(bill.sum_of(period).expected / count) for period in ("month", "day"))
    return (
        f"With its part of what is shared a tenant, one of {count}, is {month:,} {bill.currency} a month and {day:,} a "
        "course day, on which scheduled resources run their hours and all others the whole day."
    )


def comparison(before: Known, after: Known, found: Sequence[Change], size: Size) -> Iterator[str]:
    """Yield the lines that differ, at one size."""
    yield from _wrapped(f"{after.title} against {before.title}, USD a month, {size} size", indent="")
    if not found:
        yield "No line differs."
        return
    yield ""
    yield f"{'line':<{_NAMES}}" + "".join(f"{each:>{_AMOUNT}}" for each in ("before", "after", "change"))
    for change in found:
        label = f"{ESTIMATE * change.estimated}{change.name} {change.item}"
        amounts = (change.before, change.after, change.difference)
        yield f"{_fit(label, _NAMES - 1):<{_NAMES}}{_change(amounts, size)}"
    estimated = bool(before.estimated or after.estimated)
    totals = (before.total, after.total, difference(before, after))
    yield f"{ESTIMATE * estimated + 'total':<{_NAMES}}{_change(totals, size)}"
    for change in found:
        if change.why:
            yield from _wrapped(f"{UNKNOWN} {change.name} {change.item}: {change.why}", indent="")
    if estimated:
        yield f"{ESTIMATE} rests on estimated prices"
    for known in (before, after):
        if known.at_least:
            yield _fit(f"{known.title}: at least, prices are missing", WIDTH)
    for name in other_assumptions(before, after):
        yield f"assumed differently: {name} {before.assumptions[name]:f} and {after.assumptions[name]:f}"


def _change(amounts: tuple[Sizes | None, Sizes | None, Sizes | None], size: Size) -> str:
    """Return before, after and difference."""
    signs = ("", "", "+")
    return "".join(
        f"{UNKNOWN:>{_AMOUNT}}" if each is None else f"{cents(each.at(size)):>{sign}{_AMOUNT},}"
        for each, sign in zip(amounts, signs, strict=True)
    )


def _amounts(amount: Sizes) -> str:
    return "".join(f"{cents(amount.at(size)):>{_AMOUNT},}" for size in SIZES)


def _bar(amount: Decimal, largest: Decimal) -> str:
    """Return a bar in eighths of a character, in proportion to the largest amount; not empty for a cent or more."""
    if not largest:
        return ""
    eighths = max(int(amount / largest * (_BAR - 2) * 8), 1 if cents(amount) else 0)
    return _EIGHTHS[-1] * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _fit(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _resource(urn: str) -> str:
    types, _, name = urn.rpartition("::")
    return f"{name} {types.rpartition(':')[2]}"


def _missing(bill: Bill) -> Iterator[str]:
    if not bill.missing:
        return
    yield ""
    yield f"At least, for {len(bill.missing)} prices are missing:"
    for item, why in dict.fromkeys((each.item, each.why) for each in bill.missing):
        yield from _wrapped(f"{item}: {why}")


def _budget(bill: Bill, costs: Costs) -> Iterator[str]:
    if costs.budget is None:
        return
    yield ""
    problem = budget_problem(bill, costs)
    limit = Decimal(str(costs.budget.monthly_limit))
    if problem is None:
        estimated = "an estimated " if bill.estimated else ""
        yield f"Budget {limit:,.2f} {bill.currency} a month: {estimated}{limit - bill.total.expected:,.2f} left"
    else:
        yield from _wrapped(f"{problem.message}; {problem.fix}", indent="")


def _assumed(bill: Bill) -> Iterator[str]:
    if not bill.assumptions:
        return
    said = {field.alias: field.description or "" for field in Assumptions.model_fields.values()}
    yield ""
    yield "Assumed, and set in ai-platform:costs.assumptions:"
    for name, value in bill.assumptions.items():
        description = said.get(name.partition(".")[0], "").replace("\n", " ")
        yield from _wrapped(f"{name} {value.normalize():f}: {description.rstrip('.')}")


def _rests_on(bill: Bill) -> Iterator[str]:
    """Yield the parts of the expected amount by confidence, date and source of their prices."""
    found = bases(bill)
    if not found:
        return
    yield ""
    yield "Prices by confidence, date and source, with their part of the expected amount:"
    for basis in found:
        if basis.percent < _SMALL:
            continue
        source = " ".join(_fit(word, WIDTH // 2) for word in basis.source.split())
        yield from _wrapped(f"{basis.percent} % {basis.confidence}, {basis.as_of}: {source}")
    small = [basis.percent for basis in found if basis.percent < _SMALL]
    if small:
        yield f"  {sum(small)} % of {len(small)} other sources; --json has all"


def _wrapped(text: str, indent: str = "  ") -> Iterator[str]:
    line = indent
    for word in text.split():
        if len(line) + len(word) > WIDTH - 1 and line.strip():
            yield line.rstrip()
            line = f"{indent}  "
        line += f"{word} "
    yield line.rstrip()
