"""A simulated cluster: its nodes, their free resources, and the pods on them."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from aiplatform.fit.nodes import Group, NodeKind
from aiplatform.fit.requests import PORT
from aiplatform.fit.selectors import Where
from aiplatform.fit.workloads import Selection, Workload
from catalog.capacity import whole
from catalog.quantities import CPU, MEMORY, PODS

Requests = tuple[tuple[str, int], ...]
Offered = dict[str, int]


class Node:
    """A node and its free resources."""

    __slots__ = ("free", "index", "kind", "load", "pods")

    def __init__(self, index: int, kind: NodeKind, free: Offered, load: float) -> None:
        self.index = index
        self.kind = kind
        self.free = free
        self.load = load
        """Utilization of CPU and memory together: the scheduler prefers the node with the lowest one."""
        self.pods = 0


def lacking(free: Mapping[str, int], requests: Requests) -> list[str]:
    """Return the resources that are insufficient for a pod."""
    short = [PODS] if free[PODS] < 1 else []
    return short + [name for name, asked in requests if _left(free, name) < asked]


def fits(free: Mapping[str, int], requests: Requests) -> bool:
    """Return whether a pod fits."""
    if free[PODS] < 1:
        return False
    for name, asked in requests:  # noqa: SIM110, a generator would double the time of a placement
        if free.get(name, 0) < asked and _left(free, name) < asked:
            return False
    return True


def _left(free: Mapping[str, int], name: str) -> int:
    return free.get(name, 1 if name.startswith(PORT) else 0)


def take(free: Offered, requests: Requests, count: int = 1) -> None:
    """Subtract the requests of pods from free resources; a negative count adds them back."""
    free[PODS] -= count
    for name, asked in requests:
        free[name] = _left(free, name) - asked * count


def load(requests: Requests, offered: Mapping[str, int]) -> float:
    """Return the utilization that a pod adds to a node."""
    full = 0.0
    for name, asked in requests:
        if name in (CPU, MEMORY) and offered[name]:
            full += asked / offered[name]
    return full


class Cluster:
    """Nodes and the pods on them. Free resources only decrease, so that a node that rejected a pod is not tried
    again."""

    def __init__(self, groups: Sequence[Group], workloads: Sequence[Workload]) -> None:
        self.groups = groups
        self.kinds: dict[str, tuple[NodeKind, ...]] = {group.name: group.kinds() for group in groups}
        self.has_pools = any(group.pool for group in groups)
        self._used: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.nodes: list[Node] = []
        self.of_kind: dict[NodeKind, list[Node]] = {kind: [] for kinds in self.kinds.values() for kind in kinds}
        self.counts: dict[Selection, dict[Node, int]] = defaultdict(dict)
        """Number of pods on each node that a constraint selects."""
        self.guards: dict[Selection, dict[str, dict[Node, int]]] = defaultdict(dict)
        """Nodes with pods that have an anti-affinity against the selected pods, by topology key."""
        self._admitted: dict[Where, list[NodeKind]] = {}
        self._heaps: dict[NodeKind, dict[Requests, list[tuple[float, int]]]] = defaultdict(dict)
        self._selections = _Selections(workloads)
        self._everywhere = sorted((one for one in workloads if one.everywhere), key=lambda one: -one.priority)
        self._fresh: dict[NodeKind, tuple[Offered, float, list[Workload], list[Workload]]] = {}

    def add(self, kind: NodeKind) -> Node:
        """Add a node with its DaemonSet pods, and return it."""
        free, full, carried, _ = self.fresh(kind)
        node = Node(len(self.nodes), kind, dict(free), full)
        self.nodes.append(node)
        self.of_kind[kind].append(node)
        node.pods = len(carried)
        if kind.group.pool:
            for name, amount in whole(kind.group.instance_types[0]).items():
                self._used[kind.group.pool][name] += amount
        for workload in carried:
            self._count(workload, node, 1)
        for heap in self._heaps[kind].values():
            heapq.heappush(heap, (node.load, node.index))
        return node

    def within_limits(self, group: Group) -> bool:
        """Return whether the limits of a group's NodePool allow one more node."""
        if not group.pool_limits:
            return True
        machine, used = whole(group.instance_types[0]), self._used[group.pool]
        return all(used[name] + machine[name] <= limit for name, limit in group.pool_limits.items())

    def fresh(self, kind: NodeKind) -> tuple[Offered, float, list[Workload], list[Workload]]:
        """Return free resources and utilization of a new node, and the DaemonSets that fit and do not fit on it."""
        if kind not in self._fresh:
            free, full = dict(kind.group.offered), 0.0
            carried: list[Workload] = []
            refused: list[Workload] = []
            for one in self._everywhere:
                if not admits(one.where, kind):
                    continue
                if fits(free, one.requests):
                    take(free, one.requests)
                    full += load(one.requests, kind.group.offered)
                    carried.append(one)
                else:
                    refused.append(one)
            self._fresh[kind] = (free, full, carried, refused)
        return self._fresh[kind]

    def admitted(self, where: Where) -> list[NodeKind]:
        """Return the kinds of nodes on which a pod can run, whether such nodes exist or not."""
        if where not in self._admitted:
            self._admitted[where] = [kind for kinds in self.kinds.values() for kind in kinds if admits(where, kind)]
        return self._admitted[where]

    def bind(self, workload: Workload, node: Node) -> None:
        """Place a pod on a node."""
        take(node.free, workload.requests)
        node.load += load(workload.requests, node.kind.group.offered)
        node.pods += 1
        self._count(workload, node, 1)

    def release(self, workload: Workload, node: Node) -> None:
        """Remove a completed pod from its node."""
        take(node.free, workload.requests, -1)
        node.load -= load(workload.requests, node.kind.group.offered)
        node.pods -= 1
        self._count(workload, node, -1)
        for heap in self._heaps[node.kind].values():
            heapq.heappush(heap, (node.load, node.index))

    def guards_of(self, workload: Workload) -> Iterable[tuple[str, dict[Node, int]]]:
        """Yield nodes whose pods have an anti-affinity against this workload, with the topology key."""
        for selection in self._selections.holding(workload):
            yield from self.guards.get(selection, {}).items()

    def emptiest(self, requests: Requests, kind: NodeKind, allows: Callable[[Node], bool] | None) -> Node | None:
        """Return the node of a kind with the lowest utilization on which a pod fits; None if there is none."""
        heaps = self._heaps[kind]
        if requests not in heaps:
            heaps[requests] = [(node.load, node.index) for node in self.of_kind[kind]]
            heapq.heapify(heaps[requests])
        heap, passed = heaps[requests], []
        found = None
        while heap:
            full, index = heap[0]
            node = self.nodes[index]
            if not fits(node.free, requests):
                heapq.heappop(heap)
            elif node.load != full:
                heapq.heapreplace(heap, (node.load, index))
            elif allows is not None and not allows(node):
                passed.append(heapq.heappop(heap))
            else:
                found = node
                break
        for entry in passed:
            heapq.heappush(heap, entry)
        return found

    def _count(self, workload: Workload, node: Node, change: int) -> None:
        for selection in self._selections.holding(workload):
            nodes = self.counts[selection]
            nodes[node] = nodes.get(node, 0) + change
        for term in workload.apart:
            guarded = self.guards[term.selection].setdefault(term.topology_key, {})
            guarded[node] = guarded.get(node, 0) + change


def admits(where: Where, kind: NodeKind) -> bool:
    """Return whether a pod can run on nodes of a kind, other pods and free resources ignored."""
    if where.zones is not None and kind.zone not in where.zones:
        return False
    return where.untolerated(kind.group.taints) is None and where.likes(kind.labels)


class _Selections:
    """The selections of constraints by namespace, because nearly all constraints select pods of one namespace."""

    def __init__(self, workloads: Sequence[Workload]) -> None:
        self._of: dict[str, dict[Selection, None]] = defaultdict(dict)
        self._anywhere: dict[Selection, None] = {}
        self._held: dict[str, tuple[Selection, ...]] = {}
        for workload in workloads:
            for spread in workload.spread:
                self._register(spread.selection)
            for term in (*workload.apart, *workload.together):
                self._register(term.selection)

    def _register(self, selection: Selection) -> None:
        if selection.namespaces is None:
            self._anywhere[selection] = None
        for namespace in selection.namespaces or ():
            self._of[namespace][selection] = None

    def holding(self, workload: Workload) -> tuple[Selection, ...]:
        """Return the selections that include a workload's pods."""
        if workload.identity not in self._held:
            candidates = (*self._of.get(workload.namespace, ()), *self._anywhere)
            self._held[workload.identity] = tuple(one for one in candidates if one.holds(workload))
        return self._held[workload.identity]
