"""What a change costs: line by line, with the reason."""

from collections.abc import Mapping
from decimal import Decimal

from aiplatform.cost.bill import Sizes, cents
from aiplatform.cost.compare import Change, Known, changes, difference, other_assumptions, place
from aiplatform.cost.read import known_bill
from aiplatform.diff.line import Line, Side
from catalog.aws.aws_type import Json

TITLE = "Money"
ORDER = 60
UNKNOWN = "?"
_ESTIMATED = ", estimated"

Amount = tuple[Decimal, Decimal, str]
"""Quantity, rate and unit."""

_NOTHING = Known("", {}, Sizes(Decimal(0), Decimal(0), Decimal(0)), {}, {})


def lines(before: Side | None, after: Side | None) -> list[Line]:
    """Return the lines of the bill that differ, the total first; nothing if a side has no bill."""
    sides = [_known(before), _known(after)]
    if sides[0] is None or sides[1] is None:
        return [Line("bill", "cannot be compared: a side has no cost.json of this version", "warning")]
    old, new = sides[0], sides[1]
    found = changes(old, new)
    if not found:
        return []
    old_amounts, new_amounts = _amounts(before), _amounts(after)
    result = [Line("total", _total(old, new), "info")]
    for number, one in enumerate(found, 1):
        name = f"{one.kind} {one.name}, {one.item}"
        why = one.why or _reason(old_amounts.get(_key(one)), new_amounts.get(_key(one)))
        result.append(Line(name, f"{_change(one)}{f'; {why}' if why else ''}", "info", rank=number))
    assumed = [f"{name}: {old.assumptions[name]:f} → {new.assumptions[name]:f}" for name in other_assumptions(old, new)]
    return [*result, *(Line("assumption", text, "info", rank=len(found) + 1) for text in assumed)]


def increase(before: Side | None, after: Side | None) -> Decimal | None:
    """Return the expected increase in USD a month; None where a bill or a price is missing."""
    old, new = _known(before), _known(after)
    by = difference(old, new) if old and new else None
    return by.expected if by else None


def _known(side: Side | None) -> Known | None:
    if side is None:
        return _NOTHING
    return known_bill(str(side.plan["stack"]), side.cost) if side.cost else None


def _total(old: Known, new: Known) -> str:
    by = difference(old, new)
    amounts = f"{cents(old.total.expected):,} → {cents(new.total.expected):,}"
    if by is None:
        return f"{amounts} USD a month, at least: what has no price differs ({UNKNOWN})"
    least = ", at least: prices are missing" if new.at_least else ""
    return f"{amounts} USD a month ({cents(by.expected):+,}){least}{_ESTIMATED * bool(old.estimated or new.estimated)}"


def _change(one: Change) -> str:
    old, new = (UNKNOWN if each is None else f"{cents(each.expected):,}" for each in (one.before, one.after))
    by = UNKNOWN if one.difference is None else f"{cents(one.difference.expected):+,}"
    most = one.difference
    range_ = ""
    if most is not None and cents(most.expected) != cents(most.maximum):
        range_ = f", {cents(most.minimum):+,} to {cents(most.maximum):+,} from minimum to maximum size"
    return f"{old} → {new} USD a month ({by}{range_}){_ESTIMATED * one.estimated}"


Key = tuple[str, str, str]


def _key(one: Change) -> Key:
    return one.kind, one.name, one.item


def _amounts(side: Side | None) -> Mapping[Key, Amount]:
    found: dict[Key, Amount] = {}
    for line in (side.cost or {}).get("lines", ()) if side else ():
        types, _, name = place(line["urn"]).rpartition("::")
        key = types.rpartition(":")[2], name, line["item"]
        quantity, _, _ = found.get(key, (Decimal(0), Decimal(0), ""))
        found[key] = quantity + _decimal(line["quantity"]), _decimal(line["rate"]), str(line["unit"])
    return found


def _decimal(value: Json) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _reason(old: Amount | None, new: Amount | None) -> str:
    if old is None or new is None:
        one = new or old
        return (
            ""
            if one is None
            else f"{'new' if old is None else 'gone'}: {one[0].normalize():f} {one[2]} at {one[1].normalize():f}"
        )
    reasons = []
    if old[0] != new[0]:
        reasons.append(f"quantity: {old[0].normalize():f} → {new[0].normalize():f} {new[2]}")
    if old[1] != new[1]:
        reasons.append(f"price: {old[1].normalize():f} → {new[1].normalize():f} USD per unit")
    return "; ".join(reasons)
