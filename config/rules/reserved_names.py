"""Names of initial databases and master users that the engine reserves."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from catalog.reserved_names import reserved_database, reserved_user
from config.rules.stack import Rule, Stack

TITLES = {"postgres": "PostgreSQL", "mysql": "MySQL"}


def _servers(stack: Stack) -> Iterator[tuple[Path, str, str, str]]:
    for name, database in stack.settings.databases.items():
        yield ("databases", name), database.engine, database.database_name, database.master_username
    for name, cluster in stack.settings.aurora_clusters.items():
        yield ("auroraClusters", name), "postgres", cluster.database_name, cluster.master_username


def reserved(stack: Stack) -> Iterator[Problem]:
    """RDS accepts the name of the initial database and of the master user."""
    for path, engine, database, user in _servers(stack):
        because: tuple[Path, ...] = ((*path, "engine"),)
        if reserved_database(engine, database):
            message = f"{database} is reserved by {TITLES[engine]}; choose another name, such as {database}_data"
            yield Problem((*path, "databaseName"), message, because=because)
        elif database == engine == "postgres":
            yield Problem(
                (*path, "databaseName"),
                "postgres is the database that every user can connect to and that exists anyway; choose another name",
                severity="warning",
                because=because,
            )
        if reserved_user(engine, user):
            message = f"{user} is reserved by {TITLES[engine]}; choose another name, such as platform"
            yield Problem((*path, "masterUsername"), message, because=because)


RULES: tuple[Rule, ...] = (reserved,)
