"""Environment variables that name others: `$(NAME)`, as Kubernetes expands it.

A value is expanded with the variables that stand before its own in the container and those of `envFrom`; a reference to
any other is left as it is:
https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
"""

import re
from collections.abc import Collection, Iterator, Mapping

_REFERENCE = re.compile(r"\$(?:\$|\(([^)]*)\))")
"""`$(NAME)`; two dollar signs are one, and no reference."""


def references(text: str) -> tuple[str, ...]:
    """The variables that a value names, each once."""
    return tuple(dict.fromkeys(match[1] for match in _REFERENCE.finditer(text) if match[1] is not None))


def in_order(named: Mapping[str, Collection[str]]) -> list[str]:
    """The variables, each after those that it names, else in alphabetical order.

    `named` has the variables that each one names. Those that name each other stand in alphabetical order.
    """
    placed: dict[str, None] = {}
    begun: set[str] = set()

    def place(name: str) -> None:
        if name in begun or name not in named:
            return
        begun.add(name)
        for other in sorted(named[name]):
            place(other)
        placed[name] = None

    for name in sorted(named):
        place(name)
    return list(placed)


def cycles(named: Mapping[str, Collection[str]]) -> Iterator[tuple[str, ...]]:
    """Each way from a variable back to itself, from its first name in the alphabet on."""
    found: set[frozenset[str]] = set()
    for start in sorted(named):
        way = _back(start, named)
        if way and frozenset(way) not in found and start == min(way):
            found.add(frozenset(way))
            yield way


def _back(start: str, named: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The shortest way from a variable back to itself; empty where there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    for way in ways:
        for other in sorted(named.get(way[-1], ())):
            if other == start:
                return way
            if other in named and other not in seen:
                seen.add(other)
                ways.append((*way, other))
    return ()
