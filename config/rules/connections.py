"""Connections of environments to other resources in the VPC."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from config.rules.stack import Stack


def references(stack: Stack) -> Iterator[Problem]:
    """Databases, instances, models and the API client of the gateway exist and accept connections from pods."""
    for name, environment in stack.settings.environments.items():
        here: Path = ("environments", name, "connections")
        for kind, section, keys in (
            ("databases", "databases", environment.connections.databases),
            ("instances", "instances", environment.connections.instances),
            ("models", "workloads.vllm.models", environment.connections.models),
        ):
            for index, key in enumerate(keys):
                yield from stack.reference((*here, kind, index), key, section)
        yield from stack.reference((*here, "gateway"), environment.connections.gateway, "workloads.litellm.callers")
        for index, key in enumerate(environment.connections.databases):
            database = stack.settings.databases.get(key)
            if database is not None and not database.users:
                yield Problem(
                    (*here, "databases", index),
                    f"{key} has no users; add some to databases.{key}.users, or set database, so that the environment "
                    "has its own schema",
                    because=(("databases", key, "users"),),
                )
        for index, key in enumerate(environment.connections.instances):
            server = stack.settings.instances.get(key)
            if server is not None and not server.ports_for_nodes():
                yield Problem(
                    (*here, "instances", index),
                    f"{key} has no inbound rule for pods; set nodes: true for a port in instances.{key}.allowFrom",
                    because=(("instances", key, "allowFrom"),),
                )
