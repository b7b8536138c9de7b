"""Connections of the clients of a database: see `config.database_connections`."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.database_connections import RESERVED, Client, accepted, clients
from config.rules.stack import Rule, Stack


def enough(stack: Stack) -> Iterator[Problem]:
    """A database accepts the connections of all its clients at the same time."""
    by_database: dict[str, list[Client]] = {}
    for client in clients(stack.settings):
        by_database.setdefault(client.database, []).append(client)
    for key, listed in by_database.items():
        found, total = accepted(stack.settings, key), sum(client.connections for client in listed)
        if found is None or total + RESERVED <= found[0]:
            continue
        known = sum(client.connections for client in listed if not client.assumed)
        told = ", ".join(
            f"{client.connections} of {'.'.join(map(str, client.path))}" for client in listed if client.connections
        )
        yield Problem(
            found[1],
            f"accepts {found[0]} connections, {RESERVED} of which are reserved, but its clients open up to {total} "
            f"with all replicas: {told}; decrease replicas, connections or databaseConnections, or choose a larger one",
            # What the stack file does not say is an assumption.
            severity="error" if known + RESERVED > found[0] else "warning",
        )


RULES: tuple[Rule, ...] = (enough,)
