"""Compare two bills line by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from aiplatform.cost.bill import NOTHING, Bill, Sizes, rounded


@dataclass(frozen=True, slots=True)
class Known:
    """The parts of a bill that a comparison uses, and that a `cost.json` contains."""

    title: str
    lines: Mapping[tuple[str, str], Sizes]
    """USD a month by path and item. The path is a URN without stack and project, so that stacks can be compared."""

    total: Sizes
    """USD a month. It can differ from the sum of the lines of a `cost.json`, because each is rounded."""

    at_least: bool
    assumptions: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Change:
    """A line that differs between two bills."""

    name: str
    """Logical name of the resource."""

    kind: str
    item: str
    before: Sizes
    after: Sizes


def known(bill: Bill, title: str | None = None) -> Known:
    """Return the comparable parts of a bill; the default title is the stack."""
    lines: dict[tuple[str, str], Sizes] = {}
    for line in bill.lines:
        key = (place(line.owner.urn), line.item)
        lines[key] = lines.get(key, NOTHING) + line.monthly
    return Known(title or bill.stack, lines, bill.total, bill.at_least, bill.assumptions)


def place(urn: str) -> str:
    """Return a URN (`urn:pulumi:dev::ai-platform::a:b:C$d:e:F::name`) without stack and project."""
    return urn.split("::", 2)[-1]


def changes(before: Known, after: Known) -> tuple[Change, ...]:
    """Return the lines that differ by a cent at any size, largest expected difference first."""
    found = [
        Change(*_named(key), before=before.lines.get(key, NOTHING), after=after.lines.get(key, NOTHING))
        for key in {**before.lines, **after.lines}
    ]
    differing = [change for change in found if rounded(change.before) != rounded(change.after)]
    return tuple(sorted(differing, key=_order))


def other_assumptions(before: Known, after: Known) -> tuple[str, ...]:
    """Return the names of assumptions that both bills depend on, with different values."""
    shared = before.assumptions.keys() & after.assumptions.keys()
    return tuple(sorted(name for name in shared if before.assumptions[name] != after.assumptions[name]))


def _named(key: tuple[str, str]) -> tuple[str, str, str]:
    types, _, name = key[0].rpartition("::")
    return name, types.rpartition(":")[2], key[1]


def _order(change: Change) -> tuple[Decimal, Decimal, str, str, str]:
    by = change.after - change.before
    return -abs(by.expected), -abs(by.maximum), change.name, change.kind, change.item
