"""What environments reach in the VPC beside what is theirs."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack


def answers(stack: Stack) -> Iterator[Problem]:
    """Databases and instances answer to pods."""
    for name, environment in stack.settings.environments.items():
        here: Path = ("environments", name, "connections")
        for index, key in enumerate(environment.connections.databases):
            database = stack.settings.databases.get(key)
            if database is not None and not database.users:
                yield Problem(
                    (*here, "databases", index),
                    f"{key} has no users to log in as; name some in databases.{key}.users, or give the environment a "
                    "schema of its own with database",
                    because=(("databases", key, "users"),),
                )
        for index, key in enumerate(environment.connections.instances):
            server = stack.settings.instances.get(key)
            if server is not None and not server.ports_for_nodes():
                yield Problem(
                    (*here, "instances", index),
                    f"{key} opens no port to pods; write nodes: true beside a port of instances.{key}.allowFrom",
                    because=(("instances", key, "allowFrom"),),
                )


RULES: tuple[Rule, ...] = (answers,)
