"""ElastiCache replication groups, in one shard, so that databases can be numbered."""

from typing import Annotated, Literal

from pydantic import Field

from catalog.reading.model import Model
from config.overrides import Override, ParameterValue, Refused
from config.types.aws import Arn
from config.types.databases import CacheNodeType, EngineVersion, ReplicationGroupId
from config.types.names import Name
from config.types.times import DailyWindow, WeeklyWindow

PORT = 6379
DATABASES = 16
"""The engines' default of `databases`: indexes 0 to 15."""

Parameters = Annotated[
    dict[str, ParameterValue],
    Override("parameter", (Refused(("databases", "cluster-enabled"), "environments use 16 numbered databases"),)),
]
"""Entries of a parameter group."""


class Snapshots(Model):
    """Daily snapshots."""

    retention_days: int = Field(default=1, ge=0, le=35)
    """How many are kept; 0 makes none."""

    window: DailyWindow = "05:00-06:00"
    """UTC."""


class Cache(Model):
    """Named in section `ai-platform:caches`. Reached by TLS alone, with a user for each environment."""

    engine: Literal["valkey", "redis"] = "valkey"
    """Valkey speaks Redis's protocol and costs a fifth less."""

    engine_version: EngineVersion
    """Such as `"8.1"` of Valkey or `"7.1"` of Redis: major and minor version, which stay."""

    identifier: ReplicationGroupId | None = None
    """`<project>-<key>` when left out."""

    node_type: CacheNodeType
    """The size of each node, such as cache.r7g.large."""

    nodes: int = Field(default=2, ge=1, le=6)
    """The primary and its replicas. With two or more they stand in several zones and take over by themselves."""

    parameters: Parameters = {}
    """Entries of the parameter group."""

    snapshots: Snapshots = Snapshots()
    """What is kept to restore from."""

    maintenance_window: WeeklyWindow = "sun:06:00-sun:07:00"
    """UTC."""

    kms_key_arn: Arn | None = None
    """The key that encrypts it; ElastiCache's own when left out."""

    service: Name | None = None
    """An ExternalName Service of this name in namespace `default` leads to the primary. Its name is in no certificate:
    clients that check TLS need the real name, which the environments' ConfigMaps hold."""

    def port(self) -> int:
        """The engines' port."""
        return PORT

    def family(self) -> str:
        """The parameter group family: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html"""
        major = self.engine_version.split(".", maxsplit=1)[0]
        # One family for all of Redis 6, which is not named after the others' fashion.
        return f"{self.engine}{major}" + (".x" if (self.engine, major) == ("redis", "6") else "")
