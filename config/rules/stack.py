"""What a rule looks at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.problems import Path, Problem, did_you_mean
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

    def names(self, section: str) -> tuple[str, ...]:
        """The names in a section, of wrong entries too: a reference to one of them is no mistake of its own."""
        entries = self.sections.get(section)
        return tuple(map(str, entries)) if isinstance(entries, dict) else ()

    def reference(self, path: Path, name: str | None, section: str) -> Iterator[Problem]:
        """A problem where `name` is no name of `section`."""
        if name is None or name in self.names(section):
            return
        names = self.names(section)
        hint = did_you_mean(name, names) if names else f"; {section} holds none, add it there"
        yield Problem(path, f"{name!r} is no name in {section}{hint}")


Rule = Callable[[Stack], Iterator[Problem]]
