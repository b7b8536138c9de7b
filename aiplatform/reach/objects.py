"""Read the attributes that decide about connections from Kubernetes objects."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

Object = Mapping[str, Any]

NAME_LABEL = "kubernetes.io/metadata.name"
"""The API server adds it to every namespace; a namespace of a plan does not have it yet."""

SYSTEM = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})
"""Namespaces of the cluster itself, whose pods do not belong to the platform."""

UNNAMED = 65000
"""Represents all ports that no policy names, which are equivalent."""


class Port(NamedTuple):
    """A port in a policy."""

    protocol: str
    number: int

    def __str__(self) -> str:
        return f"{self.protocol} {'other' if self.number == UNNAMED else self.number}"


ANY_OTHER = frozenset({Port("TCP", UNNAMED), Port("UDP", UNNAMED)})


@dataclass(frozen=True)
class Workload:
    """The pods of a template, which are equivalent for policies."""

    name: str
    namespace: str
    labels: Mapping[str, str]
    ports: Mapping[Port, str]
    """Ports that its containers open, with their names."""

    host_network: bool
    """Pods in the host network have their node's address, and policies do not apply to them."""


def namespaces(objects: Iterable[Object]) -> dict[str, dict[str, str]]:
    """Return the labels of every namespace, including the cluster's own."""
    found = {name: {NAME_LABEL: name} for name in ("default", "kube-system")}
    for item in objects:
        if item["kind"] == "Namespace":
            name = item["metadata"]["name"]
            found[name] = {**(item["metadata"].get("labels") or {}), NAME_LABEL: name}
    return found


def workloads(objects: Iterable[Object]) -> list[Workload]:
    """Return all objects that create pods, except those created by another one (the ReplicaSet of a Deployment)."""
    return [
        _workload(item, template)
        for item in objects
        if not item["metadata"].get("ownerReferences")
        for template in _templates(item)
    ]


def _templates(item: Object) -> Iterator[Object]:
    if item["kind"] == "Pod":
        yield item
    spec = item.get("spec") or {}
    for holder in (spec, (spec.get("jobTemplate") or {}).get("spec") or {}):
        template = holder.get("template") or {}
        if isinstance(template, Mapping) and (template.get("spec") or {}).get("containers"):
            yield template


def _workload(item: Object, template: Object) -> Workload:
    namespace = namespace_of(item)
    spec = template["spec"]
    opened = [port for kind in ("initContainers", "containers") for one in spec.get(kind) or () for port in ports(one)]
    return Workload(
        name=f"{item['kind'].lower()} {namespace}/{item['metadata']['name']}",
        namespace=namespace,
        labels=(template.get("metadata") or {}).get("labels") or {},
        ports={Port(port.get("protocol", "TCP"), int(port["containerPort"])): port.get("name", "") for port in opened},
        host_network=bool(spec.get("hostNetwork")),
    )


def ports(container: Object) -> list[Object]:
    """Return the ports that a container declares."""
    return list(container.get("ports") or ())


def policies(objects: Iterable[Object]) -> list[Object]:
    """Return every NetworkPolicy."""
    return [item for item in objects if item["kind"] == "NetworkPolicy"]


def rules(policy: Object) -> Iterator[tuple[str, Object]]:
    """Yield each rule of a policy with the key of its peers: `from` or `to`."""
    for direction, side in (("ingress", "from"), ("egress", "to")):
        for rule in policy["spec"].get(direction) or ():
            yield side, rule


def peers(policy: Object) -> Iterator[Object]:
    """Yield the peers of all rules."""
    for side, rule in rules(policy):
        yield from rule.get(side) or ()


def named_ports(policy: Object, opened: Iterable[Workload]) -> Iterator[Port]:
    """Yield the ports of a policy, by number or by the containers' names, and both ends of a range."""
    for _, rule in rules(policy):
        for port in rule.get("ports") or ():
            protocol, wanted = port.get("protocol", "TCP"), port.get("port")
            if isinstance(wanted, str):
                yield from (each for one in opened for each, name in one.ports.items() if name == wanted)
            elif wanted is not None:
                yield Port(protocol, int(wanted))
                yield Port(protocol, int(port.get("endPort", wanted)))


def namespace_of(item: Object) -> str:
    """Return the namespace of an object."""
    return str(item["metadata"].get("namespace") or "default")


def satisfying(selector: Object | None) -> dict[str, str]:
    """Return labels of a pod or a namespace that match a selector."""
    found = dict((selector or {}).get("matchLabels") or {})
    for term in (selector or {}).get("matchExpressions") or ():
        if term["operator"] in {"In", "Exists"}:
            found[term["key"]] = (term.get("values") or ["any"])[0]
    return found


def selected_keys(found: Iterable[Object]) -> frozenset[str]:
    """Return the keys of all labels in selectors of these policies; other labels have no effect."""
    return frozenset(key for policy in found for selector in _selectors(policy) for key in _keys(selector))


def _selectors(policy: Object) -> Iterator[Object]:
    yield policy["spec"].get("podSelector") or {}
    for peer in peers(policy):
        yield peer.get("podSelector") or {}
        yield peer.get("namespaceSelector") or {}


def _keys(selector: Object) -> Iterator[str]:
    yield from selector.get("matchLabels") or {}
    yield from (term["key"] for term in selector.get("matchExpressions") or ())
