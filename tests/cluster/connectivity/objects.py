"""What decides about connections, read from Kubernetes objects as dictionaries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

Object = Mapping[str, Any]

NAME_LABEL = "kubernetes.io/metadata.name"
"""Every namespace has it from the API server; one that comes from a plan has not been there yet."""

SYSTEM = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})
"""Namespaces of the cluster itself: their pods are strangers to the platform."""

UNNAMED = 65000
"""A port that stands for all those that no policy names: to a policy they are the same."""


class Port(NamedTuple):
    """A port as a policy names it."""

    protocol: str
    number: int

    def __str__(self) -> str:
        return f"{self.protocol} {'other' if self.number == UNNAMED else self.number}"


ANY_OTHER = frozenset({Port("TCP", UNNAMED), Port("UDP", UNNAMED)})


@dataclass(frozen=True)
class Workload:
    """The pods of one template; they differ in nothing that a policy sees."""

    name: str
    namespace: str
    labels: Mapping[str, str]
    ports: Mapping[Port, str]
    """What its containers open, and how they call it."""

    host_network: bool
    """Such pods have their node's address, and no policy governs them."""


class NotDecidedError(Exception):
    """The analyzer would decide otherwise than Kubernetes."""


def namespaces(objects: Iterable[Object]) -> dict[str, dict[str, str]]:
    """The labels of every namespace, the cluster's own among them."""
    found = {name: {NAME_LABEL: name} for name in ("default", "kube-system")}
    for item in objects:
        if item["kind"] == "Namespace":
            name = item["metadata"]["name"]
            found[name] = {**(item["metadata"].get("labels") or {}), NAME_LABEL: name}
    return found


def workloads(objects: Iterable[Object]) -> list[Workload]:
    """Everything that makes pods, but for what another object of them has made (the ReplicaSet of a Deployment)."""
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
    namespace = item["metadata"].get("namespace") or "default"
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
    """The ports that a container declares."""
    return list(container.get("ports") or ())


def policies(objects: Iterable[Object]) -> list[dict[str, Any]]:
    """Every NetworkPolicy, without what an API server adds.

    Raises:
        NotDecidedError: cyclonus 0.5.6 takes a pod without the key for one that NotIn leaves out.
    """
    found = [item for item in objects if item["kind"] == "NetworkPolicy"]
    for item in found:
        if "NotIn" in str(item["spec"]):
            raise NotDecidedError(f"cyclonus misreads NotIn in NetworkPolicy {item['metadata']['name']}")
    return [
        {
            "apiVersion": item["apiVersion"],
            "kind": item["kind"],
            "metadata": {key: item["metadata"][key] for key in ("name", "namespace")},
            "spec": item["spec"],
        }
        for item in found
    ]


def rules(policy: Object) -> Iterator[tuple[str, Object]]:
    """Each rule of a policy with the key of its peers, `from` or `to`."""
    for direction, side in (("ingress", "from"), ("egress", "to")):
        for rule in policy["spec"].get(direction) or ():
            yield side, rule


def peers(policy: Object) -> Iterator[Object]:
    """The peers of all rules."""
    for side, rule in rules(policy):
        yield from rule.get(side) or ()


def named_ports(policy: Object, opened: Iterable[Workload]) -> Iterator[Port]:
    """The ports that a policy names, by number or by what containers call them, and both ends of a range."""
    for _, rule in rules(policy):
        for port in rule.get("ports") or ():
            protocol, wanted = port.get("protocol", "TCP"), port.get("port")
            if isinstance(wanted, str):
                yield from (each for one in opened for each, name in one.ports.items() if name == wanted)
            elif wanted is not None:
                yield Port(protocol, int(wanted))
                yield Port(protocol, int(port.get("endPort", wanted)))


def satisfying(selector: Object | None) -> dict[str, str]:
    """The labels of a pod or a namespace that a selector finds."""
    found = dict((selector or {}).get("matchLabels") or {})
    for term in (selector or {}).get("matchExpressions") or ():
        if term["operator"] in {"In", "Exists"}:
            found[term["key"]] = (term.get("values") or ["any"])[0]
    return found


def selected_keys(found: Iterable[Object]) -> frozenset[str]:
    """The keys of all labels that some selector of these policies looks at; no other label decides anything."""
    return frozenset(key for policy in found for selector in _selectors(policy) for key in _keys(selector))


def _selectors(policy: Object) -> Iterator[Object]:
    yield policy["spec"].get("podSelector") or {}
    for peer in peers(policy):
        yield peer.get("podSelector") or {}
        yield peer.get("namespaceSelector") or {}


def _keys(selector: Object) -> Iterator[str]:
    yield from selector.get("matchLabels") or {}
    yield from (term["key"] for term in selector.get("matchExpressions") or ())
