"""Whom a tenant's pods speak to."""

from ipaddress import IPv4Network
from typing import Any

import pulumi

from components.kubernetes.namespace import Namespace
from components.kubernetes.network_policy import Rule, internet, network, tcp, to_dns, to_identity
from components.kubernetes.network_policy import namespace as in_namespace
from config.settings import Settings

_OWN_PODS: dict[str, Any] = {"podSelector": {}}

_SERVICES = (IPv4Network("10.100.0.0/16"), IPv4Network("172.20.0.0/16"))
"""EKS takes one of these where the settings name none:
https://docs.aws.amazon.com/eks/latest/userguide/create-cluster.html"""


def service_ranges(settings: Settings) -> list[IPv4Network]:
    """Where Services may have their addresses: never within the VPC."""
    given = settings.cluster.service_cidr
    return [one for one in ((given,) if given else _SERVICES) if not one.overlaps(settings.network.cidr)]


def boundaries(settings: Settings, namespace: Namespace, *, opts: pulumi.ResourceOptions) -> list[pulumi.Resource]:
    """The policy of all pods of a tenant, beside the one that denies everything.

    Within the namespace, everything; out of it, names, AWS and the internet. The VPC's addresses are left out, for
    pods of other tenants have them, and those of Services, which lead to such pods: the CNI looks at a packet before a
    Service's address is replaced.
    """
    services = map(str, service_ranges(settings))
    endpoints = settings.network.private_cidrs() if settings.network.endpoints.interface else []
    outside = Rule((internet(str(settings.network.cidr), *services), *map(network, endpoints)), (("TCP", 443),))
    return [
        namespace.allow(
            "own-tenant",
            pods={},
            ingress=[Rule((_OWN_PODS,))],
            egress=[
                Rule((_OWN_PODS,)),
                to_dns(),
                outside,
                *to_identity(settings.cluster.workload_identity),
                *_to_workloads(settings),
            ],
            opts=opts,
        )
    ]


def _to_workloads(settings: Settings) -> list[Rule]:
    """The workloads that serve tenants, too."""
    served = {
        (workload.settings.own_namespace(), one.ports): None
        for workload in settings.workloads.wanted()
        for one in workload.settings.serves()
        if one.tenants
    }
    return [Rule((in_namespace(place),), tcp(*ports)) for place, ports in served]
