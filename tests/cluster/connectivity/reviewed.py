"""The reviewed tables: one YAML file for each stack in this folder, with a reason for every allowed connection."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from aiplatform.reach.connectivity import Way

FOLDER = Path(__file__).parent

EACH = "<each>"
"""Placeholder in an entry for each name in its list `each`."""


class TableError(Exception):
    """A table has a duplicate entry, or an entry without a reason."""


def table_of(stack: str) -> Path:
    """Return the path of a stack's table."""
    return FOLDER / f"{stack}.yaml"


def reviewed(stack: str) -> frozenset[Way]:
    """Return all connections that a stack's table allows.

    Raises:
        TableError: an entry has no reason, or is a duplicate.
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
            # Peers of the same kind: there is no connection from one of them to another.
            yield Way(source.replace(EACH, each), target.replace(EACH, each), port)


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def difference(allowed: frozenset[Way], table: frozenset[Way]) -> str:
    """Return the differences that require a review; empty if there are none."""
    lines = [f"allowed, and not in the table:  {way}" for way in sorted(allowed - table)]
    lines += [f"in the table, and denied:       {way}" for way in sorted(table - allowed)]
    return "\n".join(lines)


def draft(allowed: Iterable[Way]) -> str:
    """Return a table without reasons, to begin a review with."""
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
