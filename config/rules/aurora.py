"""Aurora clusters: what the instances scale between, and what Aurora does otherwise than RDS."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from catalog.support import support
from config.aurora import ENGINE
from config.rules.stack import Rule, Stack, in_order
from config.rules.support import before

INSIGHTS_FROM = 2
"""https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html"""


def capacity(stack: Stack) -> Iterator[Problem]:
    """Instances scale upwards, and pause where the version can."""
    for name, cluster in stack.settings.aurora_clusters.items():
        path: Path = ("auroraClusters", name)
        here, size = (*path, "capacity"), cluster.capacity
        yield from in_order(here, size)
        if size.pause_after_seconds is not None and size.min > 0:
            yield Problem(
                (*here, "pauseAfterSeconds"),
                f"is not used, because instances stop at min, {size.min:g}; write min: 0, or remove it",
                because=((*here, "min"),),
            )
        version = support()[ENGINE].versions.get(cluster.major_version())
        # What cannot be created at all is another rule's to say.
        creatable = version is not None and not before(cluster.engine_version, version.oldest)
        if size.min == 0 and version is not None and creatable and before(cluster.engine_version, version.pauses):
            yield Problem(
                (*here, "min"),
                f"0 lets instances pause, which Aurora PostgreSQL {cluster.engine_version} cannot; "
                f"write engineVersion {version.pauses} or newer, or min: 0.5",
                because=((*path, "engineVersion"),),
            )
        if cluster.performance_insights and size.min <= size.max < INSIGHTS_FROM:
            yield Problem(
                (*here, "max"),
                f"{size.max:g} leaves Performance Insights too little memory; AWS advises {INSIGHTS_FROM} or more, "
                "or write performanceInsights: false",
                severity="warning",
                because=((*path, "performanceInsights"),),
            )


def options(stack: Stack) -> Iterator[Problem]:
    """Aurora always has backups, and a name means one database."""
    for name, cluster in stack.settings.aurora_clusters.items():
        path: Path = ("auroraClusters", name)
        if name in stack.names("databases"):
            yield Problem(path, f"{name} is a name in databases too, and environments could mean both; rename one")
        if cluster.backups.retention_days == 0:
            yield Problem((*path, "backups", "retentionDays"), "0 is not offered by Aurora; write 1 to 35")


RULES: tuple[Rule, ...] = (capacity, options)
