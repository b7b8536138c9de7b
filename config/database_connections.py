"""Connections of the clients of a database, at most: replicas, their processes, and the pool of each."""

from collections.abc import Iterator
from typing import NamedTuple

from catalog.database_connections import aurora_connections, rds_connections
from catalog.reading.problems import Path
from config.settings import Settings

SURGE = 1
"""Replicas that a rollout starts in addition: see `components.kubernetes.scaling`."""

RESERVED = 10
"""Connections for superusers (3), RDS (2), and Jobs: migrations, users, dumps.
https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SUPERUSER-RESERVED-CONNECTIONS"""

PARAMETER = "max_connections"


class Client(NamedTuple):
    """A client of a database, and what decides the number of its connections."""

    database: str
    path: Path
    connections: int
    assumed: bool = False
    """Whether the stack file does not set the pool of an application."""


def clients(settings: Settings) -> Iterator[Client]:
    """Yield the clients of each database, by its key in `databases` or `auroraClusters`."""
    for one in settings.workloads.wanted():
        key, connections = getattr(one.settings, "database", None), one.settings.database_connections(SURGE)
        if isinstance(key, str) and connections:
            yield Client(key, one.path, connections)
    for environment, stated in settings.environments.items():
        used = [stated.database.cluster] if stated.database is not None else []
        for name, service in stated.services.items():
            if name not in settings.applications:
                continue
            application = service.of(settings.applications[name])
            replicas = application.scaling.max if application.scaling is not None else application.replicas
            for key in dict.fromkeys((*used, *stated.connections.databases)):
                yield Client(
                    key,
                    ("environments", environment, "services", name),
                    (replicas + SURGE if replicas else 0) * application.database_connections,
                    assumed="database_connections" not in settings.applications[name].model_fields_set,
                )


def accepted(settings: Settings, key: str) -> tuple[int, Path] | None:
    """Return how many connections a database accepts, and the setting that decides it; None if that is unknown."""
    database, cluster = settings.databases.get(key), settings.aurora_clusters.get(key)
    if database is not None:
        own, path = database.parameters.get(PARAMETER, ""), ("databases", key)
        if own.isdigit():
            return int(own), (*path, "parameters", PARAMETER)
        known = rds_connections(database.instance_class, database.engine)
        return None if known is None else (known, (*path, "instanceClass"))
    if cluster is not None:
        own = cluster.parameters.get(PARAMETER, "")
        if own.isdigit():
            return int(own), ("auroraClusters", key, "parameters", PARAMETER)
        return aurora_connections(cluster.capacity.min, cluster.capacity.max), (
            "auroraClusters",
            key,
            "capacity",
            "max",
        )
    return None
