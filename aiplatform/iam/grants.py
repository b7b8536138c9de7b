"""What statements of IAM policies allow, in comparable pieces and in words."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from aiplatform.iam.policy_document import statements

_BUT = "all but "
_SHOWN = 8
"""Actions and resources that are listed; more are counted."""


class Grant(NamedTuple):
    """One action on one resource for one principal, as a statement allows or denies it."""

    effect: str
    action: str
    resource: str
    principal: str
    condition: str
    """JSON of the conditions; empty without."""

    def covers(self, other: "Grant") -> bool:
        """Return whether another grant follows from this one. Without a condition it holds under every condition."""
        return (
            self.effect == other.effect
            and _covers(self.action.lower(), other.action.lower())
            and _covers(self.resource, other.resource)
            and _covers(self.principal, other.principal)
            and self.condition in ("", other.condition)
        )

    @property
    def is_everything(self) -> bool:
        """Return whether it allows every action on every resource, as an administrator has it."""
        return self.effect == "Allow" and self.action in ("*", "*:*") and self.resource == "*" and not self.condition


def _covers(pattern: str, text: str) -> bool:
    return pattern == text or ("*" in pattern and fnmatchcase(text, pattern.replace("[", "[[]")))


def grants(document: Any) -> Iterator[Grant]:  # noqa: ANN401, JSON as text or as values
    """Yield what a policy document allows and denies."""
    for one in statements(document):
        condition = json.dumps(one["Condition"], sort_keys=True) if one.get("Condition") else ""
        for action in _listed(one, "Action"):
            for resource in _listed(one, "Resource"):
                for principal in _principals(one.get("Principal")):
                    yield Grant(str(one.get("Effect")), action, resource, principal, condition)


def _listed(statement: Mapping[str, Any], key: str) -> Sequence[str]:
    for name, mark in ((key, ""), (f"Not{key}", _BUT)):
        given = statement.get(name)
        if given is not None:
            values = [str(one) for one in (given if isinstance(given, list | tuple) else [given])]
            return [mark + ", ".join(sorted(values))] if mark else values
    return ("*",)


def _principals(given: Any) -> Sequence[str]:  # noqa: ANN401, a text or a map of texts and lists
    if given is None:
        return ("",)
    if not isinstance(given, Mapping):
        return (str(given),)
    return [str(one) for value in given.values() for one in (value if isinstance(value, list | tuple) else [value])]


def gained(before: Iterable[Grant], after: Iterable[Grant]) -> list[Grant]:
    """Return the grants after a change that no grant before it covers; swap the sides for lost ones."""
    known = set(before)
    wide = [one for one in known if "*" in one.action + one.resource + one.principal or not one.condition]
    return sorted(
        one for one in set(after) - known if not any(other.covers(one) for other in wide) and one.action != ""
    )


def in_words(found: Iterable[Grant], was: Iterable[Grant] = ()) -> Iterator[tuple[str, str]]:
    """Yield effect and text for grants, those of equal resources and conditions together.

    `was` has the grants of the other side: a condition that only these have is reported as dropped.
    """
    others = list(was)
    together: dict[tuple[str, str, str, str], list[Grant]] = defaultdict(list)
    for one in found:
        dropped = next((other.condition for other in others if _narrower(other, one)), "")
        together[one.effect, one.principal, one.condition, dropped].append(one)
    for (effect, principal, condition, dropped), grants_ in together.items():
        by_actions: dict[tuple[str, ...], list[str]] = defaultdict(list)
        by_resource: dict[str, set[str]] = defaultdict(set)
        for one in grants_:
            by_resource[one.resource].add(one.action)
        for resource, given in by_resource.items():
            by_actions[tuple(sorted(given))].append(resource)
        for actions, resources in sorted(by_actions.items()):
            text = f"{_actions(actions)} on {_resources(resources)}"
            text += f" for {principal}" if principal else ""
            text += f", if {conditions(condition)}" if condition else ""
            text += f", no longer only if {conditions(dropped)}" if dropped else ""
            yield effect, text


def _narrower(other: Grant, one: Grant) -> bool:
    return bool(other.condition) and other._replace(condition=one.condition) == one and other.condition != one.condition


def _actions(actions: Sequence[str]) -> str:
    if "*" in actions or "*:*" in actions:
        return "every action of AWS"
    all_of = {action.partition(":")[0] for action in actions if action.endswith(":*") and not action.startswith(_BUT)}
    named = [action for action in actions if action.partition(":")[0] not in all_of]
    more = [f"{len(named) - _SHOWN} more"] if len(named) > _SHOWN else []
    return ", ".join([*(f"every action of {service}" for service in sorted(all_of)), *named[:_SHOWN], *more])


def _resources(resources: Sequence[str]) -> str:
    if "*" in resources:
        return "every resource"
    more = f" and {len(resources) - _SHOWN} more" if len(resources) > _SHOWN else ""
    return ", ".join(sorted(resources)[:_SHOWN]) + more


def conditions(text: str) -> str:
    """Return conditions in words: `aws:SourceAccount StringEquals 123456789012`."""
    found = [
        f"{key} {operator} {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for operator, tests in json.loads(text or "{}").items()
        for key, value in tests.items()
    ]
    return " and ".join(found)
