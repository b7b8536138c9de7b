"""What Helm charts and EKS add-ons run: no plan shows it, and every node carries it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from catalog.kubernetes_kinds import Kind

Object = dict[str, Any]
Values = Mapping[str, Any]

SYSTEM = "kube-system"
CRITICAL = "system-cluster-critical"

EVERYWHERE = ({"operator": "Exists"},)
"""The tolerations of a pod that every node needs, whatever its taints."""

_CONFINED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


@dataclass(frozen=True)
class SystemPods:
    """One Deployment, or one DaemonSet where it has no replicas."""

    name: str
    containers: Sequence[Mapping[str, str]]
    """What each container asks for."""

    namespace: str = SYSTEM
    replicas: int | None = None
    priority_class: str = "system-node-critical"
    tolerations: Sequence[Values] = ()
    affinity: Values = field(default_factory=dict)
    spread: Sequence[Values] = ()
    """Its topology spread constraints; those without a selector get its labels."""

    host_network: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    """Labels beside its name."""

    restricted: bool = False
    """Whether its pods keep to the restricted Pod Security Standard."""

    def as_object(self) -> Object:
        """The object as far as it decides where pods go."""
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
    """What many charts have by default: replicas rather not on one node."""
    term = {
        "topologyKey": "kubernetes.io/hostname",
        "labelSelector": {"matchLabels": {"app.kubernetes.io/name": name}},
    }
    preferred = [{"weight": 100, "podAffinityTerm": term}]
    return {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": preferred}}


def asked_at(values: Values, *path: str) -> Mapping[str, str]:
    """The requests at some place of the values."""
    for key in path:
        values = values.get(key, {})
    requests: Mapping[str, str] = values.get("resources", {}).get("requests", {})
    return requests


def deployment(
    name: str, values: Values, *, namespace: str = SYSTEM, default: int = 1, shared: Values | None = None
) -> SystemPods:
    """What most charts do: `replicaCount`, `resources` and so on at one place; `shared` holds for all its parts."""
    return SystemPods(
        name,
        [values.get("resources", {}).get("requests", {})],
        namespace=namespace,
        replicas=values.get("replicaCount", default),
        priority_class=values.get("priorityClassName", CRITICAL),
        spread=values.get("topologySpreadConstraints", (shared or {}).get("topologySpreadConstraints", ())),
        restricted=namespace != SYSTEM,
    )


def controller(
    name: str, containers: Sequence[Mapping[str, str]], replicas: int, labels: Mapping[str, str] | None = None
) -> SystemPods:
    """A Deployment of an EKS add-on: critical, its replicas rather not on one node."""
    return SystemPods(
        name,
        containers,
        replicas=replicas,
        priority_class=CRITICAL,
        affinity=apart(name),
        labels=labels or {},
    )


class Observations(NamedTuple):
    """How many metrics CloudWatch bills of each."""

    node: int
    pod: int
    container: int


@dataclass(frozen=True)
class Chart:
    """What a Helm chart or an EKS add-on makes, by the values that it gets.

    The fit places its pods, the bill counts its volumes and observations, and knows the kinds that it defines.
    """

    pods: Callable[[Values], Iterator[SystemPods]] = lambda _: iter(())
    claims: Callable[[Values], Iterator[tuple[int, Values]]] = lambda _: iter(())
    """How many claims there are of each `spec`."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    """The kinds that it defines and that stacks have objects of, such as `keda.sh/v1alpha1:ScaledObject`."""

    observations: Observations | None = None


Charts = Mapping[str, Chart]
"""By the name of the chart, or of the add-on in EKS."""
