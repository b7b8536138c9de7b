"""The input of a rule, and checks that several rules share."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path as FilePath
from typing import Any, Protocol

from catalog.reading.problems import Path, Problem, did_you_mean
from config.settings import Settings

_NOUNS = {
    "accessPoints": "access point",
    "applications": "application",
    "auroraClusters": "database",
    "buckets": "bucket",
    "caches": "cache",
    "virtualKeys": "virtual key",
    "databases": "database",
    "environments": "environment",
    "fileSystems": "file system",
    "instances": "instance",
    "models": "model",
    "nodeGroups": "node group",
    "nodePools": "node pool",
    "priorityClasses": "priority class",
    "providers": "provider",
    "receivers": "receiver",
    "repositories": "repository",
    "schedules": "schedule",
    "secrets": "secret",
}
"""What an entry of each map of a stack file is called in messages."""


def noun(sections: Iterable[str]) -> str:
    """Return what an entry of one of the sections is called in messages: `node group or node pool`."""
    return " or ".join(dict.fromkeys(_NOUNS[section.rpartition(".")[2]] for section in sections))


@dataclass(frozen=True)
class Stack:
    """A stack file without its invalid values."""

    settings: Settings
    sections: Mapping[str, Any]
    """The values of the file by section, invalid ones included."""

    others: Mapping[str, Any]
    """The values of other namespaces by full key, such as `aws:region`."""

    today: date
    folder: FilePath | None = None
    """The project's root, if the stack file is in one."""

    def names(self, *path: str) -> tuple[str, ...]:
        """Return the keys of a map, invalid entries included: a reference to an invalid entry is not a second error."""
        entries: Any = self.sections
        for part in path:
            entries = entries.get(part) if isinstance(entries, Mapping) else None
        return tuple(map(str, entries)) if isinstance(entries, Mapping) else ()

    def reference(self, path: Path, name: str | None, *sections: str) -> Iterator[Problem]:
        """Report `name` if none of the sections has it; `monitoring.receivers` is a map inside a section."""
        paths: list[Path] = [tuple(section.split(".")) for section in sections]
        held = {place: self.names(*map(str, place)) for place in paths}
        names = tuple(one for of_section in held.values() for one in of_section)
        if name is not None and name not in names:
            hint = did_you_mean(name, names) if names else f"; add it to {' or '.join(sections)}"
            empty = tuple(place for place, found in held.items() if not found)
            yield Problem(path, f"unknown {noun(sections)} {name!r}{hint}", because=empty)


class Range(Protocol):
    """Settings with a minimum and a maximum."""

    @property
    def min(self) -> float:
        """The minimum."""

    @property
    def max(self) -> float:
        """The maximum."""


def in_order(path: Path, size: Range | None) -> Iterator[Problem]:
    """Report a minimum above the maximum."""
    if size is not None and size.min > size.max:
        message = f"{size.min:g} is above max, {size.max:g}; decrease it, or increase max"
        yield Problem((*path, "min"), message, because=((*path, "max"),))


Rule = Callable[[Stack], Iterator[Problem]]
