"""Pods that a rollout adds for a while, and budgets that stop the drain of a node."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from aiplatform.fit.nodes import Group
from aiplatform.fit.placement import Outcome, place
from aiplatform.fit.pods import Sourced, name_of, namespace_of, workloads
from aiplatform.fit.selectors import label_selector, matches
from aiplatform.fit.workloads import Level, Replicas, Workload

_DEFAULT = "25%"
"""https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-surge"""


class Surge(NamedTuple):
    """Pods beside those of a Deployment while it is updated."""

    workload: Workload
    pods: int
    unavailable: int
    """How many of its pods may be missing meanwhile."""

    fits: bool
    """Whether the nodes that are usually there have room for them."""

    fits_at_maximum: bool
    """Whether they find room when autoscaling has added all nodes."""


def surges(sourced: Sequence[Sourced], on: Sequence[Group], changed: Iterable[Sourced]) -> Iterator[Surge]:
    """Yield what each changed Deployment adds during its rollout, one rollout at a time."""
    found = {identity_of(one.object): one.object for one in changed if one.object.get("kind") == "Deployment"}
    pods = workloads(sourced)
    known: dict[str, tuple[bool, bool]] = {}
    for one in pods:
        item = found.get((one.kind, one.namespace, one.name))
        if item is None or not one.replicas.expected:
            continue
        more, fewer = _rolling(item, one.replicas.expected)
        if more:
            # The pods of tenants are alike: one placement answers for all of them.
            shape = repr((more, one.replicas, one.requests, one.where, one.priority, one.classes))
            if shape not in known:
                known[shape] = _room(pods, on, one, more)
            yield Surge(one, more, fewer, *known[shape])


def _room(pods: Sequence[Workload], on: Sequence[Group], one: Workload, more: int) -> tuple[bool, bool]:
    """Return whether more pods of a workload fit on the usual nodes, and on the maximum."""
    extra = replace(one, name=f"{one.name} during its rollout", replicas=Replicas(more, more, more))
    levels: tuple[Level, Level] = ("expected", "maximum")
    now, most = (_pending(place(on, [*pods, extra], "expected", nodes).outcomes, one) for nodes in levels)
    return not now, not most


def identity_of(item: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return kind, namespace and name of an object: an add-on brings several with one URN."""
    return str(item.get("kind")), namespace_of(item), name_of(item)


def _pending(outcomes: Iterable[Outcome], one: Workload) -> bool:
    names = {one.name, f"{one.name} during its rollout"}
    return any(
        outcome.pending
        for outcome in outcomes
        if outcome.workload.namespace == one.namespace and outcome.workload.name in names
    )


def _rolling(item: Mapping[str, Any], replicas: int) -> tuple[int, int]:
    """Return how many pods a rollout adds, and how many may be missing."""
    strategy = (item.get("spec") or {}).get("strategy") or {}
    if strategy.get("type") == "Recreate":
        return 0, replicas
    rolling = strategy.get("rollingUpdate") or {}
    more = _amount(rolling.get("maxSurge", _DEFAULT), replicas, math.ceil)
    fewer = _amount(rolling.get("maxUnavailable", _DEFAULT), replicas, math.floor)
    return more, fewer


def _amount(given: object, replicas: int, rounded: Callable[[float], int]) -> int:
    text = str(given)
    return int(rounded(replicas * int(text[:-1]) / 100)) if text.endswith("%") else int(text)


class Block(NamedTuple):
    """A PodDisruptionBudget that allows no eviction."""

    urn: str
    name: str
    workload: Workload
    why: str


def blocking_budgets(sourced: Sequence[Sourced]) -> Iterator[Block]:
    """Yield the budgets that allow no eviction of a workload at its minimum of replicas.

    https://kubernetes.io/docs/tasks/run-application/configure-pdb/
    """
    pods = [one for one in workloads(sourced) if not (one.ends or one.everywhere)]
    for one in sourced:
        if one.object.get("kind") != "PodDisruptionBudget":
            continue
        spec = one.object.get("spec") or {}
        selector = label_selector(spec.get("selector"))
        chosen = [pod for pod in pods if pod.namespace == namespace_of(one.object) and matches(selector, pod.labels)]
        count = sum(pod.replicas.minimum for pod in chosen)
        why = _why(spec, count)
        if count and why:
            yield Block(one.urn, f"{namespace_of(one.object)}/{name_of(one.object)}", chosen[0], why)


def _why(spec: Mapping[str, Any], count: int) -> str:
    pods = f"{count} pod{'' if count == 1 else 's'}"
    if spec.get("maxUnavailable") is not None:
        # Kubernetes rounds percentages of budgets up.
        allowed = _amount(spec["maxUnavailable"], count, math.ceil)
        return f"maxUnavailable is {spec['maxUnavailable']}" if allowed <= 0 else ""
    needed = _amount(spec.get("minAvailable", 1), count, math.ceil)
    return f"minAvailable is {spec.get('minAvailable', 1)} of {pods}" if needed >= count else ""
