"""Why pods are pending: the scheduler's message, and one sentence with figures."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from aiplatform.fit.cluster import Cluster, Offered, admits, lacking
from aiplatform.fit.neighbours import Neighbours
from aiplatform.fit.nodes import GROUP_LABEL, Group, NodeKind
from aiplatform.fit.requests import PORT
from aiplatform.fit.workloads import Workload
from catalog.quantities import PODS, shown

Filter = Literal["taint", "affinity", "resource", "volume", "neighbours", "nodes"]


@dataclass(frozen=True)
class Reason:
    """Why no node fits the next pod of a workload."""

    kind: Filter
    """The filter that rejects the pod on the closest group."""

    group: str
    """The closest group: the one with the fewest rejecting filters; empty if there is no group."""

    text: str
    """A clause with figures: `requests 4 CPU; ...`."""

    resource: str = ""
    """The insufficient resource, if the filter is `resource`."""

    alone: bool = False
    """Whether a node with only DaemonSet pods would be rejected, too."""

    hurdles: int = 0
    """Number of filters that reject the pod on an empty node of the group."""

    scheduler: tuple[str, ...] = ()
    """Messages of the scheduler, most frequent first: `Insufficient cpu`."""


_DISTANCE: tuple[Filter, ...] = ("neighbours", "resource", "volume", "taint", "affinity")
"""Order of filters among groups with the same number of hurdles: the smallest change first."""

NOT_OFFERED = 2
"""Hurdles of a resource that the nodes do not have at all, such as GPUs."""

_SAID = {
    "topology spread": "node(s) didn't match pod topology spread constraints",
    "pod affinity": "node(s) didn't match pod affinity rules",
    "pod anti-affinity": "node(s) didn't match pod anti-affinity rules",
    "existing pods anti-affinity": "node(s) didn't satisfy existing pods anti-affinity rules",
}


def reason(workload: Workload, cluster: Cluster) -> Reason:
    """Return why one more pod of a workload does not fit in a cluster."""
    if workload.everywhere:
        return _daemon_reason(workload, cluster)
    neighbours = Neighbours(workload, cluster)
    said: Counter[str] = Counter()
    for nodes in cluster.of_kind.values():
        for node in nodes:
            said.update(_refusals(workload, node.kind, node.free, neighbours.refusal(node)))
    scheduler = tuple(text for text, _ in said.most_common())
    found = [
        one
        for kinds in cluster.kinds.values()
        if kinds and (one := _of_group(workload, kinds, cluster, neighbours)) is not None
    ]
    if not found:
        return Reason("nodes", "", "there are no node groups", scheduler=scheduler)
    best = min(found, key=lambda one: (one.hurdles, _DISTANCE.index(one.kind)))
    return replace(best, scheduler=scheduler)


def _refusals(workload: Workload, kind: NodeKind, free: Offered, refusal: str | None) -> Iterator[str]:
    """Yield the scheduler's messages for a node: the first rejecting filter, or each insufficient resource."""
    taint = workload.where.untolerated(kind.group.taints)
    if taint is not None:
        yield f"node(s) had untolerated taint {{{taint.key}: {taint.value}}}"
    elif not workload.where.likes(kind.labels):
        yield "node(s) didn't match Pod's node affinity/selector"
    elif short := lacking(free, workload.requests):
        for name in short:
            yield _short_text(name)
    elif workload.where.zones is not None and kind.zone not in workload.where.zones:
        yield "node(s) didn't match PersistentVolume's node affinity"
    elif refusal is not None:
        yield _SAID[refusal]


def _short_text(resource: str) -> str:
    if resource == PODS:
        return "Too many pods"
    return (
        "node(s) didn't have free ports for the requested pod ports"
        if resource.startswith(PORT)
        else (f"Insufficient {resource}")
    )


def _of_group(
    workload: Workload, kinds: tuple[NodeKind, ...], cluster: Cluster, neighbours: Neighbours
) -> Reason | None:
    """Return why a group does not fit: a filter that rejects every node, or else a resource that is used up."""
    found = list(_of_empty_group(workload, kinds, cluster))
    if not found:
        return _of_nodes(workload, kinds, cluster, neighbours)
    hurdles = sum(NOT_OFFERED if one.resource and not kinds[0].group.offered.get(one.resource) else 1 for one in found)
    return replace(found[0], hurdles=hurdles)


def _of_empty_group(workload: Workload, kinds: tuple[NodeKind, ...], cluster: Cluster) -> Iterator[Reason]:
    """Yield the filters that reject a pod on nodes with only DaemonSet pods, in the scheduler's order."""
    group = kinds[0].group
    taint = workload.where.untolerated(group.taints)
    if taint is not None:
        text = f"does not tolerate the taint {taint.key} of group {group.name}"
        yield Reason("taint", group.name, text, alone=True)
    if not any(workload.where.likes(kind.labels) for kind in kinds):
        text = f"no node of group {group.name} matches its nodeSelector ({wishes(workload)})"
        yield Reason("affinity", group.name, text, alone=True)
    free, _, _, _ = cluster.fresh(kinds[0])
    for short in lacking(free, workload.requests):
        yield Reason("resource", group.name, _too_large(workload, group, free, short), short, alone=True)
    zones = workload.where.zones
    if zones is not None and not any(kind.zone in zones for kind in kinds):
        text = f"uses a volume in zone {' or '.join(sorted(zones))}, where group {group.name} has no nodes"
        yield Reason("volume", group.name, text, alone=True)


def _of_nodes(workload: Workload, kinds: tuple[NodeKind, ...], cluster: Cluster, neighbours: Neighbours) -> Reason:
    group = kinds[0].group
    liked = [kind for kind in kinds if admits(workload.where, kind)]
    nodes = [node for kind in liked for node in cluster.of_kind[kind]]
    if not nodes:
        why = (
            f"the limits of NodePool {group.pool} allow no more nodes"
            if group.pool
            else f"group {group.name} has no nodes"
        )
        return Reason("resource", group.name, why, "nodes")
    refusals = Counter(
        kept for node in nodes if not lacking(node.free, workload.requests) and (kept := neighbours.refusal(node))
    )
    if refusals:
        return Reason("neighbours", group.name, _kept_off(workload, group, refusals.most_common(1)[0][0], len(nodes)))
    resources = Counter(name for node in nodes for name in lacking(node.free, workload.requests))
    name = resources.most_common(1)[0][0] if resources else PODS
    most = max(node.free.get(name, 0) for node in nodes)
    count, verb = (f"{len(nodes)} nodes", "have") if len(nodes) > 1 else ("node", "has")
    return Reason(
        "resource",
        group.name,
        f"{_asks(workload, name)}; the {count} of group {group.name} {verb} at most {shown(name, most)} free",
        name,
    )


def _asks(workload: Workload, resource: str) -> str:
    return "needs a free pod slot" if resource == PODS else f"requests {shown(resource, workload.asks(resource))}"


def _too_large(workload: Workload, group: Group, free: Offered, resource: str) -> str:
    whole, left = group.offered.get(resource, 0), free.get(resource, 0)
    beside = f", of which {shown(resource, left)} are not used by DaemonSets" if left != whole else ""
    return f"{_asks(workload, resource)}; a node of group {group.name} has {shown(resource, whole)}{beside}"


def _kept_off(workload: Workload, group: Group, filter_name: str, nodes: int) -> str:
    if filter_name == "topology spread":
        keys = " and ".join(dict.fromkeys(one.topology_key for one in workload.spread))
        place = f"nodes of group {group.name} with free resources are in other domains than the next pod requires"
        return f"has a topology spread over {keys}, but {place}"
    return f"{filter_name} rejects the {nodes} node{'' if nodes == 1 else 's'} of group {group.name}"


def wishes(workload: Workload) -> str:
    """Format the node labels that a pod requires."""
    where = workload.where
    lines = [*where.selector, *(line for term in where.affinity or () for line in term)]
    texts = [f"{one.key} {one.operator} {', '.join(one.values)}".strip().replace(" In ", "=") for one in lines]
    return " and ".join(dict.fromkeys(texts)) or f"no {GROUP_LABEL}"


def _daemon_reason(workload: Workload, cluster: Cluster) -> Reason:
    for kind in cluster.of_kind:
        free, _, _, refused = cluster.fresh(kind)
        if workload in refused:
            short = lacking(free, workload.requests)[0]
            text = _too_large(workload, kind.group, free, short)
            return Reason("resource", kind.group.name, text, short, alone=True, scheduler=(_short_text(short),))
    return Reason("nodes", "", "no node matches its nodeSelector and tolerations")
