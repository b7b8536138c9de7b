"""Network policies of an environment."""

from collections.abc import Sequence

import pulumi

from components.kubernetes.namespace import ENVIRONMENT_LABEL, Namespace
from components.kubernetes.network_policy import (
    NAMESPACE_LABEL,
    Rule,
    internet,
    namespaces,
    network,
    to_dns,
    to_identity,
)
from components.sharing.environment.connections import to_connections
from config.environments import Environment as EnvironmentSettings
from config.file_systems import NFS_PORT
from config.settings import Settings

ISTIO_LABEL = ("istio-injection", "enabled")
ISTIOD_PORT = 15012
"""Port for certificates and configuration of sidecars:
https://istio.io/latest/docs/ops/deployment/application-requirements/
"""


def policy_name(environment: str, environments: Sequence[str]) -> str:
    """Return the name of the policy, from the names of the other environments."""
    others = [other for other in environments if other != environment]
    return f"deny-to-{others[0]}" if len(others) == 1 else "deny-to-other-environments"


def boundaries(
    settings: Settings, environment: str, namespace: Namespace, *, opts: pulumi.ResourceOptions
) -> list[pulumi.Resource]:
    """Create the policies of all pods of an environment, in addition to the default deny policy.

    Pods have addresses of the VPC. So egress rules to the internet exclude the VPC, and egress rules to databases list
    the data subnets and ports: a rule for the whole VPC would allow traffic to every pod of the other environment.
    """
    own = settings.environments[environment]
    others = list(settings.environments)
    peers = namespaces({ENVIRONMENT_LABEL: environment})
    return [
        namespace.allow(
            policy_name(environment, others),
            pods={},
            egress=[
                Rule((peers,)),
                to_dns(),
                *_outside(settings),
                *_data(settings, own),
                *to_connections(settings, environment),
                *_mesh(own),
            ],
            opts=opts,
        ),
        namespace.allow("from-own-environment", pods={}, ingress=[Rule((peers,))], opts=opts),
    ]


def _outside(settings: Settings) -> list[Rule]:
    """Return egress rules to AWS, the internet, and interface endpoints if the VPC has any."""
    vpc = settings.network
    return [
        Rule((internet(*vpc.vpc_cidrs()), *map(network, vpc.endpoint_cidrs())), (("TCP", 443),)),
        *to_identity(settings.cluster.workload_identity),
    ]


def _data(settings: Settings, own: EnvironmentSettings) -> list[Rule]:
    """Return egress rules to databases, caches and file systems, on the ports that the environment uses."""
    ports = []
    if own.database is not None:
        key = own.database.cluster
        server = settings.aurora_clusters.get(key) or settings.databases[key]
        ports.append(server.port())
    if own.cache is not None:
        ports.append(settings.caches[own.cache.cache].port())
    if own.volumes:
        ports.append(NFS_PORT)
    peers = tuple(map(network, settings.network.data_cidrs()))
    return [Rule(peers, tuple(("TCP", port) for port in ports))] if ports else []


def _mesh(own: EnvironmentSettings) -> list[Rule]:
    """Return the egress rule to Istio's control plane, which a sidecar requires to start."""
    key, value = ISTIO_LABEL
    if own.labels.get(key) != value:
        return []
    istiod = {
        "namespaceSelector": {"matchLabels": {NAMESPACE_LABEL: "istio-system"}},
        "podSelector": {"matchLabels": {"app": "istiod"}},
    }
    return [Rule((istiod,), (("TCP", ISTIOD_PORT),))]
