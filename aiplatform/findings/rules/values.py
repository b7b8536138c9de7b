"""Read inputs of which some values can be unknown before a deployment.

An unknown value that a rule depends on ends the check by `NotKnownError`; the engine checks again when it is known.
"""

from collections.abc import Mapping
from typing import Any

from aiplatform.iam import policy_document
from aiplatform.preview.plan import UNKNOWN, Json


class NotKnownError(Exception):
    """A value that a rule depends on is unknown before a deployment."""


def given(value: Json) -> Json:
    """Return a value that a rule depends on, with `"true"` as `True`, because providers accept booleans as strings.

    Raises:
        NotKnownError: the value is unknown.
    """
    if isinstance(value, str):
        if value == UNKNOWN:
            raise NotKnownError
        return {"true": True, "false": False}.get(value, value)
    return value


def mapping(value: Json) -> Mapping[str, Any]:
    """Return a mapping; an empty one for any other value."""
    found = given(value)
    return found if isinstance(found, Mapping) else {}


def sequence(value: Json) -> tuple[Any, ...]:
    """Return the items of a list, a single value as one item, and no items for None."""
    found = given(value)
    if isinstance(found, list | tuple):
        return tuple(found)
    return () if found is None else (found,)


def holds(value: Json, *wanted: Json) -> bool:
    """Return whether a list has one of the wanted values, or the value is one of them.

    Raises:
        NotKnownError: an item is unknown and could be one of them.
    """
    items = sequence(value)
    if any(given(one) in [given(item) for item in items if item != UNKNOWN] for one in wanted):
        return True
    for item in items:
        given(item)
    return False


def statements(document: Json) -> tuple[Mapping[str, Any], ...]:
    """Return the statements of an IAM policy; none if it is missing."""
    return policy_document.statements(given(document))
