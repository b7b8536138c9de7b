"""Check whether all pods of a plan fit on its nodes."""

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

UNADVISED = "decrease the requests, or add nodes that its pods can use and that are large enough"
"""The fix if no single change helps, for example with limits of a NodePool."""


@dataclass(frozen=True)
class GroupFit:
    """A node group at one level. CPU in millicores, memory and disk in bytes, other resources as counts."""

    name: str
    nodes: int
    node_offers: Mapping[str, int]
    """Allocatable resources of a node."""

    requested: Mapping[str, int]
    """Requests of the pods on its nodes, DaemonSets included."""

    free: Mapping[str, int]
    """Free resources of all its nodes together."""

    pods: int


@dataclass(frozen=True)
class WorkloadFit:
    """A workload at one level."""

    workload: Workload
    wanted: int
    placed: int
    reason: Reason | None
    """Why the other pods are pending; None if none are."""

    @property
    def pending(self) -> int:
        """Return the number of pending pods."""
        return self.wanted - self.placed


@dataclass(frozen=True)
class LevelFit:
    """The pods of a level on the nodes of the same level, before autoscaling."""

    groups: tuple[GroupFit, ...]
    workloads: tuple[WorkloadFit, ...]
    nodes_needed: Mapping[str, int]
    """Nodes of each group after autoscaling from the minimum."""

    def pending(self) -> tuple[WorkloadFit, ...]:
        """Return the workloads with pending pods."""
        return tuple(one for one in self.workloads if one.pending)


@dataclass(frozen=True)
class Fit:
    """The result for a plan."""

    levels: Mapping[Level, LevelFit]
    findings: tuple[Finding, ...]
    quotas: tuple[Finding, ...] = ()
    """An info for each quota: its share of the maximum capacity of nodes."""

    unknown: tuple[Finding, ...] = ()
    """Findings about resources with unknown pods, which are not placed: requests and nodes are a minimum."""


def fit(plan: Plan, settings: Settings) -> Fit:
    """Place the pods of a plan at minimum, expected and maximum nodes and replicas.

    The result depends only on the arguments.
    """
    sourced = objects(plan)
    zones = tuple(sorted({subnet.zone for subnet in settings.network.tiers().private}))
    found = fit_objects(sourced, [*groups(settings), *pools(sourced, zones)])
    missing = in_order(unknown(plan))
    return replace(found, findings=in_order([*missing, *found.findings]), unknown=missing)


def fit_objects(sourced: Sequence[Sourced], on: Sequence[Group]) -> Fit:
    """Place the pods of Kubernetes objects on node groups, at every level."""
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
    waits = f"{count} stay{'' if one.wanted > 1 else 's'} pending with all node groups at their maximum"
    fix = advice[workload.identity].text if workload.identity in advice else UNADVISED
    if severity == "error":
        return Finding("fit-pending", severity, workload.urn, f"{workload.identity}: {waits}: {why.text}", fix)
    fits = one.placed
    message = (
        f"{workload.identity}: its autoscaler has a maximum of {one.wanted} replicas, but only {fits} fit with all "
        f"node groups at their maximum: {why.text}"
    )
    return Finding("fit-autoscaling", severity, workload.urn, message, fix)


def _waits(level: Level, waiting: Sequence[WorkloadFit]) -> Iterator[Finding]:
    """Yield one finding for each group, which summarizes the workloads that wait for its nodes."""
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
            f"{first.workload.identity}{others}: {pods} pods are pending until autoscaling adds nodes ({level} "
            f"nodes){why}",
            f"increase nodeGroups.{group}.scaling.{_START[level]} to start them immediately",
        )


_STARTING: tuple[Level, ...] = ("minimum", "expected")
_START = {"minimum": "min", "expected": "desired"}
