"""RDS instances."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from catalog.reading.model import Model
from catalog.volumes import Volume
from config.overrides import Override, ParameterValue, Refused
from config.types.arns import KmsKeyArn, SnapshotArn
from config.types.aws import Region
from config.types.databases import (
    DatabaseClass,
    DatabaseIdentifier,
    DatabaseName,
    DatabaseUser,
    EngineVersion,
    MysqlUserName,
    SubnetGroupName,
)
from config.types.network import Cidr, SecurityGroupName
from config.types.references import GeneratedSecretRef, ScheduleRef
from config.types.times import DailyWindow, RetentionDays, WeeklyWindow
from config.windows import daily_beside, weekly_after, windows_overlap

PORTS = {"postgres": 5432, "mysql": 3306}
LOG_EXPORTS = {"postgres": ("postgresql", "upgrade"), "mysql": ("error", "slowquery")}
TLS = Refused(("rds.force_ssl", "require_secure_transport"), "the database accepts TLS connections only")

INSIGHTS_DAYS = 7
"""Free retention of Performance Insights in days: https://aws.amazon.com/rds/performance-insights/pricing/"""

TOO_SMALL = frozenset(f"db.{family}.{size}" for family in ("t2", "t3", "t4g") for size in ("micro", "small"))
"""Classes on which RDS for MySQL has no Performance Insights.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.Engines.html
"""

Parameters = Annotated[dict[str, ParameterValue], Override("parameter", (TLS,))]
"""Parameters of a parameter group."""

PARAMETERS = {
    # TLS is the only way in: rds.force_ssl is the default since PostgreSQL 15, require_secure_transport is not.
    "postgres": {"rds.force_ssl": "1"},
    "mysql": {"require_secure_transport": "ON"},
}


LARGEST_GIB = 65_536
GROWTH = 1.1
"""Minimum ratio of the maximum to the allocated storage:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html"""


class Storage(Model):
    """The volume of a database, encrypted."""

    size_gib: int = Field(default=20, ge=20, le=65536)
    """Initial size in GiB."""

    max_gib: int | None = Field(default=100, ge=20, le=65536)
    """Maximum size of storage autoscaling in GiB; null disables autoscaling. Default: 100, or twice `sizeGib` if
    100 leaves no room to grow."""

    type: Literal["gp3", "gp2", "io1", "io2"] = "gp3"
    """Volume type; gp2, the former default of RDS, has fewer IOPS than gp3 below 1 TiB."""

    iops: int | None = Field(default=None, ge=1000, le=256000)
    """Provisioned IOPS: required by io1 and io2, supported by gp3 from 400 GiB, not supported by gp2."""

    kms_key_arn: KmsKeyArn | None = None
    """KMS key of the storage. Default: the account's aws/rds key."""

    @model_validator(mode="after")
    def _room_to_grow(self) -> Self:
        least = GROWTH * self.size_gib
        if "max_gib" not in self.model_fields_set and self.max_gib is not None and self.max_gib < least:
            most = min(2 * self.size_gib, LARGEST_GIB)
            self.follow(max_gib=most if most >= least else None)
        return self

    def volume(self) -> Volume:
        """Return the volume that is requested."""
        return Volume(self.type, self.size_gib, self.iops)


class Backups(Model):
    """Automated backups with point-in-time recovery."""

    retention_days: int = Field(default=7, ge=0, le=35)
    """Retention in days; 0 disables backups."""

    window: DailyWindow = "03:00-04:00"
    """UTC."""


MonitoringInterval = Literal[0, 1, 5, 10, 15, 30, 60]
"""https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html"""


class Insight(Model):
    """What RDS records about an instance, beyond the metrics of CloudWatch."""

    performance_insights: bool = False
    """Whether the load by query is collected for seven days, free of charge, and shown in Database Insights. Default:
    true in environment production or prod, if the class supports it."""

    interval_seconds: MonitoringInterval = 0
    """Interval of Enhanced Monitoring, the metrics of the operating system: billed as CloudWatch Logs; 0 is off. A role
    for RDS is created."""


class Login(Model):
    """Login of a database user."""

    secret: GeneratedSecretRef
    """A key of `secrets` with `generate: true`, which has the password in `password`."""


class Database(Model):
    """An entry of section `ai-platform:databases`."""

    engine: Literal["postgres", "mysql"]
    """Database engine."""

    engine_version: EngineVersion
    """A major version such as `"17"` follows RDS's minor upgrades; `"17.7"` pins one."""

    allow_major_version_upgrade: bool = False
    """Whether a change of `engineVersion` may raise the major version; RDS rejects such a change otherwise. It runs in
    the maintenance window, interrupts the database for minutes and cannot be undone: test it on a restored snapshot
    first. The parameter group of the old version is in use until then, and the next `pulumi up` deletes it."""

    instance_class: DatabaseClass
    """Instance class, such as db.t4g.small."""

    identifier: DatabaseIdentifier | None = None
    """DB instance identifier. Default: `<project>-<key>-db`."""

    database_name: DatabaseName
    """Name of the initial database."""

    master_username: DatabaseUser = "platform"
    """Master user; RDS generates, stores and rotates its password. Workloads have their own users."""

    multi_az: bool = False
    """Whether there is a standby in another zone, at twice the price."""

    storage: Storage = Storage()
    """Storage."""

    backups: Backups = Backups()
    """Automated backups."""

    replicate_to: Region | None = None
    """Region to which RDS replicates its automated backups, snapshots and transaction logs, for as many days as
    `backups.retentionDays`. Point-in-time recovery is then possible there, to a few minutes before the loss of this
    region. Default: none."""

    maintenance_window: WeeklyWindow = "sun:04:00-sun:05:00"
    """UTC."""

    log_exports: tuple[str, ...] | None = None
    """Logs that are exported to CloudWatch. Default: the usual logs of the engine."""

    log_retention_days: RetentionDays = 30
    """Retention of exported logs in days."""

    insight: Insight = Insight()
    """Performance Insights and Enhanced Monitoring."""

    parameters: Parameters = {}
    """Parameters of the parameter group, in addition to the one that enforces TLS."""

    deletion_protection: bool = False
    """Whether RDS rejects its deletion until this is false. Default: true in environment production or prod, unless
    `project.deletionProtection` is false."""

    snapshot: SnapshotArn | None = None
    """ARN of the DB snapshot or recovery point from which the database is restored, with its master user and database
    name. Do not change or remove it later: a change replaces the database."""

    final_snapshot: bool = True
    """Whether a snapshot is created on deletion."""

    subnet_group: SubnetGroupName | None = None
    """Name of the DB subnet group. Default: `<identifier>-subnets`."""

    security_group: SecurityGroupName | None = None
    """Name of the security group. Default: `<identifier>-sg`."""

    egress_cidrs: tuple[Cidr, ...] = ()
    """Networks to which the instance can open connections, for example for foreign tables. Default: none."""

    users: dict[MysqlUserName, Login] = {}
    """Users of a MySQL database by name, each with all privileges on this database only. Workloads and environments
    define the users of PostgreSQL."""

    schedule: ScheduleRef | None = None
    """Schedule of stop and start (a key of `schedules`). RDS starts a stopped instance automatically after seven
    days."""

    @model_validator(mode="after")
    def _insights_of_the_class(self) -> Self:
        if self.insight.performance_insights and not self.has_insights():
            raise ValueError(
                f"insight.performanceInsights: RDS for MySQL has no Performance Insights on {self.instance_class}; "
                "choose db.t4g.medium or larger, or remove the setting"
            )
        return self

    @model_validator(mode="after")
    def _windows_apart(self) -> Self:
        daily, weekly = self.backups, self.maintenance_window
        if windows_overlap(daily.window, weekly) and "maintenance_window" not in self.model_fields_set:
            self.follow(maintenance_window=weekly_after(daily.window))
        elif windows_overlap(daily.window, weekly) and "window" not in daily.model_fields_set:
            self.follow(backups=daily.model_copy(update={"window": daily_beside(daily.window, weekly)}))
        return self

    def has_insights(self) -> bool:
        """Return whether engine and class support Performance Insights."""
        return self.engine != "mysql" or self.instance_class not in TOO_SMALL

    def port(self) -> int:
        """Return the port of the engine."""
        return PORTS[self.engine]

    def major_version(self) -> str:
        """Return the major version: `17` of PostgreSQL 17.7, `8.4` of MySQL 8.4.6."""
        parts = self.engine_version.split(".")
        return ".".join(parts[: 1 if self.engine == "postgres" else 2])

    def exported_logs(self) -> tuple[str, ...]:
        """Return the logs that are exported to CloudWatch."""
        return LOG_EXPORTS[self.engine] if self.log_exports is None else self.log_exports

    def all_parameters(self) -> dict[str, str]:
        """Return the stack's parameters and the one that enforces TLS."""
        return {**PARAMETERS[self.engine], **self.parameters}
