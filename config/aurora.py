"""Aurora PostgreSQL clusters of Serverless v2 instances."""

from typing import Literal, Self

from pydantic import Field, model_validator

from catalog.reading.model import Model, Ordered
from config.databases import Backups, MonitoringInterval, Parameters
from config.types.arns import KmsKeyArn
from config.types.databases import (
    DatabaseIdentifier,
    DatabaseName,
    DatabaseUser,
    EngineVersion,
    ParameterGroupName,
    SubnetGroupName,
)
from config.types.names import Tags
from config.types.network import SecurityGroupName
from config.types.times import RetentionDays, WeeklyWindow
from config.windows import daily_beside, weekly_after, windows_overlap

ENGINE = "aurora-postgresql"
PORT = 5432
INSTANCE_CLASS = "db.serverless"
INSIGHTS_ACU = 2
"""Minimum capacity for Performance Insights."""

TLS_ONLY = {"rds.force_ssl": "1"}


class Capacity(Ordered):
    """Capacity range of each instance in Aurora Capacity Units (ACU) of about 2 GiB of memory."""

    min: float = Field(default=0.5, ge=0, le=256, multiple_of=0.5)
    """Minimum capacity; 0 pauses instances without connections, on engine versions that support it."""

    max: float = Field(default=4, ge=1, le=256, multiple_of=0.5)
    """Maximum capacity, which limits the cost."""

    pause_after_seconds: int | None = Field(default=None, ge=300, le=86400)
    """With a minimum of 0: seconds without a connection until an instance pauses."""


class AuroraCluster(Model):
    """An entry of section `ai-platform:auroraClusters`. Its settings have the same names as those of `databases`."""

    engine_version: EngineVersion
    """A major version such as `"17"` follows Aurora's minor upgrades; `"17.7"` pins one."""

    allow_major_version_upgrade: bool = False
    """Whether a change of `engineVersion` may raise the major version; Aurora rejects such a change otherwise. It runs
    in the maintenance window, interrupts the database for minutes and cannot be undone: test it on a restored snapshot
    first. The parameter group of the old version is in use until then, and the next `pulumi up` deletes it."""

    identifier: DatabaseIdentifier | None = None
    """Cluster identifier. Default: `<project>-<key>-aurora`."""

    instance_prefix: DatabaseIdentifier | None = None
    """Prefix of instance identifiers (`<prefix>-writer`, `<prefix>-reader`, `<prefix>-reader-2`) and of the final
    snapshot. Default: the cluster identifier. A failover changes the roles of instances, not their names."""

    readers: int = Field(default=1, ge=0, le=15)
    """Number of readers; the first one is the failover target."""

    database_name: DatabaseName
    """Name of the initial database."""

    master_username: DatabaseUser = "platform"
    """Master user; RDS generates, stores and rotates its password. Workloads have their own users."""

    capacity: Capacity = Capacity()
    """Capacity range of each instance."""

    storage: Literal["standard", "ioOptimized"] = "standard"
    """Storage configuration: Standard bills I/O requests; I/O-Optimized does not, at higher prices for capacity and
    storage."""

    kms_key_arn: KmsKeyArn | None = None
    """KMS key of the storage. Default: the account's aws/rds key."""

    backups: Backups = Backups()
    """Automated backups; Aurora requires a retention of at least one day."""

    maintenance_window: WeeklyWindow = "sun:04:00-sun:05:00"
    """UTC."""

    log_exports: tuple[Literal["postgresql", "iam-db-auth-error", "instance"], ...] = ("postgresql",)
    """Logs that are exported to CloudWatch."""

    log_retention_days: RetentionDays = 30
    """Retention of exported logs in days."""

    parameters: Parameters = {}
    """Parameters of the cluster parameter group, in addition to the one that enforces TLS."""

    parameter_group: ParameterGroupName | None = None
    """Name of the cluster parameter group. Default: `<identifier>-postgresql<major>`. Change an explicit name with the
    major version: the group's family changes, and both groups exist during the upgrade."""

    performance_insights: bool = True
    """Whether the load by query is collected for seven days, free of charge, and shown in Database Insights.
    Default: with a maximum capacity of at least 2 ACU, as AWS recommends: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html"""

    monitoring_interval_seconds: MonitoringInterval = 0
    """Interval of Enhanced Monitoring, the metrics of the operating system of each instance: billed as CloudWatch Logs;
    0 is off. A role for RDS is created."""

    deletion_protection: bool = True
    """Whether RDS rejects its deletion until this is false."""

    final_snapshot: bool = True
    """Whether a snapshot is created on deletion."""

    subnet_group: SubnetGroupName | None = None
    """Name of the DB subnet group. Default: `<identifier>-subnets`."""

    security_group: SecurityGroupName | None = None
    """Name of the security group. Default: `<identifier>-sg`."""

    tags: Tags = {}
    """Tags of the cluster, in addition to the platform's."""

    @model_validator(mode="after")
    def _insights_need_memory(self) -> Self:
        if "performance_insights" not in self.model_fields_set and self.capacity.max < INSIGHTS_ACU:
            self.follow(performance_insights=False)
        return self

    @model_validator(mode="after")
    def _windows_apart(self) -> Self:
        daily, weekly = self.backups, self.maintenance_window
        if windows_overlap(daily.window, weekly) and "maintenance_window" not in self.model_fields_set:
            self.follow(maintenance_window=weekly_after(daily.window))
        elif windows_overlap(daily.window, weekly) and "window" not in daily.model_fields_set:
            self.follow(backups=daily.model_copy(update={"window": daily_beside(daily.window, weekly)}))
        return self

    def port(self) -> int:
        """Return the port of PostgreSQL."""
        return PORT

    def major_version(self) -> str:
        """Return the major version: `17` of 17.7."""
        return self.engine_version.split(".", maxsplit=1)[0]

    def all_parameters(self) -> dict[str, str]:
        """Return the stack's parameters and the one that enforces TLS."""
        return {**TLS_ONLY, **self.parameters}

    def instance_names(self, identifier: str) -> list[str]:
        """Return the identifiers of the writer and the readers, in this order."""
        prefix = self.instance_prefix or identifier
        readers = ["reader" if number == 1 else f"reader-{number}" for number in range(1, self.readers + 1)]
        return [f"{prefix}-{role}" for role in ("writer", *readers)]
