"""Aurora clusters: capacity range, and options in which Aurora differs from RDS instances."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from catalog.support import support
from config.aurora import ENGINE, INSIGHTS_ACU
from config.rules.stack import Rule, Stack, in_order
from config.rules.support import before


def capacity(stack: Stack) -> Iterator[Problem]:
    """The capacity range is valid, and instances pause only where the engine version supports it."""
    for name, cluster in stack.settings.aurora_clusters.items():
        path: Path = ("auroraClusters", name)
        here, size = (*path, "capacity"), cluster.capacity
        yield from in_order(here, size)
        if size.pause_after_seconds is not None and size.min > 0:
            yield Problem(
                (*here, "pauseAfterSeconds"),
                f"has no effect, because the minimum capacity is {size.min:g}; set min: 0, or remove it",
                because=((*here, "min"),),
            )
        version = support()[ENGINE].versions.get(cluster.major_version())
        # What cannot be created at all is another rule's to say.
        creatable = version is not None and not before(cluster.engine_version, version.oldest)
        if size.min == 0 and version is not None and creatable and before(cluster.engine_version, version.pauses):
            yield Problem(
                (*here, "min"),
                f"Aurora PostgreSQL {cluster.engine_version} cannot pause at 0; "
                f"set engineVersion {version.pauses} or later, or min: 0.5",
                because=((*path, "engineVersion"),),
            )
        if cluster.performance_insights and size.min <= size.max < INSIGHTS_ACU:
            yield Problem(
                (*here, "max"),
                f"{size.max:g} is not enough memory for Performance Insights; set {INSIGHTS_ACU} or more, as AWS "
                "recommends, or performanceInsights: false",
                severity="warning",
                because=((*path, "performanceInsights"),),
            )


def options(stack: Stack) -> Iterator[Problem]:
    """Aurora always has backups, and a name is unique among databases."""
    for name, cluster in stack.settings.aurora_clusters.items():
        path: Path = ("auroraClusters", name)
        if name in stack.names("databases"):
            yield Problem(path, f"{name} is also a key of databases; rename one of them")
        if cluster.backups.retention_days == 0:
            yield Problem((*path, "backups", "retentionDays"), "Aurora does not support 0; set 1 to 35")


RULES: tuple[Rule, ...] = (capacity, options)
