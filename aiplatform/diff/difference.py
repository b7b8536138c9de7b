"""The difference of a stack: the lines of all sections, and what could not be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from aiplatform.diff.line import Line, Section, Side, in_order, pairs, sections
from aiplatform.diff.replaced import replaced
from aiplatform.diff.sections.money import TITLE as MONEY
from aiplatform.diff.steps import steps
from aiplatform.finding import SEVERITIES, FailOn


@dataclass(frozen=True)
class Part:
    """A section with its lines."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Difference:
    """What a change does to a stack."""

    stack: str
    before: Side | None
    after: Side | None
    parts: tuple[Part, ...]
    """Sections that have lines, the most important first."""

    notes: tuple[str, ...] = ()
    """What could not be compared."""

    headline: str = "not compared"
    """The numbers in one line."""

    digest: str = ""
    """Digest of the plan after the change, by which a deployment knows what was reviewed; empty if it has none."""

    steps: Mapping[str, str] = field(default_factory=dict)
    """What happens to each resource that changes, by URN."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return the lines of all sections."""
        return tuple(line for part in self.parts for line in part.lines)

    def fails(self, fail_on: FailOn) -> bool:
        """Return whether a line is at least as severe as `fail_on`."""
        limit = -1 if fail_on == "never" else SEVERITIES.index(fail_on)
        return any(SEVERITIES.index(line.severity) <= limit for line in self.lines)

    def replaced_types(self) -> dict[str, list[str]]:
        """Return the URNs of what is replaced or deleted, by type."""
        if self.before is None or self.after is None:
            return {}
        gone = [pair.before for pair in pairs(self.before, self.after) if pair.before and pair.after is None]
        found: dict[str, list[str]] = {}
        for one in [*gone, *(each.pair.one for each in replaced(self.before, self.after).values())]:
            found.setdefault(str(one["type"]), []).append(str(one["urn"]))
        return {type_: sorted(urns) for type_, urns in sorted(found.items())}


def compare(stack: str, before: Side | None, after: Side | None, notes: Sequence[str] = ()) -> Difference:
    """Return the difference of a stack; a side is None if it has no such stack."""
    told = list(notes)
    parts = tuple(part for one in sections() if (part := _part(one, before, after, told)).lines)
    found = Difference(stack, before, after, parts, tuple(told))
    return replace(found, headline=_headline(found), digest=_digest(after), steps=steps(before, after))


def _digest(side: Side | None) -> str:
    provenance = (side.plan.get("provenance") if side else None) or {}
    return str(provenance.get("planDigest", ""))


def _part(section: Section, before: Side | None, after: Side | None, notes: list[str]) -> Part:
    """Return a section; a plan of another version, which lacks what it reads, is a note."""
    try:
        return Part(section.TITLE, in_order(section.lines(before, after)))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        notes.append(f"{section.TITLE}: cannot be compared, a plan has another form: {type(error).__name__}: {error}")
        return Part(section.TITLE, ())


def _headline(found: Difference) -> str:
    if found.before is None or found.after is None:
        return "a new stack" if found.before is None else "the stack is gone"
    counts = [(one, sum(line.severity == one for line in found.lines)) for one in SEVERITIES[:2]]
    words = [f"{count} {one}{'s' * (count != 1)}" for one, count in counts if count]
    if replaced_ := sum(map(len, found.replaced_types().values())):
        words.append(f"{replaced_} replaced or deleted")
    words += [part.lines[0].text for part in found.parts if part.title == MONEY]
    return ", ".join(words) or ("no difference" if not found.parts else "nothing lost, no other cost")
