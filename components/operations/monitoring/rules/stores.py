"""Alerts on the databases and caches of an environment, by CloudWatch metrics."""

from components.operations.monitoring.rules.rule import Alert, Group
from config.environments import Alerts
from config.settings import Settings

CACHE_MEMORY_PERCENT = 80
"""Per cent of memory. Above it a cache is close to evicting keys."""

AURORA_CAPACITY = "aws_rds_acuutilization_average"
"""Per cent of the maximum capacity units:
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
"""

AURORA_UNITS = "aws_rds_serverless_database_capacity_average"
DATABASE_CPU = "aws_rds_cpuutilization_average"
CONNECTIONS = "aws_rds_database_connections_average"
CACHE_MEMORY = "aws_elasticache_database_memory_usage_percentage_average"
CACHE_CPU = "aws_elasticache_engine_cpuutilization_average"


def database(settings: Settings, key: str) -> str:
    """Return the expression for the used capacity of a database, in per cent."""
    if key in settings.aurora_clusters:
        return _highest(AURORA_CAPACITY, "dimension_DBClusterIdentifier", f'="{settings.aurora_identifier(key)}"')
    return _highest(DATABASE_CPU, "dimension_DBInstanceIdentifier", f'="{settings.database_identifier(key)}"')


def cache_memory(settings: Settings, key: str) -> str:
    """Return the expression for the used memory of a cache on each node, in per cent."""
    return _highest(CACHE_MEMORY, "dimension_CacheClusterId", f'=~"{settings.cache_identifier(key)}-[0-9]+"')


def _highest(metric: str, dimension: str, chosen: str) -> str:
    return f"max by ({dimension}) ({metric}{{{dimension}{chosen}}})"


def store_alerts(settings: Settings, environment: str, alerts: Alerts) -> Group | None:
    """Return the alerts on capacity and memory, and on missing metrics: an alert without data never fires."""
    chosen, namespace = settings.environments[environment], settings.namespace(environment)
    found: list[Alert] = []
    if chosen.database is not None:
        expression, name = database(settings, chosen.database.cluster), f"Database {chosen.database.cluster}"
        found.append(
            Alert(
                "DatabaseCapacityHigh",
                f"{expression} > {alerts.database_percent}",
                "critical",
                f"{name} is nearly at its limit",
                f"{{{{ $value | humanize }}}} % of its capacity is used, more than {alerts.database_percent} %."
                " Every environment on it gets slower.",
                "a-database-or-cache-is-nearly-full",
                "10m",
            )
        )
        found.append(_unwatched("Database", expression, name))
    if chosen.cache is not None:
        expression, name = cache_memory(settings, chosen.cache.cache), f"Cache {chosen.cache.cache}"
        found.append(
            Alert(
                "CacheMemoryHigh",
                f"{expression} > {CACHE_MEMORY_PERCENT}",
                "critical",
                f"{name} is nearly full",
                "{{ $value | humanize }} % of the memory of {{ $labels.dimension_CacheClusterId }} is used.",
                "a-database-or-cache-is-nearly-full",
                "10m",
            )
        )
        found.append(_unwatched("Cache", expression, name))
    return Group("stores", environment, namespace, tuple(found)) if found else None


def _unwatched(store: str, expression: str, name: str) -> Alert:
    return Alert(
        f"{store}NotWatched",
        f"absent({expression})",
        "warning",
        f"{name} is not measured",
        "CloudWatch has had no metric of it for half an hour, so no alert about it can fire.",
        "a-database-or-cache-is-not-measured",
        "30m",
    )
