"""Why pods wait: what the scheduler would say, and one sentence with figures."""

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
    """Why a workload's next pod has no node."""

    kind: Filter
    """The filter that refuses it where it gets furthest."""

    group: str
    """The group where it gets furthest; empty where there is none."""

    text: str
    """A clause with figures: `asks for 4 CPU; ...`."""

    resource: str = ""
    """What is too little, for `resource`."""

    alone: bool = False
    """Whether not even a node with nothing but its daemon sets would do."""

    hurdles: int = 0
    """How many filters refuse it on an empty node of the group."""

    scheduler: tuple[str, ...] = ()
    """What the scheduler says, of the most nodes first: `Insufficient cpu`."""


_DISTANCE: tuple[Filter, ...] = ("neighbours", "resource", "volume", "taint", "affinity")
"""Among groups with as many hurdles the one where fewest has to change."""

NOT_OFFERED = 2
"""Hurdles that a resource is which the nodes lack altogether: no change of size brings a GPU."""

_SAID = {
    "topology spread": "node(s) didn't match pod topology spread constraints",
    "pod affinity": "node(s) didn't match pod affinity rules",
    "pod anti-affinity": "node(s) didn't match pod anti-affinity rules",
    "existing pods anti-affinity": "node(s) didn't satisfy existing pods anti-affinity rules",
}


def reason(workload: Workload, cluster: Cluster) -> Reason:
    """Why one more pod of a workload has no place in a cluster as it is now."""
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
        return Reason("nodes", "", "there is no node group", scheduler=scheduler)
    best = min(found, key=lambda one: (one.hurdles, _DISTANCE.index(one.kind)))
    return replace(best, scheduler=scheduler)


def _refusals(workload: Workload, kind: NodeKind, free: Offered, refusal: str | None) -> Iterator[str]:
    """What the scheduler says of a node: the first filter that refuses it, with each resource of which it is short."""
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
    """Why not this group: what refuses the pod on every node of it, or else what its nodes are short of now."""
    found = list(_of_empty_group(workload, kinds, cluster))
    if not found:
        return _of_nodes(workload, kinds, cluster, neighbours)
    hurdles = sum(NOT_OFFERED if one.resource and not kinds[0].group.offered.get(one.resource) else 1 for one in found)
    return replace(found[0], hurdles=hurdles)


def _of_empty_group(workload: Workload, kinds: tuple[NodeKind, ...], cluster: Cluster) -> Iterator[Reason]:
    """What refuses a pod on nodes that carry nothing but daemon sets, in the order of the scheduler."""
    group = kinds[0].group
    taint = workload.where.untolerated(group.taints)
    if taint is not None:
        text = f"does not tolerate the taint {taint.key} of group {group.name}"
        yield Reason("taint", group.name, text, alone=True)
    if not any(workload.where.likes(kind.labels) for kind in kinds):
        text = f"asks for nodes with {wishes(workload)}, which group {group.name} does not have"
        yield Reason("affinity", group.name, text, alone=True)
    free, _, _, _ = cluster.fresh(kinds[0])
    for short in lacking(free, workload.requests):
        yield Reason("resource", group.name, _too_large(workload, group, free, short), short, alone=True)
    zones = workload.where.zones
    if zones is not None and not any(kind.zone in zones for kind in kinds):
        text = f"uses a volume of zone {' or '.join(sorted(zones))}, where group {group.name} has no node"
        yield Reason("volume", group.name, text, alone=True)


def _of_nodes(workload: Workload, kinds: tuple[NodeKind, ...], cluster: Cluster, neighbours: Neighbours) -> Reason:
    group = kinds[0].group
    liked = [kind for kind in kinds if admits(workload.where, kind)]
    nodes = [node for kind in liked for node in cluster.of_kind[kind]]
    if not nodes:
        why = (
            f"NodePool {group.pool} may not have that many nodes"
            if group.pool
            else f"group {group.name} has no node yet"
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
    count = f"{len(nodes)} node{'' if len(nodes) == 1 else 's'}"
    return Reason(
        "resource",
        group.name,
        f"{_asks(workload, name)}; of the {count} of group {group.name} none has more than {shown(name, most)} left",
        name,
    )


def _asks(workload: Workload, resource: str) -> str:
    return (
        "needs a place for one more pod" if resource == PODS else f"asks for {shown(resource, workload.asks(resource))}"
    )


def _too_large(workload: Workload, group: Group, free: Offered, resource: str) -> str:
    whole, left = group.offered.get(resource, 0), free.get(resource, 0)
    beside = f", {shown(resource, left)} of it beside daemon sets" if left != whole else ""
    return f"{_asks(workload, resource)}; a node of group {group.name} offers {shown(resource, whole)}{beside}"


def _kept_off(workload: Workload, group: Group, filter_name: str, nodes: int) -> str:
    if filter_name == "topology spread":
        keys = " and ".join(dict.fromkeys(one.topology_key for one in workload.spread))
        place = f"the nodes of group {group.name} that have room are not where the next pod may go"
        return f"has to spread over {keys}, and {place}"
    return f"{filter_name} keeps it off the {nodes} node{'' if nodes == 1 else 's'} of group {group.name}"


def wishes(workload: Workload) -> str:
    """The labels that a pod asks for, as people write them."""
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
    return Reason("nodes", "", "there is no node for it")
