"""The reviewed tables: one YAML file a stack, next to this module, with a reason for everything that is allowed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from tests.cluster.connectivity.analyzer import Way

FOLDER = Path(__file__).parent

EACH = "<each>"
"""Stands in an entry for each name of its list `each`."""


class TableError(Exception):
    """A table says something twice, or something without a reason."""


def table_of(stack: str) -> Path:
    """Where the table of a stack is."""
    return FOLDER / f"{stack}.yaml"


def reviewed(stack: str) -> frozenset[Way]:
    """All that a stack's table allows.

    Raises:
        TableError: an entry has no reason, or two allow the same.
    """
    entries = yaml.safe_load(table_of(stack).read_text(encoding="utf-8"))["allowed"]
    ways = [way for entry in entries for way in _ways(entry)]
    twice = sorted({str(way) for way in ways if ways.count(way) > 1})
    if twice:
        raise TableError(f"{table_of(stack).name} says twice: {'; '.join(twice)}")
    return frozenset(ways)


def _ways(entry: dict[str, Any]) -> Iterator[Way]:
    if not entry.get("why"):
        raise TableError(f"{entry} has no reason")
    for each in entry.get("each", ("",)):
        for source, target, port in product(*(_list(entry[key]) for key in ("from", "to", "ports"))):
            # Of one and the same: nothing leads from one of them to another.
            yield Way(source.replace(EACH, each), target.replace(EACH, each), port)


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def difference(allowed: frozenset[Way], table: frozenset[Way]) -> str:
    """What a person has to look at; empty where both are the same."""
    lines = [f"allowed, and not in the table:  {way}" for way in sorted(allowed - table)]
    lines += [f"in the table, and denied:       {way}" for way in sorted(table - allowed)]
    return "\n".join(lines)


def draft(allowed: Iterable[Way]) -> str:
    """A table without reasons, to begin a review with."""
    ports: dict[tuple[str, str], list[str]] = defaultdict(list)
    for way in sorted(allowed):
        ports[way.source, way.target].append(way.port)
    targets: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for (source, target), open_ports in ports.items():
        targets[source, tuple(open_ports)].append(target)
    sources: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = defaultdict(list)
    for (source, open_ports_), reached in targets.items():
        sources[tuple(reached), open_ports_].append(source)
    entries = [
        {"why": "", "from": asking, "to": list(reached), "ports": list(open_)}
        for (reached, open_), asking in sources.items()
    ]
    return yaml.safe_dump({"allowed": entries}, sort_keys=False, width=120)
