"""The pods of a plan: each workload with its replicas, and what every one of its pods asks for."""

import functools
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from aiplatform.fit.selectors import Labels, Selector, Where, matches
from catalog.quantities import quantity

Level = Literal["minimum", "expected", "maximum"]
LEVELS: tuple[Level, ...] = ("minimum", "expected", "maximum")
HASH_LABEL = "pod-template-hash"


class Replicas(NamedTuple):
    """How many pods at each level; the autoscaler moves between the first and the last."""

    minimum: int
    expected: int
    maximum: int

    def at(self, level: Level) -> int:
        """The pods at a level."""
        count: int = getattr(self, level)
        return count


class Selection(NamedTuple):
    """Pods that a constraint speaks of."""

    namespaces: frozenset[str] | None
    """None for every namespace."""

    selector: Selector | None
    owner: str = ""
    """The only workload whose pods count: they alone share its pod template's hash."""

    def holds(self, workload: "Workload") -> bool:
        """Whether the pods of a workload are among them."""
        if self.owner:
            return self.owner == workload.identity and matches(self.selector, workload.labels)
        inside = self.namespaces is None or workload.namespace in self.namespaces
        return inside and matches(self.selector, workload.labels)


class Term(NamedTuple):
    """Required pod affinity or anti-affinity."""

    topology_key: str
    selection: Selection


class Spread(NamedTuple):
    """A topology spread constraint that keeps pods waiting (`DoNotSchedule`).

    https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
    """

    topology_key: str
    selection: Selection
    max_skew: int = 1
    min_domains: int = 1
    honors_affinity: bool = True
    honors_taints: bool = False


@dataclass(frozen=True)
class Workload:
    """Pods that are alike: a Deployment, the workers of a LeaderWorkerSet, one DaemonSet."""

    kind: str
    namespace: str
    name: str
    replicas: Replicas
    requests: tuple[tuple[str, int], ...] = ()
    """CPU in thousandths of a core, memory and disk in bytes, all else in pieces."""

    where: Where = field(default_factory=Where)
    labels: Labels = field(default_factory=dict)
    spread: tuple[Spread, ...] = ()
    apart: tuple[Term, ...] = ()
    together: tuple[Term, ...] = ()
    priority: int = 0
    part: str = ""
    """Which pods of it, where it has pods of several kinds: `leader`, `worker`."""

    urn: str = ""
    claims: tuple[str, ...] = ()
    """The PersistentVolumeClaims that all its pods share."""

    classes: tuple[str, ...] = ()
    """The storage classes of the claims that each of its pods gets; an empty one is the cluster's default."""

    @functools.cached_property
    def identity(self) -> str:
        """`Deployment default/server`."""
        part = f" ({self.part})" if self.part else ""
        return f"{self.kind} {self.namespace}/{self.name}{part}"

    @property
    def everywhere(self) -> bool:
        """Whether every node that it may go to carries one of its pods."""
        return self.kind == "DaemonSet"

    @property
    def ends(self) -> bool:
        """Whether its pods are done at some time."""
        return self.kind in ("Job", "CronJob")

    def asks(self, resource: str) -> int:
        """How much of a resource a pod requests."""
        return dict(self.requests).get(resource, 0)

    def asks_text(self, resource: str) -> str:
        """The same, as it stands in a manifest."""
        return quantity(resource, self.asks(resource))
