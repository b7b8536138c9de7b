"""Connections of environments to other resources in the VPC."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack


def answers(stack: Stack) -> Iterator[Problem]:
    """Databases have users, and instances have inbound rules for pods."""
    for name, environment in stack.settings.environments.items():
        here: Path = ("environments", name, "connections")
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


RULES: tuple[Rule, ...] = (answers,)
