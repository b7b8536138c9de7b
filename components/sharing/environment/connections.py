"""Connections of an environment's services in addition to its own schema, cache and files."""

from collections.abc import Iterator, Mapping
from typing import Any

import pulumi

from components.context.context import WorkloadContext
from components.context.endpoints import Endpoint
from components.data.secret import Secret
from components.data.server import DatabaseServer
from components.kubernetes.network_policy import Rule, namespace, network, tcp
from components.kubernetes.pods import labels, selector
from config.environments import Environment
from config.parts import reached
from config.settings import Settings


def database_variables(key: str, server: DatabaseServer) -> dict[str, pulumi.Input[str]]:
    """Return the address of a database of the stack file. Its login is an application's own secret."""
    prefix = f"{key.upper().replace('-', '_')}_DATABASE"
    return {
        f"{prefix}_HOST": server.address,
        f"{prefix}_PORT": str(server.port),
        f"{prefix}_NAME": server.database_name,
    }


def model_variables(name: str, endpoint: Endpoint) -> dict[str, pulumi.Input[str]]:
    """Return the URL of a language model, and the model's name in requests."""
    prefix = _model_prefix(name)
    return {f"{prefix}_URL": endpoint.base_url, f"{prefix}_NAME": endpoint.model}


def api_keys(own: Environment, platform: WorkloadContext) -> dict[str, tuple[Secret, str]]:
    """Return by variable the secret of each model and of the gateway's virtual key, and the property with the key."""
    found = {
        f"{_model_prefix(key)}_API_KEY": (platform.endpoints[key].secret, platform.endpoints[key].key)
        for key in own.connections.models
    }
    if own.connections.gateway is not None:
        gateway = platform.callers[own.connections.gateway]
        found["GATEWAY_API_KEY"] = gateway.secret, gateway.key
    return found


def _model_prefix(model: str) -> str:
    return f"{model.upper().replace('-', '_')}_MODEL"


def connection_settings(environment: str, own: Environment, platform: WorkloadContext) -> dict[str, pulumi.Input[str]]:
    """Return the settings of the ConfigMap: the variables of each database and model, and the URL of the gateway."""
    found: dict[str, pulumi.Input[str]] = {}
    for key in own.connections.databases:
        found |= database_variables(key, platform.databases[key])
    for key in own.connections.models:
        found |= model_variables(key, platform.endpoints[key])
    if own.connections.gateway is not None:
        found["GATEWAY_URL"] = platform.callers[own.connections.gateway].base_url
    return found | store_variables(environment, platform)


def store_variables(environment: str, platform: WorkloadContext) -> dict[str, pulumi.Input[str]]:
    """Return what clients need for the TLS of the stores in the cluster that serve the environment: the certificate of
    their authority (PEM), and variables of each store."""
    found: dict[str, pulumi.Input[str]] = {}
    for workload, _ in reached(platform.settings, environment):
        found |= workload.client_variables()
    return {**found, "STORES_CA_CERTIFICATE": platform.authority.certificate} if found else {}


def to_connections(settings: Settings, environment: str) -> list[Rule]:
    """Return egress rules to the databases, and to the ports that instances open to pods.

    The rules list the subnets of the instances, because the address of an instance changes when it is replaced.
    Security groups restrict access to other resources in those subnets.
    """
    own, data = settings.environments[environment], tuple(map(network, settings.network.data_cidrs()))
    databases = sorted({settings.databases[key].port() for key in own.connections.databases})
    rules = [Rule(data, tcp(*databases))] if databases else []
    return [*rules, *_to_instances(settings, own), *_to_workloads(settings, environment)]


def _to_workloads(settings: Settings, environment: str) -> Iterator[Rule]:
    """Yield egress rules to the pods of workloads that serve the environment."""
    found: dict[tuple[str, tuple[int, ...]], list[Mapping[str, Any]]] = {}
    for workload, served in reached(settings, environment):
        pod = {"podSelector": {"matchLabels": selector(labels(*served.pods))}} if served.pods else {}
        place = workload.own_namespace()
        found.setdefault((place, served.ports), []).append({**namespace(place), **pod})
    for (_, ports), peers in found.items():
        yield Rule(tuple(peers), tcp(*ports))


def _to_instances(settings: Settings, own: Environment) -> Iterator[Rule]:
    tiers = settings.network.tiers()
    for key in own.connections.instances:
        server = settings.instances[key]
        subnets = tiers.public if server.stands_in() == "public" else tiers.private
        where = tuple(network(str(subnet.cidr)) for subnet in subnets if subnet.zone in server.zones)
        yield Rule(where, tcp(*server.ports_for_nodes()))
