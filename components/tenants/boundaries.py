"""Whom a tenant's pods speak to."""

from typing import Any

import pulumi

from components.kubernetes.namespace import Namespace
from components.kubernetes.network_policy import Rule, internet, network, to_dns, to_identity
from config.settings import Settings

_OWN_PODS: dict[str, Any] = {"podSelector": {}}


def boundaries(settings: Settings, namespace: Namespace, *, opts: pulumi.ResourceOptions) -> list[pulumi.Resource]:
    """The policy of all pods of a tenant, beside the one that denies everything.

    Within the namespace, everything; out of it, names, AWS and the internet. The VPC's addresses are left out, for
    pods of other tenants have them.
    """
    endpoints = settings.network.private_cidrs() if settings.network.endpoints.interface else []
    outside = Rule((internet(str(settings.network.cidr)), *map(network, endpoints)), (("TCP", 443),))
    return [
        namespace.allow(
            "own-tenant",
            pods={},
            ingress=[Rule((_OWN_PODS,))],
            egress=[Rule((_OWN_PODS,)), to_dns(), outside, *to_identity(settings.cluster.workload_identity)],
            opts=opts,
        )
    ]
