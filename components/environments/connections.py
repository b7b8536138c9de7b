"""What the services of an environment reach beside their own schema, cache and files."""

from collections.abc import Iterator, Mapping

import pulumi

from components.data.server import DatabaseServer
from components.kubernetes.network_policy import Rule, network
from config.environments import Environment
from config.settings import Settings


def database_variables(key: str, server: DatabaseServer) -> dict[str, pulumi.Input[str]]:
    """Where a database of the stack file is; who logs in there is an application's own secret."""
    prefix = f"{key.upper().replace('-', '_')}_DATABASE"
    return {
        f"{prefix}_HOST": server.address,
        f"{prefix}_PORT": str(server.port),
        f"{prefix}_NAME": server.database_name,
    }


def connection_settings(own: Environment, databases: Mapping[str, DatabaseServer]) -> dict[str, pulumi.Input[str]]:
    """What the ConfigMap says: the variables of each database."""
    found: dict[str, pulumi.Input[str]] = {}
    for key in own.connections.databases:
        found |= database_variables(key, databases[key])
    return found


def to_connections(settings: Settings, own: Environment) -> list[Rule]:
    """The databases, and the ports that instances open to pods: in the subnets where they stand, because an address is
    another one when an instance is made anew. Their security groups close what else stands there."""
    data = tuple(map(network, settings.network.data_cidrs()))
    databases = sorted({settings.databases[key].port() for key in own.connections.databases})
    rules = [Rule(data, tuple(("TCP", port) for port in databases))] if databases else []
    return [*rules, *_to_instances(settings, own)]


def _to_instances(settings: Settings, own: Environment) -> Iterator[Rule]:
    tiers = settings.network.tiers()
    for key in own.connections.instances:
        server = settings.instances[key]
        subnets = tiers.public if server.stands_in() == "public" else tiers.private
        where = tuple(network(str(subnet.cidr)) for subnet in subnets if subnet.zone in server.zones)
        yield Rule(where, tuple(("TCP", port) for port in server.ports_for_nodes()))
