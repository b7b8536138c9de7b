"""Simulate the scheduler, which places pods on nodes, and the autoscaler, which adds nodes.

The scheduler's filters are exact: resources, pods per node, taints, node selector and affinity, topology spread, pod
affinity and anti-affinity, host ports. Of the nodes that pass, the one with the lowest utilization is used, as by
`LeastAllocated`. The scheduler's queue has pods of the same priority in order of creation, which a plan does not
contain; here pods with constraints are placed first, then larger pods before smaller ones. With few free resources the
scheduler can therefore place fewer large pods, if small pods were created first.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from aiplatform.fit.cluster import Cluster, Node, fits, load
from aiplatform.fit.neighbours import Neighbours
from aiplatform.fit.nodes import Group, NodeKind
from aiplatform.fit.workloads import Level, Workload
from catalog.quantities import CPU, GPU, MEMORY


@dataclass(frozen=True)
class Outcome:
    """The result of placing the pods of a workload."""

    workload: Workload
    wanted: int
    placed: int

    @property
    def pending(self) -> int:
        """Return the number of pending pods."""
        return self.wanted - self.placed


@dataclass
class Placement:
    """A cluster with placed pods."""

    cluster: Cluster
    outcomes: list[Outcome] = field(default_factory=list)

    def pending(self) -> list[Outcome]:
        """Return the workloads with pending pods."""
        return [one for one in self.outcomes if one.pending]

    def node_counts(self) -> dict[str, int]:
        """Return the number of nodes of each group."""
        counts = {group.name: 0 for group in self.cluster.groups}
        for kind, nodes in self.cluster.of_kind.items():
            counts[kind.group.name] += len(nodes)
        return counts


def place(
    groups: Sequence[Group], workloads: Sequence[Workload], level: Level, nodes: Level, *, grow: bool = False
) -> Placement:
    """Place all workloads at a level of replicas on groups at a level of nodes; `grow` enables autoscaling of
    groups."""
    cluster = Cluster(groups, workloads)
    for group in groups:
        kinds = {kind.zone: kind for kind in cluster.kinds[group.name]}
        count: int = 0 if group.pool else getattr(group.scale, nodes)
        for zone in group.zones_of(count):
            cluster.add(kinds[zone])
    placement = Placement(cluster)
    for workload in in_queue(groups, workloads):
        placed, on = fill(cluster, workload, workload.replicas.at(level), grow=grow)
        placement.outcomes.append(Outcome(workload, workload.replicas.at(level), placed))
        if workload.ends:
            # Jobs run one after another: each needs room beside what always runs.
            for node in on:
                cluster.release(workload, node)
    placement.outcomes.extend(_everywhere(cluster, workloads))
    return placement


def in_queue(groups: Iterable[Group], workloads: Iterable[Workload]) -> list[Workload]:
    """Return the workloads with replicas, in the order in which they are placed."""
    offered = [group.offered for group in groups]
    most = {name: max((one.get(name, 0) for one in offered), default=0) or 1 for name in (CPU, MEMORY)}

    def turn(workload: Workload) -> tuple[object, ...]:
        constrained = bool(workload.spread or workload.apart or workload.together)
        size = load(workload.requests, most)
        return workload.ends, -workload.priority, not constrained, -workload.asks(GPU), -size, workload.identity

    return sorted((one for one in workloads if not one.everywhere), key=turn)


def fill(cluster: Cluster, workload: Workload, count: int, *, grow: bool) -> tuple[int, list[Node]]:
    """Place `count` pods of a workload; return the number of placed pods and their nodes.

    The pods are identical: if one does not fit, the following ones do not fit either.
    """
    neighbours = Neighbours(workload, cluster)
    on: list[Node] = []
    for _ in range(count):
        node = _best(cluster, workload, neighbours)
        if node is None and (grow or cluster.has_pools):
            node = _open(cluster, workload, neighbours, grow=grow)
            neighbours = Neighbours(workload, cluster)
        if node is None:
            break
        cluster.bind(workload, node)
        neighbours.bound(node)
        on.append(node)
    return len(on), on


def _best(cluster: Cluster, workload: Workload, neighbours: Neighbours) -> Node | None:
    allows: Callable[[Node], bool] | None = None if neighbours.free else neighbours.allows
    found: Node | None = None
    least = 0.0
    for kind in cluster.admitted(workload.where):
        if not cluster.of_kind[kind]:
            continue
        node = cluster.emptiest(workload.requests, kind, allows)
        if node is not None:
            full = node.load + load(workload.requests, kind.group.offered)
            if found is None or full < least:
                found, least = node, full
    return found


def _open(cluster: Cluster, workload: Workload, neighbours: Neighbours, *, grow: bool) -> Node | None:
    """Add a node of the group with the least waste, as the autoscaler does, in the zone with the fewest nodes."""
    counts = {name: sum(len(cluster.of_kind[kind]) for kind in kinds) for name, kinds in cluster.kinds.items()}
    candidates = [
        kind
        for kind in cluster.admitted(workload.where)
        if (grow or kind.group.pool)
        and counts[kind.group.name] < kind.group.scale.maximum
        and cluster.within_limits(kind.group)
        and welcomes(cluster, workload, kind, neighbours)
    ]
    if not candidates:
        return None
    best = min(candidates, key=lambda kind: (-load(workload.requests, kind.group.offered), len(cluster.of_kind[kind])))
    return cluster.add(best)


def welcomes(cluster: Cluster, workload: Workload, kind: NodeKind, neighbours: Neighbours) -> bool:
    """Return whether a pod fits on a new node of a kind."""
    free, full, _, _ = cluster.fresh(kind)
    return fits(free, workload.requests) and neighbours.allows(Node(-1, kind, free, full))


def _everywhere(cluster: Cluster, workloads: Sequence[Workload]) -> list[Outcome]:
    wanted: dict[str, int] = {}
    placed: dict[str, int] = {}
    for kind, nodes in cluster.of_kind.items():
        _, _, carried, refused = cluster.fresh(kind)
        for one in (*carried, *refused):
            wanted[one.identity] = wanted.get(one.identity, 0) + len(nodes)
        for one in carried:
            placed[one.identity] = placed.get(one.identity, 0) + len(nodes)
    return [
        Outcome(one, wanted.get(one.identity, 0), placed.get(one.identity, 0)) for one in workloads if one.everywhere
    ]
