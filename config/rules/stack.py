"""What a rule looks at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from catalog.reading.problems import Path, Problem, did_you_mean
from config.settings import Settings


@dataclass(frozen=True)
class Stack:
    """A stack file whose single values are valid (those that were not are left out)."""

    settings: Settings
    sections: Mapping[str, Any]
    """What the file says, wrong values too."""

    others: Mapping[str, Any]
    """The values of other namespaces, by their whole key."""

    today: date

    def names(self, *path: str) -> tuple[str, ...]:
        """The names in a map, of wrong entries too: a reference to one of them is no mistake of its own."""
        entries: Any = self.sections
        for part in path:
            entries = entries.get(part) if isinstance(entries, Mapping) else None
        return tuple(map(str, entries)) if isinstance(entries, Mapping) else ()

    def reference(self, path: Path, name: str | None, *sections: str) -> Iterator[Problem]:
        """A problem where `name` is no name of the sections (`monitoring.receivers` is one within another)."""
        paths: list[Path] = [tuple(section.split(".")) for section in sections]
        held = {place: self.names(*map(str, place)) for place in paths}
        names = tuple(one for of_section in held.values() for one in of_section)
        if name is not None and name not in names:
            where = " or ".join(sections)
            hint = did_you_mean(name, names) if names else f"; {where} holds none, add it there"
            empty = tuple(place for place, found in held.items() if not found)
            yield Problem(path, f"{name!r} is no name in {where}{hint}", because=empty)


class Range(Protocol):
    """Something between two numbers."""

    @property
    def min(self) -> float:
        """The least."""

    @property
    def max(self) -> float:
        """The most."""


def in_order(path: Path, size: Range | None) -> Iterator[Problem]:
    """A problem where the least is above the most."""
    if size is not None and size.min > size.max:
        message = f"{size.min:g} is above max, {size.max:g}; lower it, or raise max"
        yield Problem((*path, "min"), message, because=((*path, "max"),))


Rule = Callable[[Stack], Iterator[Problem]]
