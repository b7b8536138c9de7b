"""The workloads of a plan, with their replicas and the requests and constraints of their pods."""

import functools
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from aiplatform.fit.selectors import Labels, Selector, Where, matches
from catalog.quantities import quantity

Level = Literal["minimum", "expected", "maximum"]
LEVELS: tuple[Level, ...] = ("minimum", "expected", "maximum")
HASH_LABEL = "pod-template-hash"


class Replicas(NamedTuple):
    """Number of pods at each level; the autoscaler scales between minimum and maximum."""

    minimum: int
    expected: int
    maximum: int

    def at(self, level: Level) -> int:
        """Return the number of pods at a level."""
        count: int = getattr(self, level)
        return count


class Selection(NamedTuple):
    """The pods that a constraint selects."""

    namespaces: frozenset[str] | None
    """Namespaces of the pods; None for every namespace."""

    selector: Selector | None
    owner: str = ""
    """The only workload whose pods count, because the constraint selects its pod-template-hash."""

    def holds(self, workload: "Workload") -> bool:
        """Return whether the selection includes the pods of a workload."""
        if self.owner:
            return self.owner == workload.identity and matches(self.selector, workload.labels)
        inside = self.namespaces is None or workload.namespace in self.namespaces
        return inside and matches(self.selector, workload.labels)


class Term(NamedTuple):
    """A required pod affinity or anti-affinity term."""

    topology_key: str
    selection: Selection


class Spread(NamedTuple):
    """A required topology spread constraint (`DoNotSchedule`).

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
    """Identical pods: a Deployment, the workers of a LeaderWorkerSet, a DaemonSet."""

    kind: str
    namespace: str
    name: str
    replicas: Replicas
    requests: tuple[tuple[str, int], ...] = ()
    """Requests of a pod: CPU in millicores, memory and disk in bytes, other resources as counts."""

    where: Where = field(default_factory=Where)
    labels: Labels = field(default_factory=dict)
    spread: tuple[Spread, ...] = ()
    apart: tuple[Term, ...] = ()
    together: tuple[Term, ...] = ()
    priority: int = 0
    part: str = ""
    """Role of the pods, if the object has several: `leader`, `worker`."""

    urn: str = ""
    claims: tuple[str, ...] = ()
    """PersistentVolumeClaims that all pods share."""

    classes: tuple[str, ...] = ()
    """Storage classes of the claims that each pod has; an empty one is the cluster's default."""

    @functools.cached_property
    def identity(self) -> str:
        """Return kind, namespace and name: `Deployment default/server`."""
        part = f" ({self.part})" if self.part else ""
        return f"{self.kind} {self.namespace}/{self.name}{part}"

    @property
    def everywhere(self) -> bool:
        """Return whether it is a DaemonSet."""
        return self.kind == "DaemonSet"

    @property
    def ends(self) -> bool:
        """Return whether its pods complete, as those of Jobs do."""
        return self.kind in ("Job", "CronJob")

    def asks(self, resource: str) -> int:
        """Return the request of a pod for a resource."""
        return dict(self.requests).get(resource, 0)

    def asks_text(self, resource: str) -> str:
        """Return the request of a pod for a resource, formatted as in a manifest."""
        return quantity(resource, self.asks(resource))
