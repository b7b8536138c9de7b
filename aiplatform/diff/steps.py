"""What a change does to each resource, as the steps of Pulumi's engine name it."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Literal, get_args

from aiplatform.diff.fields import inputs_of
from aiplatform.diff.line import Line, Side, is_real, pairs
from aiplatform.diff.replaced import replaced
from aiplatform.errors import CallError
from aiplatform.preview.urns import qualified_type
from catalog.aws.aws_type import Json

Step = Literal["replace", "delete", "create", "update"]
STEPS: tuple[Step, ...] = get_args(Step)
"""The strongest first: of a component with several resources, the strongest counts."""

TITLE = "Preview by Pulumi's engine"

_OPERATIONS: Mapping[str, Step] = {
    **{step: step for step in STEPS},
    "create-replacement": "replace",
    "delete-replaced": "replace",
    "import": "create",
}
"""https://github.com/pulumi/pulumi/blob/master/sdk/go/common/display/operation.go; others change no resource."""

_REMOTE = re.compile(r"(\$eks:index:\w+)\$[^$]+::")
"""A resource in a component of pulumi-eks, which a plan has as one."""


def steps(before: Side | None, after: Side | None) -> dict[str, Step]:
    """Return what a change does, by URN; a resource that stays the same has no step."""
    found: dict[str, Step] = dict.fromkeys(replaced(before, after), "replace")
    for pair in pairs(before, after):
        urn = str(pair.one["urn"])
        if not is_real(pair.one) or urn in found:
            continue
        if pair.before is None or pair.after is None:
            found[urn] = "create" if pair.before is None else "delete"
        else:
            old, new = inputs_of(pair)
            found |= {urn: "update"} if old != new else {}
    return {urn: step for urn, step in sorted(found.items()) if _counts(urn)}


def previewed(content: str) -> dict[str, Step]:
    """Return the steps of `pulumi preview`, from its output with `--json` or the file of `--event-log`.

    Raises:
        CallError: it is neither.
    """
    found: dict[str, Step] = {}
    try:
        for one in _metadata(content):
            urn, step = _REMOTE.sub(r"\1::", str(one["urn"])), _OPERATIONS.get(str(one["op"]))
            if step is not None and _counts(urn):
                found[urn] = min(step, found.get(urn, step), key=STEPS.index)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        message = "is neither the output of pulumi preview --json nor the file of --event-log, or is of one that failed"
        raise CallError(message) from error
    return found


def _metadata(content: str) -> Iterator[Mapping[str, Json]]:
    try:
        yield from json.loads(content)["steps"]
    except ValueError:
        # One event a line; a run that did not end has no summary.
        events = [json.loads(line) for line in content.splitlines()]
        if not any("summaryEvent" in event for event in events):
            raise
        yield from (event["resourcePreEvent"]["metadata"] for event in events if "resourcePreEvent" in event)


def _counts(urn: str) -> bool:
    """Return whether a resource exists in AWS or the cluster: a plan has no step for components and providers."""
    return not qualified_type(urn).rpartition("$")[2].startswith(("ai-platform:", "pulumi:"))


def beside(offline: Mapping[str, str], engine: Mapping[str, str]) -> tuple[Line, ...]:
    """Return where the steps of a difference and of a preview differ, and how many are the same."""
    lines = [
        _differing(urn, offline.get(urn, ""), engine.get(urn, ""))
        for urn in sorted(offline.keys() | engine.keys())
        if offline.get(urn) != engine.get(urn)
    ]
    same = Counter(step for urn, step in engine.items() if offline.get(urn) == step)
    counts = ", ".join(f"{same[step]} {step}" for step in STEPS if same[step]) or "no step"
    return (*lines, Line("same in both", counts, "info"))


def _differing(urn: str, offline: str, engine: str) -> Line:
    type_, _, name = urn.rpartition("::")
    subject = f"{type_.rpartition(':')[2]} {name}"
    text = f"pulumi preview: {engine or 'no step'}; difference without credentials: {offline or 'no step'}"
    if not offline:
        fix = "it differs from the state, not from the base: an earlier change is not deployed, or the resource drifted"
    elif not engine:
        fix = "the state already has it: the change is deployed, or a provider takes both values for equal"
    else:
        fix = "the state differs from the base: compare it with pulumi preview --diff"
    return Line(subject, text, "warning", urn, fix)
