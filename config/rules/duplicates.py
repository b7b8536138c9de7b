"""Values that occur twice in a list: AWS refuses some of them, and others have no effect."""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack

_ONCE_NAMES = """
allocation_tags emails groups internet_ports namespaces notify phones pullers tag_patterns thresholds types
"""

ONCE = frozenset(_ONCE_NAMES.split())
"""Lists of plain values that have no other rule."""


def once(stack: Stack) -> Iterator[Problem]:
    """Each value of a list of recipients, accounts, tags and the like occurs once."""
    yield from _once(stack.settings, ())


def _once(value: object, path: Path) -> Iterator[Problem]:
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            # Not by its attribute: this rule decides nothing by a setting that is no such list.
            inner, here = vars(value)[name], (*path, field.alias or name)
            if name in ONCE and isinstance(inner, tuple):
                for index, one in enumerate(inner):
                    if one in inner[:index]:
                        yield Problem((*here, index), f"duplicate value {one}; remove one")
            else:
                yield from _once(inner, here)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _once(inner, (*path, key))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _once(inner, (*path, index))


RULES: tuple[Rule, ...] = (once,)
