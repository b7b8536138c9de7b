"""NetworkPolicies from typed rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pulumi
import pulumi_kubernetes as kubernetes

NAMESPACE_LABEL = "kubernetes.io/metadata.name"
LINK_LOCAL = "169.254.0.0/16"
"""Link-local addresses, including the instance metadata service. Pods do not need them."""

POD_IDENTITY_AGENT = "169.254.170.23/32"
"""Address of the EKS Pod Identity Agent: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html"""

Ports = tuple[tuple[Literal["TCP", "UDP"], int], ...]


@dataclass(frozen=True)
class Rule:
    """A rule that allows any of the peers on any of the ports. Empty `ports` allow all ports."""

    peers: tuple[Mapping[str, Any], ...]
    ports: Ports = ()

    def as_json(self, side: Literal["from", "to"]) -> dict[str, Any]:
        """Return the rule in the form of the Kubernetes API."""
        ports = [{"protocol": protocol, "port": port} for protocol, port in self.ports]
        return {side: [dict(peer) for peer in self.peers], **({"ports": ports} if ports else {})}


def pods(labels: Mapping[str, str]) -> dict[str, Any]:
    """Return a peer that selects pods of the same namespace."""
    return {"podSelector": {"matchLabels": dict(labels)}}


def namespace(name: str) -> dict[str, Any]:
    """Return a peer that selects all pods of a namespace."""
    return {"namespaceSelector": {"matchLabels": {NAMESPACE_LABEL: name}}}


def namespaces(labels: Mapping[str, str]) -> dict[str, Any]:
    """Return a peer that selects all pods of the namespaces with these labels."""
    return {"namespaceSelector": {"matchLabels": dict(labels)}}


def network(cidr: str) -> dict[str, Any]:
    """Return a peer that selects the addresses of a CIDR block."""
    return {"ipBlock": {"cidr": cidr}}


def anywhere() -> dict[str, Any]:
    """Return a peer that selects every IPv4 address except link-local services of the node."""
    return {"ipBlock": {"cidr": "0.0.0.0/0", "except": [LINK_LOCAL]}}


def internet(vpc_cidr: str, *others: str) -> dict[str, Any]:
    """Return a peer that selects every IPv4 address outside the VPC and outside `others`.

    The addresses of pods in other namespaces are inside the VPC.
    """
    return {"ipBlock": {"cidr": "0.0.0.0/0", "except": [vpc_cidr, LINK_LOCAL, *others]}}


def tcp(*ports: int) -> Ports:
    """Return TCP ports."""
    return tuple(("TCP", port) for port in ports)


def to_dns() -> Rule:
    """Return the rule that allows DNS queries to CoreDNS."""
    peer = {
        "namespaceSelector": {"matchLabels": {NAMESPACE_LABEL: "kube-system"}},
        "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
    }
    return Rule((peer,), (("UDP", 53), ("TCP", 53)))


def to_identity(mode: Literal["irsa", "podIdentity"]) -> list[Rule]:
    """Return the rules for a pod's source of AWS credentials other than STS; empty with IRSA."""
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
    """Create a network policy for the pods with these labels.

    A direction that is None is not part of the policy; an empty list denies all traffic in that direction.
    """
    # The form of the API: the typed arguments rename `from`.
    spec: Any = {
        "podSelector": {"matchLabels": dict(pods)} if pods else {},
        "policyTypes": [kind for kind, rules in (("Ingress", ingress), ("Egress", egress)) if rules is not None],
        # Omitted if empty: the API server does not store an empty list, so each update would show a change.
        **({"ingress": [rule.as_json("from") for rule in ingress]} if ingress else {}),
        **({"egress": [rule.as_json("to") for rule in egress]} if egress else {}),
    }
    return kubernetes.networking.v1.NetworkPolicy(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=policy_name, namespace=namespace),
        spec=spec,
        opts=opts,
    )
