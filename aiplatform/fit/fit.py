"""Whether everything that a plan runs finds a place on the nodes that it brings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aiplatform.finding import Finding, Severity, in_order
from aiplatform.fit.advice import Advice, advise
from aiplatform.fit.karpenter import pools
from aiplatform.fit.nodes import Group, groups
from aiplatform.fit.placement import Outcome, Placement, place
from aiplatform.fit.pods import Sourced, objects, workloads
from aiplatform.fit.quotas import promised, quota_findings
from aiplatform.fit.reasons import Reason, reason
from aiplatform.fit.unknown import unknown
from aiplatform.fit.volume_findings import volume_findings
from aiplatform.fit.workloads import LEVELS, Level, Workload
from aiplatform.preview.plan import Plan
from catalog.quantities import PODS
from config.settings import Settings

UNADVISED = "ask for less, or bring nodes that its pods may use and that are large enough"
"""Where no change that is known helps by itself: limits of a NodePool, say."""


@dataclass(frozen=True)
class GroupFit:
    """A node group at one level. CPU in thousandths of a core, memory and disk in bytes, all else in pieces."""

    name: str
    nodes: int
    node_offers: Mapping[str, int]
    """What one node can allocate."""

    requested: Mapping[str, int]
    """What the pods on its nodes ask for, those of daemon sets included."""

    free: Mapping[str, int]
    """What is left on all its nodes together."""

    pods: int


@dataclass(frozen=True)
class WorkloadFit:
    """A workload at one level."""

    workload: Workload
    wanted: int
    placed: int
    reason: Reason | None
    """Why the others wait."""

    @property
    def pending(self) -> int:
        """The pods that wait."""
        return self.wanted - self.placed


@dataclass(frozen=True)
class LevelFit:
    """The pods of a level on the nodes of the same level, before the autoscaler does anything."""

    groups: tuple[GroupFit, ...]
    workloads: tuple[WorkloadFit, ...]
    nodes_needed: Mapping[str, int]
    """The nodes of each group that the autoscaler would end with, from the fewest on."""

    def pending(self) -> tuple[WorkloadFit, ...]:
        """The workloads of which pods wait."""
        return tuple(one for one in self.workloads if one.pending)


@dataclass(frozen=True)
class Fit:
    """The answer for a plan."""

    levels: Mapping[Level, LevelFit]
    findings: tuple[Finding, ...]
    quotas: tuple[Finding, ...] = ()
    """What each quota allows of what the nodes can grow to."""

    unknown: tuple[Finding, ...] = ()
    """What runs pods that are not placed, because they are not known: requests and nodes are a minimum."""


def fit(plan: Plan, settings: Settings) -> Fit:
    """Where the pods of a plan would go, at the fewest, the first and the most nodes and replicas.

    A pure function: the same plan gives the same answer.
    """
    sourced = objects(plan)
    zones = tuple(sorted({subnet.zone for subnet in settings.network.tiers().private}))
    found = fit_objects(sourced, [*groups(settings), *pools(sourced, zones)])
    missing = in_order(unknown(plan))
    return replace(found, findings=in_order([*missing, *found.findings]), unknown=missing)


def fit_objects(sourced: Sequence[Sourced], on: Sequence[Group]) -> Fit:
    """The same for Kubernetes objects on node groups."""
    pods = workloads(sourced)
    placed = {level: place(on, pods, level, level) for level in LEVELS}
    grown: dict[tuple[int, ...], Placement] = {}
    for level in LEVELS:
        counts = _replicas(pods, level)
        if counts not in grown:
            grown[counts] = place(on, pods, level, "minimum", grow=True)
    levels = {level: _level(placed[level], grown[_replicas(pods, level)]) for level in LEVELS}
    always = place(on, pods, "expected", "maximum") if placed["maximum"].pending() else placed["maximum"]
    found = [
        *_pending(levels, placed["maximum"], always, advise(on, pods, placed["maximum"], always)),
        *quota_findings(sourced, pods, on),
        *volume_findings(sourced, pods, on),
    ]
    return Fit(levels, in_order(found), promised(sourced, on))


def _replicas(pods: Sequence[Workload], level: Level) -> tuple[int, ...]:
    return tuple(one.replicas.at(level) for one in pods)


def _level(placement: Placement, grown: Placement) -> LevelFit:
    found = [
        WorkloadFit(
            one.workload, one.wanted, one.placed, reason(one.workload, placement.cluster) if one.pending else None
        )
        for one in placement.outcomes
    ]
    found.sort(key=lambda one: one.workload.identity)
    return LevelFit(tuple(_groups(placement)), tuple(found), grown.node_counts())


def _groups(placement: Placement) -> Iterator[GroupFit]:
    cluster = placement.cluster
    for group in cluster.groups:
        if group.pool and not any(cluster.of_kind[kind] for kind in cluster.kinds[group.name]):
            continue
        nodes = [node for kind in cluster.kinds[group.name] for node in cluster.of_kind[kind]]
        free = {name: sum(node.free.get(name, 0) for node in nodes) for name in group.offered}
        requested = {name: offers * len(nodes) - free[name] for name, offers in group.offered.items() if name != PODS}
        yield GroupFit(group.name, len(nodes), group.offered, requested, free, sum(node.pods for node in nodes))


def _pending(
    levels: Mapping[Level, LevelFit], most: Placement, always: Placement, advice: Mapping[str, Advice]
) -> Iterator[Finding]:
    reported = set()
    for one in always.pending():
        reported.add(one.workload.identity)
        yield _finding("error", one, reason(one.workload, always.cluster), advice)
    for one in most.pending():
        if one.workload.identity not in reported:
            reported.add(one.workload.identity)
            yield _finding("warning", one, reason(one.workload, most.cluster), advice)
    for level in _STARTING:
        waiting = [one for one in levels[level].pending() if one.workload.identity not in reported]
        reported.update(one.workload.identity for one in waiting)
        yield from _waits(level, waiting)


def _finding(severity: Severity, one: Outcome, why: Reason, advice: Mapping[str, Advice]) -> Finding:
    workload = one.workload
    count = f"{one.pending} of {one.wanted} pods" if one.wanted > 1 else "its pod"
    waits = f"{count} stay{'' if one.wanted > 1 else 's'} pending with every node group at its maximum"
    fix = advice[workload.identity].text if workload.identity in advice else UNADVISED
    if severity == "error":
        return Finding("fit-pending", severity, workload.urn, f"{workload.identity}: {waits}: {why.text}", fix)
    fits = one.placed
    message = (
        f"{workload.identity}: its autoscaler goes to {one.wanted} replicas, and the node groups at their maximum have "
        f"room for {fits}: {why.text}"
    )
    return Finding("fit-autoscaling", severity, workload.urn, message, fix)


def _waits(level: Level, waiting: Sequence[WorkloadFit]) -> Iterator[Finding]:
    """One line a group: a thousand tenants that wait for its nodes are one thing to know."""
    by_group: dict[str, list[WorkloadFit]] = {}
    for one in waiting:
        by_group.setdefault(one.reason.group if one.reason else "", []).append(one)
    for group, all_of_it in by_group.items():
        first, pods = all_of_it[0], sum(one.pending for one in all_of_it)
        others = f" and {len(all_of_it) - 1} more" if len(all_of_it) > 1 else ""
        why = f": {first.reason.text}" if first.reason else ""
        yield Finding(
            "fit-waits",
            "info",
            first.workload.urn,
            f"{first.workload.identity}{others}: {pods} pods wait for the autoscaler at the {level} nodes{why}",
            f"raise nodeGroups.{group}.scaling.{_START[level]} if they should start at once",
        )


_STARTING: tuple[Level, ...] = ("minimum", "expected")
_START = {"minimum": "min", "expected": "desired"}
