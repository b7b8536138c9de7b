"""Network policies of a tenant."""

from ipaddress import IPv4Network
from typing import Any

import pulumi

from components.kubernetes.namespace import Namespace
from components.kubernetes.network_policy import Rule, internet, network, tcp, to_dns, to_identity
from components.kubernetes.network_policy import namespace as in_namespace
from config.settings import Settings

_OWN_PODS: dict[str, Any] = {"podSelector": {}}

_SERVICES = (IPv4Network("10.100.0.0/16"), IPv4Network("172.20.0.0/16"))
"""EKS uses one of these if the settings set no range:
https://docs.aws.amazon.com/eks/latest/userguide/create-cluster.html
"""


def service_ranges(settings: Settings) -> list[IPv4Network]:
    """Return the possible address ranges of Services. They are outside the VPC."""
    given = settings.cluster.service_cidr
    vpc = [IPv4Network(cidr) for cidr in settings.network.vpc_cidrs()]
    return [one for one in ((given,) if given else _SERVICES) if not any(map(one.overlaps, vpc))]


def boundaries(settings: Settings, namespace: Namespace, *, opts: pulumi.ResourceOptions) -> list[pulumi.Resource]:
    """Create the policy of all pods of a tenant, in addition to the default deny policy.

    Within the namespace all traffic is allowed. Egress is allowed to DNS, AWS and the internet. It excludes the VPC's
    addresses, which include pods of other tenants, and the addresses of Services, which route to such pods: the CNI
    evaluates a packet before a Service's address is translated.
    """
    services = map(str, service_ranges(settings))
    vpc = settings.network
    outside = Rule((internet(*vpc.vpc_cidrs(), *services), *map(network, vpc.endpoint_cidrs())), (("TCP", 443),))
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
    """Return egress rules to the workloads that serve tenants."""
    served = {
        (workload.settings.own_namespace(), one.ports): None
        for workload in settings.workloads.wanted()
        for one in workload.settings.serves()
        if one.tenants
    }
    return [Rule((in_namespace(place),), tcp(*ports)) for place, ports in served]
