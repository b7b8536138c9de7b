"""Parameters of parameter groups: RDS and ElastiCache refuse unknown names, values out of range and their own."""

from collections.abc import Iterator, Mapping

from catalog.parameters import AS_OF, EXTENSIONS, Parameter, elasticache, postgresql
from catalog.reading.problems import Path, Problem, nearest
from config.rules.stack import Rule, Stack


def parameters(stack: Stack) -> Iterator[Problem]:
    """The engine has the parameter, the service lets it be changed, and the value is one of its values."""
    settings = stack.settings
    for name, database in settings.databases.items():
        path: Path = ("databases", name, "parameters")
        because: tuple[Path, ...] = (("databases", name, "engine"),)
        if database.engine == "postgres":
            yield from _of(path, database.parameters, postgresql(), "PostgreSQL", because)
        else:
            yield from _of_another(path, database.parameters, because)
    for name, cluster in settings.aurora_clusters.items():
        yield from _of(("auroraClusters", name, "parameters"), cluster.parameters, postgresql(), "PostgreSQL")
    for name, cached in settings.caches.items():
        yield from _of(("caches", name, "parameters"), cached.parameters, elasticache(), "ElastiCache")


def _of(
    path: Path,
    given: Mapping[str, str],
    table: Mapping[str, Parameter],
    engine: str,
    because: tuple[Path, ...] = (),
) -> Iterator[Problem]:
    for name, value in given.items():
        known = table.get(name.lower())
        if known is None:
            if name.partition(".")[0] not in EXTENSIONS or "." not in name:
                yield _unknown((*path, name), name, table, engine, because)
        elif known.type == "fixed":
            yield Problem((*path, name), f"{name} is set by AWS and cannot be changed; remove it", because=because)
        elif (fault := known.fault(value)) is not None:
            yield Problem((*path, name), fault, because=because)


def _unknown(path: Path, name: str, table: Mapping[str, Parameter], engine: str, because: tuple[Path, ...]) -> Problem:
    if engine == "PostgreSQL" and name.startswith(_OF_MYSQL):
        return Problem(path, f"{name} is a parameter of MySQL, not of PostgreSQL; remove it", because=because)
    similar = nearest(name, sorted(table))
    if similar is not None:
        return Problem(path, f"unknown parameter {name!r} of {engine}; did you mean {similar}?", because=because)
    return Problem(
        path,
        f"{name} is not in the table of parameters of {engine} of {AS_OF}; check that the engine version has it, "
        "because AWS refuses an unknown parameter",
        "warning",
        because,
    )


def _of_another(path: Path, given: Mapping[str, str], because: tuple[Path, ...]) -> Iterator[Problem]:
    """Report parameters of MySQL that only PostgreSQL has: no table has those of MySQL."""
    for name in given:
        if (name.lower() in postgresql() and name.lower() not in _SHARED) or name.startswith("rds.force"):
            yield Problem(
                (*path, name), f"{name} is a parameter of PostgreSQL, not of MySQL; remove it", because=because
            )


_OF_MYSQL = ("binlog_", "character_set_", "collation_", "innodb_", "performance_schema", "query_cache_", "sql_mode")

_SHARED = frozenset({"event_source", "lc_messages", "max_connections", "port", "transaction_isolation"})
"""Parameters that both engines have."""

RULES: tuple[Rule, ...] = (parameters,)
