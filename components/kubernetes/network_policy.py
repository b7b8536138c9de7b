"""NetworkPolicies from typed rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pulumi
import pulumi_kubernetes as kubernetes

NAMESPACE_LABEL = "kubernetes.io/metadata.name"
LINK_LOCAL = "169.254.0.0/16"
"""Instance metadata among others: no pod has business there."""

POD_IDENTITY_AGENT = "169.254.170.23/32"
"""https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html"""

Ports = tuple[tuple[Literal["TCP", "UDP"], int], ...]


@dataclass(frozen=True)
class Rule:
    """Peers on the other side, any of them, and ports, any of them; all ports where none is named."""

    peers: tuple[Mapping[str, Any], ...]
    ports: Ports = ()

    def as_json(self, side: Literal["from", "to"]) -> dict[str, Any]:
        """The rule as the API has it."""
        ports = [{"protocol": protocol, "port": port} for protocol, port in self.ports]
        return {side: [dict(peer) for peer in self.peers], **({"ports": ports} if ports else {})}


def pods(labels: Mapping[str, str]) -> dict[str, Any]:
    """Pods of the same namespace."""
    return {"podSelector": {"matchLabels": dict(labels)}}


def namespace(name: str) -> dict[str, Any]:
    """All pods of a namespace."""
    return {"namespaceSelector": {"matchLabels": {NAMESPACE_LABEL: name}}}


def namespaces(labels: Mapping[str, str]) -> dict[str, Any]:
    """All pods of the namespaces that carry these labels."""
    return {"namespaceSelector": {"matchLabels": dict(labels)}}


def network(cidr: str) -> dict[str, Any]:
    """Addresses."""
    return {"ipBlock": {"cidr": cidr}}


def anywhere() -> dict[str, Any]:
    """Every address but the node's own services."""
    return {"ipBlock": {"cidr": "0.0.0.0/0", "except": [LINK_LOCAL]}}


def internet(vpc_cidr: str, *others: str) -> dict[str, Any]:
    """Every address outside the VPC, where pods of other namespaces have theirs, and outside of `others`."""
    return {"ipBlock": {"cidr": "0.0.0.0/0", "except": [vpc_cidr, LINK_LOCAL, *others]}}


def tcp(*ports: int) -> Ports:
    """Ports of TCP."""
    return tuple(("TCP", port) for port in ports)


def to_dns() -> Rule:
    """CoreDNS."""
    peer = {
        "namespaceSelector": {"matchLabels": {NAMESPACE_LABEL: "kube-system"}},
        "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
    }
    return Rule((peer,), (("UDP", 53), ("TCP", 53)))


def to_identity(mode: Literal["irsa", "podIdentity"]) -> list[Rule]:
    """Where a pod gets its AWS credentials beside STS: nowhere with IRSA."""
    return [Rule((network(POD_IDENTITY_AGENT),), (("TCP", 80),))] if mode == "podIdentity" else []


def network_policy(
    name: str,
    *,
    namespace: str,
    policy_name: str,
    pods: Mapping[str, str],
    ingress: Sequence[Rule] | None,
    egress: Sequence[Rule] | None,
    opts: pulumi.ResourceOptions,
) -> kubernetes.networking.v1.NetworkPolicy:
    """A policy for the pods with these labels. A direction that is None is left to other policies; [] closes it."""
    # In the API's own form: the typed arguments call `from` otherwise.
    spec: Any = {
        "podSelector": {"matchLabels": dict(pods)} if pods else {},
        "policyTypes": [kind for kind, rules in (("Ingress", ingress), ("Egress", egress)) if rules is not None],
        # Left out where it is empty: the API server does not keep an empty list, and each apply would be a change.
        **({"ingress": [rule.as_json("from") for rule in ingress]} if ingress else {}),
        **({"egress": [rule.as_json("to") for rule in egress]} if egress else {}),
    }
    return kubernetes.networking.v1.NetworkPolicy(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=policy_name, namespace=namespace),
        spec=spec,
        opts=opts,
    )
