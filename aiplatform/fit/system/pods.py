"""A Deployment or DaemonSet that nobody wrote into the stack, as far as it decides where pods go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

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
