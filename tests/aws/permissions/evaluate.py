"""IAM's evaluation logic for identity policies in one account.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Keys = Mapping[str, str | Sequence[str]]
"""The context of a request: condition keys and their values."""

Policy = Mapping[str, Any]


def permitted(policies: Iterable[Policy], action: str, resource: str, context: Keys) -> bool:
    """Return whether a statement allows the action, and none denies it."""
    effects = {
        statement["Effect"]
        for policy in policies
        for statement in policy["Statement"]
        if _applies(statement, action, resource, context)
    }
    return effects == {"Allow"}


def _applies(statement: Mapping[str, Any], action: str, resource: str, context: Keys) -> bool:
    assert not {"NotAction", "NotResource", "Principal"} & statement.keys(), "not evaluated here"
    return (
        _names(tuple(as_list(statement["Action"])), action.lower())
        and any(matches(pattern, resource) for pattern in as_list(statement["Resource"]))
        and all(
            _holds(operator, key, as_list(wanted), context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )


@functools.cache
def _names(patterns: tuple[str, ...], action: str) -> bool:
    return any(matches(pattern.lower(), action) for pattern in patterns)


def _holds(operator: str, key: str, wanted: Sequence[str], context: Keys) -> bool:
    found = {name.lower(): value for name, value in context.items()}.get(key.lower())
    if operator == "Null":
        return (found is None) == (wanted == ["true"])
    values = None if found is None else as_list(found)
    if operator.startswith("ForAllValues:"):
        return all(_one(operator.partition(":")[2], value, wanted) for value in values or ())
    negated = operator in {"StringNotEquals", "ArnNotEquals"}
    if values is None:
        return negated or operator.endswith("IfExists")
    (value,) = values
    return _one(operator.removesuffix("IfExists"), value, wanted)


def _one(operator: str, value: str, wanted: Sequence[str]) -> bool:
    match operator:
        case "StringEquals" | "Bool":
            return value in wanted
        case "StringNotEquals":
            return value not in wanted
        case "StringLike" | "ArnLike" | "ArnEquals":
            return any(matches(pattern, value) for pattern in wanted)
        case "ArnNotEquals":
            return not any(matches(pattern, value) for pattern in wanted)
    raise AssertionError(f"{operator} is not evaluated here")


def matches(pattern: str, text: str) -> bool:
    """Return whether IAM's wildcards match: any characters, slashes and colons too, for `*`, and one for `?`."""
    return _expression(pattern).fullmatch(text) is not None


@functools.cache
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def as_list(value: str | Sequence[str]) -> list[str]:
    """Return a value that IAM documents may write without a list as a list."""
    return [value] if isinstance(value, str) else list(value)
