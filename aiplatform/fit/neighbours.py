"""Constraints by pods that are already placed: topology spread, pod affinity and anti-affinity."""

from collections.abc import Callable, Hashable, Iterable

from aiplatform.fit.cluster import Cluster, Node
from aiplatform.fit.nodes import HOSTNAME_LABEL, NodeKind
from aiplatform.fit.selectors import Where
from aiplatform.fit.workloads import Spread, Term, Workload

Domain = Hashable
NO_DOMAIN = None


def domain(key: str, node: Node) -> Domain:
    """Return the topology domain of a node; for the hostname key, each node is its own domain."""
    return node if key == HOSTNAME_LABEL else node.kind.labels.get(key)


def has_domain(key: str, kind: NodeKind) -> bool:
    """Return whether nodes of a kind have the label of a topology key."""
    return key == HOSTNAME_LABEL or key in kind.labels


class Neighbours:
    """The constraints of a workload's pods, updated as the pods are placed."""

    def __init__(self, workload: Workload, cluster: Cluster) -> None:
        self._spreads = [_Spread(one, workload, cluster) for one in workload.spread]
        self._apart = [_Apart(one, workload, cluster) for one in workload.apart]
        guards = [_Guard(key, nodes) for key, nodes in cluster.guards_of(workload)]
        self._together = _Together(workload, cluster) if workload.together else None
        self._by_filter: list[tuple[str, Callable[[Node], bool]]] = [
            *(("existing pods anti-affinity", one.allows) for one in guards),
            *(("pod anti-affinity", one.allows) for one in self._apart),
            *(("pod affinity", one.allows) for one in ([self._together] if self._together else ())),
            *(("topology spread", one.allows) for one in self._spreads),
        ]
        self.free = not self._by_filter
        """Whether there are no constraints by other pods."""

    def allows(self, node: Node) -> bool:
        """Return whether a pod can be placed on a node."""
        for _, check in self._by_filter:  # noqa: SIM110, a generator would double the time of a placement
            if not check(node):
                return False
        return True

    def refusal(self, node: Node) -> str | None:
        """Return the constraint that rejects a node, in the scheduler's order; None if none does."""
        return next((name for name, check in reversed(self._by_filter) if not check(node)), None)

    def bound(self, node: Node) -> None:
        """Record that a pod of the workload was placed on a node."""
        for one in (*self._spreads, *self._apart, *([self._together] if self._together else ())):
            one.bound(node)


def eligible(spread: Spread, where: Where, kind: NodeKind, keys: Iterable[str]) -> bool:
    """Return whether nodes of a kind count for a topology spread constraint."""
    if not all(has_domain(key, kind) for key in keys):
        return False
    if spread.honors_affinity and not where.likes(kind.labels):
        return False
    return not spread.honors_taints or where.untolerated(kind.group.taints) is None


class _Spread:
    def __init__(self, spread: Spread, workload: Workload, cluster: Cluster) -> None:
        self._spread = spread
        self._itself = int(spread.selection.holds(workload))
        keys = [one.topology_key for one in workload.spread]
        self._kinds = {
            kind for kind, nodes in cluster.of_kind.items() if nodes and eligible(spread, workload.where, kind, keys)
        }
        self._counts: dict[Domain, int] = {}
        if spread.topology_key == HOSTNAME_LABEL:
            self._domains = sum(len(cluster.of_kind[kind]) for kind in self._kinds)
        else:
            self._counts = {kind.labels[spread.topology_key]: 0 for kind in self._kinds}
            self._domains = len(self._counts)
        for node, count in cluster.counts.get(spread.selection, {}).items():
            if node.kind in self._kinds:
                self._add(node, count)

    def _add(self, node: Node, count: int) -> None:
        key = domain(self._spread.topology_key, node)
        self._counts[key] = self._counts.get(key, 0) + count

    def _least(self) -> int:
        if self._domains < self._spread.min_domains or len(self._counts) < self._domains:
            return 0
        return min(self._counts.values(), default=0)

    def allows(self, node: Node) -> bool:
        if node.kind not in self._kinds:
            # A node that is about to come makes its domain a new one, with no pod; or it never counts at all.
            return node.index < 0 and has_domain(self._spread.topology_key, node.kind) and self._allows_new(node)
        count = self._counts.get(domain(self._spread.topology_key, node), 0)
        return count + self._itself - self._least() <= self._spread.max_skew

    def _allows_new(self, node: Node) -> bool:
        count = self._counts.get(domain(self._spread.topology_key, node))
        return (
            self._itself <= self._spread.max_skew
            if count is None
            else (count + self._itself - self._least() <= self._spread.max_skew)
        )

    def bound(self, node: Node) -> None:
        if self._itself and node.kind in self._kinds:
            self._add(node, 1)


class _Apart:
    """The anti-affinity of the workload's pods."""

    def __init__(self, term: Term, workload: Workload, cluster: Cluster) -> None:
        self._key = term.topology_key
        self._itself = term.selection.holds(workload)
        there = cluster.counts.get(term.selection, {})
        self._blocked = {domain(self._key, node) for node, count in there.items() if count} - {NO_DOMAIN}

    def allows(self, node: Node) -> bool:
        return domain(self._key, node) not in self._blocked

    def bound(self, node: Node) -> None:
        if self._itself and has_domain(self._key, node.kind):
            self._blocked.add(domain(self._key, node))


class _Guard:
    """The anti-affinity of placed pods against the workload's pods."""

    def __init__(self, key: str, nodes: dict[Node, int]) -> None:
        self._key = key
        self._blocked = {domain(key, node) for node, count in nodes.items() if count} - {NO_DOMAIN}

    def allows(self, node: Node) -> bool:
        return domain(self._key, node) not in self._blocked


class _Together:
    """The affinity of the workload's pods; the first pod is not restricted if it matches its own affinity."""

    def __init__(self, workload: Workload, cluster: Cluster) -> None:
        self._terms = workload.together
        self._itself = all(term.selection.holds(workload) for term in self._terms)
        self._near = [
            {domain(term.topology_key, node) for node, count in cluster.counts.get(term.selection, {}).items() if count}
            for term in self._terms
        ]

    def allows(self, node: Node) -> bool:
        if not all(has_domain(term.topology_key, node.kind) for term in self._terms):
            return False
        if not any(self._near):
            return self._itself
        return all(domain(term.topology_key, node) in near for term, near in zip(self._terms, self._near, strict=True))

    def bound(self, node: Node) -> None:
        if self._itself:
            for term, near in zip(self._terms, self._near, strict=True):
                near.add(domain(term.topology_key, node))
