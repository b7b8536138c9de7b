"""ElastiCache replication groups with one shard, so that numbered databases are available."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from catalog.reading.model import Model
from config.overrides import Override, ParameterValue, Refused
from config.types.arns import KmsKeyArn
from config.types.databases import CacheNodeType, EngineVersion, ReplicationGroupId
from config.types.names import Name
from config.types.times import DailyWindow, WeeklyWindow
from config.windows import daily_beside, weekly_after, windows_overlap

PORT = 6379
DATABASES = 16
"""Default number of databases of the engines: indexes 0 to 15."""

Parameters = Annotated[
    dict[str, ParameterValue],
    Override(
        "parameter",
        (Refused(("databases", "cluster-enabled"), "environments use 16 numbered databases"),),
    ),
]
"""Parameters of a parameter group."""


class Snapshots(Model):
    """Daily snapshots."""

    retention_days: int = Field(default=1, ge=0, le=35)
    """Retention in days; 0 disables snapshots."""

    window: DailyWindow = "05:00-06:00"
    """UTC."""


class Cache(Model):
    """An entry of section `ai-platform:caches`: TLS only, with a user for each environment."""

    engine: Literal["valkey", "redis"] = "valkey"
    """Engine; Valkey is compatible with Redis and costs 20 % less."""

    engine_version: EngineVersion
    """Major and minor version, such as `"8.1"` of Valkey or `"7.1"` of Redis."""

    identifier: ReplicationGroupId | None = None
    """Replication group ID. Default: `<project>-<key>`."""

    node_type: CacheNodeType
    """Node type, such as cache.r7g.large."""

    nodes: int = Field(default=2, ge=1, le=6)
    """Number of nodes: a primary and replicas. With two or more, they are in several zones, with automatic failover."""

    parameters: Parameters = {}
    """Parameters of the parameter group."""

    snapshots: Snapshots = Snapshots()
    """Time and retention of daily snapshots."""

    maintenance_window: WeeklyWindow = "sun:06:00-sun:07:00"
    """UTC."""

    kms_key_arn: KmsKeyArn | None = None
    """KMS key of data at rest. Default: a key of ElastiCache."""

    service: Name | None = None
    """Name of an ExternalName Service of the primary in namespace `default`. The certificate does not include its name:
    clients that verify TLS need the endpoint's name, which is in the environments' ConfigMaps."""

    @model_validator(mode="after")
    def _windows_apart(self) -> Self:
        daily, weekly = self.snapshots, self.maintenance_window
        if windows_overlap(daily.window, weekly) and "maintenance_window" not in self.model_fields_set:
            self.follow(maintenance_window=weekly_after(daily.window))
        elif windows_overlap(daily.window, weekly) and "window" not in daily.model_fields_set:
            self.follow(snapshots=daily.model_copy(update={"window": daily_beside(daily.window, weekly)}))
        return self

    def port(self) -> int:
        """Return the port of the engines."""
        return PORT

    def family(self) -> str:
        """Return the parameter group family: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html"""
        major = self.engine_version.split(".", maxsplit=1)[0]
        # One family for all of Redis 6, which is not named after the others' fashion.
        return f"{self.engine}{major}" + (".x" if (self.engine, major) == ("redis", "6") else "")
