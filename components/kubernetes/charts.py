"""The pods that Helm charts and EKS add-ons run. A plan does not show them, but they use capacity of the nodes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from catalog.kubernetes_kinds import Kind

Object = dict[str, Any]
Values = Mapping[str, Any]

SYSTEM = "kube-system"
CRITICAL = "system-cluster-critical"

EVERYWHERE = ({"operator": "Exists"},)
"""The tolerations of a pod that runs on every node: they match every taint."""

_CONFINED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


@dataclass(frozen=True)
class SystemPods:
    """The pods of one Deployment, or of one DaemonSet if `replicas` is None."""

    name: str
    containers: Sequence[Mapping[str, str]]
    """The resource requests of each container."""

    namespace: str = SYSTEM
    replicas: int | None = None
    priority_class: str = "system-node-critical"
    tolerations: Sequence[Values] = ()
    affinity: Values = field(default_factory=dict)
    spread: Sequence[Values] = ()
    """The topology spread constraints. A constraint without a selector selects the pods' own labels."""

    host_network: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    """Labels in addition to the name label."""

    restricted: bool = False
    """Whether the pods comply with the restricted Pod Security Standard."""

    def as_object(self) -> Object:
        """Return the Kubernetes object with the fields that affect scheduling."""
        labels = {"app.kubernetes.io/name": self.name, **self.labels}
        spec: Object = {
            "containers": [
                {
                    "name": f"c{index}",
                    "image": "system.invalid/pods:1",
                    "resources": {"requests": dict(asked)},
                    **({"securityContext": _CONFINED} if self.restricted else {}),
                }
                for index, asked in enumerate(self.containers)
            ],
            **({"priorityClassName": self.priority_class} if self.priority_class else {}),
            **({"tolerations": [dict(one) for one in self.tolerations]} if self.tolerations else {}),
            **({"affinity": dict(self.affinity)} if self.affinity else {}),
            **({"hostNetwork": True} if self.host_network else {}),
        }
        if self.spread:
            spec["topologySpreadConstraints"] = [
                {"labelSelector": {"matchLabels": labels}, **constraint} for constraint in self.spread
            ]
        template = {"metadata": {"labels": labels}, "spec": spec}
        return {
            "apiVersion": "apps/v1",
            "kind": "DaemonSet" if self.replicas is None else "Deployment",
            "metadata": {"namespace": self.namespace, "name": self.name, "labels": labels},
            "spec": {
                **({} if self.replicas is None else {"replicas": self.replicas}),
                "selector": {"matchLabels": labels},
                "template": template,
            },
        }


def apart(name: str) -> Object:
    """Return the default affinity of many charts: preferred anti-affinity between replicas on the same node."""
    term = {
        "topologyKey": "kubernetes.io/hostname",
        "labelSelector": {"matchLabels": {"app.kubernetes.io/name": name}},
    }
    preferred = [{"weight": 100, "podAffinityTerm": term}]
    return {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": preferred}}


def asked_at(values: Values, *path: str) -> Mapping[str, str]:
    """Return the resource requests at a path of the chart's values."""
    for key in path:
        values = values.get(key, {})
    requests: Mapping[str, str] = values.get("resources", {}).get("requests", {})
    return requests


def deployment(
    name: str, values: Values, *, namespace: str = SYSTEM, default: int = 1, shared: Values | None = None
) -> SystemPods:
    """Return the pods of a typical chart from its values `replicaCount`, `resources`, `priorityClassName` and others.

    `shared` are values that apply to all Deployments of the chart.
    """
    return SystemPods(
        name,
        [values.get("resources", {}).get("requests", {})],
        namespace=namespace,
        replicas=values.get("replicaCount", default),
        priority_class=values.get("priorityClassName", CRITICAL if namespace == SYSTEM else ""),
        spread=values.get("topologySpreadConstraints", (shared or {}).get("topologySpreadConstraints", ())),
        restricted=namespace != SYSTEM,
    )


def controller(
    name: str, containers: Sequence[Mapping[str, str]], replicas: int, labels: Mapping[str, str] | None = None
) -> SystemPods:
    """Return a Deployment of an EKS add-on: priority class system-cluster-critical, anti-affinity between replicas."""
    return SystemPods(
        name,
        containers,
        replicas=replicas,
        priority_class=CRITICAL,
        affinity=apart(name),
        labels=labels or {},
    )


class Observations(NamedTuple):
    """Number of metrics that CloudWatch bills for each node, pod and container."""

    node: int
    pod: int
    container: int


@dataclass(frozen=True)
class Chart:
    """The objects that a Helm chart or an EKS add-on creates from its values.

    The fit places its pods. The bill counts its volumes and observations, and recognizes the kinds that it defines.
    """

    pods: Callable[[Values], Iterator[SystemPods]] = lambda _: iter(())
    claims: Callable[[Values], Iterator[tuple[int, Values]]] = lambda _: iter(())
    """Yields the number of PersistentVolumeClaims for each `spec`."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    """The custom resource kinds of the chart that stacks use, such as `keda.sh/v1alpha1:ScaledObject`."""

    observations: Observations | None = None
    definitions: Literal["none", "templates", "release"] = "none"
    """Where its custom resource definitions are.

    `templates`: in its templates, which Helm upgrades. `release`: in its folder `crds`, which Helm never
    upgrades, and therefore applied before it: by a chart of their own, or packaged here."""


Charts = Mapping[str, Chart]
"""Charts by the name of the Helm chart or of the EKS add-on."""
