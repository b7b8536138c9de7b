"""Reads inputs of which a part may not be known before the cloud has answered.

Whatever a rule needs and cannot know ends its question, by `NotKnownError`: it is asked again when the value is there.
"""

from collections.abc import Mapping
from typing import Any

from aiplatform.iam import policy_document
from aiplatform.preview.plan import UNKNOWN, Json


class NotKnownError(Exception):
    """A value on which the answer depends can only be told by the cloud."""


def given(value: Json) -> Json:
    """A value that a rule depends on. Providers take booleans in words too: `"true"` is `True`.

    Raises:
        NotKnownError: nobody can tell it yet.
    """
    if isinstance(value, str):
        if value == UNKNOWN:
            raise NotKnownError
        return {"true": True, "false": False}.get(value, value)
    return value


def mapping(value: Json) -> Mapping[str, Any]:
    """A mapping; an empty one where there is none."""
    found = given(value)
    return found if isinstance(found, Mapping) else {}


def sequence(value: Json) -> tuple[Any, ...]:
    """The items of a list, a single one alone, none where there is nothing."""
    found = given(value)
    if isinstance(found, list | tuple):
        return tuple(found)
    return () if found is None else (found,)


def holds(value: Json, *wanted: Json) -> bool:
    """Whether one of these stands in a list, or alone; an item that nobody knows could be one of them."""
    items = sequence(value)
    if any(given(one) in [given(item) for item in items if item != UNKNOWN] for one in wanted):
        return True
    for item in items:
        given(item)
    return False


def statements(document: Json) -> tuple[Mapping[str, Any], ...]:
    """The statements of an IAM policy; none where it is missing."""
    return policy_document.statements(given(document))
