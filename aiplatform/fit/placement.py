"""Puts pods on nodes as the scheduler would, and adds nodes as the autoscaler would.

The scheduler's filters are followed exactly: resources, pods per node, taints, node selector and affinity, topology
spread, pod affinity and anti-affinity, host ports. Among the nodes that pass it takes the emptiest one, like
`LeastAllocated`. Its queue holds pods of one priority in the order in which they were made, which no plan tells; here
the pods with constraints come first, then the larger ones before the smaller ones. So where little is free, the real
scheduler may place fewer of the large pods than are placed here, when small ones came first and took parts of nodes.
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
    """What became of the pods of a workload."""

    workload: Workload
    wanted: int
    placed: int

    @property
    def pending(self) -> int:
        """The pods that wait."""
        return self.wanted - self.placed


@dataclass
class Placement:
    """A cluster with its pods on it."""

    cluster: Cluster
    outcomes: list[Outcome] = field(default_factory=list)

    def pending(self) -> list[Outcome]:
        """The workloads of which pods wait."""
        return [one for one in self.outcomes if one.pending]

    def node_counts(self) -> dict[str, int]:
        """The nodes of each group."""
        counts = {group.name: 0 for group in self.cluster.groups}
        for kind, nodes in self.cluster.of_kind.items():
            counts[kind.group.name] += len(nodes)
        return counts


def place(
    groups: Sequence[Group], workloads: Sequence[Workload], level: Level, nodes: Level, *, grow: bool = False
) -> Placement:
    """Every workload at a level of replicas on groups at a level of nodes; with `grow` these grow to their maximum."""
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
    """The workloads that have replicas, in the order in which they get their places."""
    offered = [group.offered for group in groups]
    most = {name: max((one.get(name, 0) for one in offered), default=0) or 1 for name in (CPU, MEMORY)}

    def turn(workload: Workload) -> tuple[object, ...]:
        constrained = bool(workload.spread or workload.apart or workload.together)
        size = load(workload.requests, most)
        return workload.ends, -workload.priority, not constrained, -workload.asks(GPU), -size, workload.identity

    return sorted((one for one in workloads if not one.everywhere), key=turn)


def fill(cluster: Cluster, workload: Workload, count: int, *, grow: bool) -> tuple[int, list[Node]]:
    """Places for some pods of a workload: how many got one, and where. They are alike: after one that waits, all do."""
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
    """A new node of the group that the pod fills best (the autoscaler's `least-waste`), in the zone with the fewest."""
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
    """Whether a pod would fit a new node of a kind."""
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
