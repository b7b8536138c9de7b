"""Compare two bills line by line; what has no price stays unknown."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from aiplatform.cost.bill import NOTHING, Bill, Sizes, rounded

Key = tuple[str, str]
"""Path and item. The path is a URN without stack and project, so that stacks can be compared."""


class Gap(NamedTuple):
    """What a bill does not include: the expected quantity in a month, and why it has no price."""

    quantity: Decimal
    why: str


@dataclass(frozen=True, slots=True)
class Known:
    """The parts of a bill that a comparison uses, and that a `cost.json` contains."""

    title: str
    lines: Mapping[Key, Sizes]
    """USD a month."""

    total: Sizes
    """USD a month. It can differ from the sum of the lines of a `cost.json`, because each is rounded."""

    missing: Mapping[Key, Gap]
    assumptions: Mapping[str, Decimal]
    estimated: frozenset[Key] = frozenset()
    """The lines that rest on estimated prices."""

    @property
    def at_least(self) -> bool:
        """Return whether a price is missing, so that the total is a minimum."""
        return bool(self.missing)


@dataclass(frozen=True, slots=True)
class Change:
    """A line that differs between two bills."""

    name: str
    """Logical name of the resource."""

    kind: str
    item: str
    before: Sizes | None
    after: Sizes | None
    """USD a month; None where a price is missing."""

    why: str = ""
    """Why a price is missing."""

    estimated: bool = False
    """Whether an amount rests on an estimated price."""

    @property
    def difference(self) -> Sizes | None:
        """Return USD a month; None if an amount is unknown."""
        return None if self.before is None or self.after is None else self.after - self.before


def known(bill: Bill, title: str | None = None) -> Known:
    """Return the comparable parts of a bill; the default title is the stack."""
    lines: dict[tuple[str, str], Sizes] = {}
    for line in bill.lines:
        key = (place(line.owner.urn), line.item)
        lines[key] = lines.get(key, NOTHING) + line.monthly
    missing = {(place(one.urn), one.item): Gap(one.quantity.expected, one.why) for one in bill.missing}
    estimated = frozenset((place(line.owner.urn), line.item) for line in bill.lines if line.estimated)
    return Known(title or bill.stack, lines, bill.total, missing, bill.assumptions, estimated)


def place(urn: str) -> str:
    """Return a URN (`urn:pulumi:dev::ai-platform::a:b:C$d:e:F::name`) without stack and project."""
    return urn.split("::", 2)[-1]


def changes(before: Known, after: Known) -> tuple[Change, ...]:
    """Return the lines that differ by a cent at any size or whose amount is unknown, and then the largest expected
    difference first. A line that has no price in both bills differs if its quantity does.
    """
    keys = {**before.lines, **before.missing, **after.lines, **after.missing}
    found = (_change(key, before, after) for key in keys)
    return tuple(sorted((change for change in found if change is not None), key=_order))


def _change(key: Key, before: Known, after: Known) -> Change | None:
    types, _, name = key[0].rpartition("::")
    gaps = [known.missing[key] for known in (before, after) if key in known.missing]
    old, new = (None if key in known.missing else known.lines.get(key, NOTHING) for known in (before, after))
    if old is not None and new is not None:
        same = rounded(old) == rounded(new)
    else:
        same = len({gap.quantity for gap in gaps}) == 1 and len(gaps) == 2
    why = gaps[-1].why if gaps else ""
    estimated = key in before.estimated or key in after.estimated
    return None if same else Change(name, types.rpartition(":")[2], key[1], old, new, why, estimated)


def difference(before: Known, after: Known) -> Sizes | None:
    """Return the difference of the totals; None where what the bills do not include differs."""
    return after.total - before.total if before.missing == after.missing else None


def other_assumptions(before: Known, after: Known) -> tuple[str, ...]:
    """Return the names of assumptions that both bills depend on, with different values."""
    shared = before.assumptions.keys() & after.assumptions.keys()
    return tuple(sorted(name for name in shared if before.assumptions[name] != after.assumptions[name]))


def _order(change: Change) -> tuple[bool, Decimal, Decimal, str, str, str]:
    by = change.difference or NOTHING
    known = change.difference is not None
    return known, -abs(by.expected), -abs(by.maximum), change.name, change.kind, change.item
