"""Findings of a plan that are new or gone: rules, fit, limits, budgets and quotas."""

from collections.abc import Iterator, Mapping

from aiplatform.cost.compare import place
from aiplatform.diff.line import Line, Side
from aiplatform.finding import Severity
from catalog.aws.aws_type import Json

TITLE = "Findings"
ORDER = 70

Key = tuple[str, str, str]


def lines(before: Side | None, after: Side | None) -> list[Line]:
    """Return new findings with their severity, and those that are gone."""
    if after is None:
        return []
    if after.findings is None or (before is not None and before.findings is None):
        return [Line("findings", "cannot be compared: a side has no findings.json", "warning")]
    old, new = _by_key(before), _by_key(after)
    return [*_new(old, new), *_gone(old, new)]


def _by_key(side: Side | None) -> Mapping[Key, Mapping[str, Json]]:
    found = (side.findings or ()) if side else ()
    return {(str(one["rule"]), place(str(one["urn"])), str(one["message"])): one for one in found}


def _new(old: Mapping[Key, Mapping[str, Json]], new: Mapping[Key, Mapping[str, Json]]) -> Iterator[Line]:
    """Yield findings that the base has not; one whose figures differ is changed, which is no news of an info."""
    for key, one in new.items():
        if key not in old:
            changed = any(other[:2] == key[:2] and other not in new for other in old)
            if changed and one["severity"] == "info":
                continue
            severity: Severity = one["severity"]
            text = f"{'changed' if changed else 'new'}: {one['message']}"
            yield Line(str(one["rule"]), text, severity, str(one["urn"]), str(one["fix"]))


def _gone(old: Mapping[Key, Mapping[str, Json]], new: Mapping[Key, Mapping[str, Json]]) -> Iterator[Line]:
    for key, one in old.items():
        if (
            key not in new
            and one["severity"] != "info"
            and not any(other[:2] == key[:2] and other not in old for other in new)
        ):
            yield Line(str(one["rule"]), f"gone: {one['message']}", "info", str(one["urn"]))
