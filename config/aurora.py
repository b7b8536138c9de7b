"""Aurora PostgreSQL clusters of Serverless v2 instances."""

from typing import Literal

from pydantic import Field

from catalog.reading.model import Model
from config.databases import Backups, Parameters
from config.types.aws import Arn
from config.types.databases import DatabaseIdentifier, DatabaseName, DatabaseUser, EngineVersion, SubnetGroupName
from config.types.names import TagKey, TagValue
from config.types.network import SecurityGroupName
from config.types.times import RetentionDays, WeeklyWindow

ENGINE = "aurora-postgresql"
PORT = 5432
INSTANCE_CLASS = "db.serverless"
INSIGHTS_DAYS = 7
"""The days of Performance Insights that cost nothing: https://aws.amazon.com/rds/performance-insights/pricing/"""

TLS_ONLY = {"rds.force_ssl": "1"}


class Capacity(Model):
    """What each instance may grow and shrink between, in Aurora Capacity Units of about 2 GiB of memory."""

    min: float = Field(default=0.5, ge=0, le=256, multiple_of=0.5)
    """The least; 0 lets instances pause, on versions that can, while nobody is connected."""

    max: float = Field(default=4, ge=1, le=256, multiple_of=0.5)
    """The most: what a runaway query can cost."""

    pause_after_seconds: int | None = Field(default=None, ge=300, le=86400)
    """With a minimum of 0: how long without a connection until an instance pauses."""


class AuroraCluster(Model):
    """Named in section `ai-platform:auroraClusters`. It holds databases as `databases` does, under the same names."""

    engine_version: EngineVersion
    """A major version such as `"17"` follows Aurora's minor upgrades; `"17.7"` pins one."""

    identifier: DatabaseIdentifier | None = None
    """`<project>-<key>-aurora` when left out."""

    instance_prefix: DatabaseIdentifier | None = None
    """The instances are called `<prefix>-writer`, `<prefix>-reader`, `<prefix>-reader-2`, and the last snapshot begins
    with it; the identifier when left out. After a failover the names stay, and the roles change."""

    readers: int = Field(default=1, ge=0, le=15)
    """Instances beside the writer; the first is what a failover takes."""

    database_name: DatabaseName
    """The database made at first."""

    master_username: DatabaseUser = "platform"
    """Its password is made, kept and rotated by RDS. Workloads get users of their own."""

    capacity: Capacity = Capacity()
    """How far each instance scales."""

    storage: Literal["standard", "ioOptimized"] = "standard"
    """Standard pays for each read and write; I/O-optimized pays more for the rest and nothing for those."""

    kms_key_arn: Arn | None = None
    """The key that encrypts it; the account's aws/rds key when left out."""

    backups: Backups = Backups()
    """Automated backups; Aurora keeps one day at least."""

    maintenance_window: WeeklyWindow = "sun:04:00-sun:05:00"
    """UTC."""

    log_exports: tuple[Literal["postgresql", "iam-db-auth-error", "instance"], ...] = ("postgresql",)
    """Logs that go to CloudWatch."""

    log_retention_days: RetentionDays = 30
    """How long CloudWatch keeps the exported logs."""

    parameters: Parameters = {}
    """Entries of the cluster parameter group, beside the one that enforces TLS."""

    parameter_group: SubnetGroupName | None = None
    """Name of the cluster parameter group; `<identifier>-postgresql<major>` when left out. A name of your own has to
    change with the major version: the group's family does, and both groups exist during the upgrade."""

    performance_insights: bool = True
    """Keeps seven days of the load by query, free of charge, and shows them in Database Insights. AWS advises a minimum
    of 2 ACU with it: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html"""

    deletion_protection: bool = True
    """RDS refuses to delete it until this is false again."""

    final_snapshot: bool = True
    """Makes a snapshot when it is deleted."""

    subnet_group: SubnetGroupName | None = None
    """Name of the DB subnet group; `<identifier>-subnets` when left out."""

    security_group: SecurityGroupName | None = None
    """Name of the security group; `<identifier>-sg` when left out."""

    tags: dict[TagKey, TagValue] = {}
    """Tags of the cluster, beside the platform's."""

    def port(self) -> int:
        """PostgreSQL's port."""
        return PORT

    def major_version(self) -> str:
        """`17` of 17.7."""
        return self.engine_version.split(".", maxsplit=1)[0]

    def all_parameters(self) -> dict[str, str]:
        """The parameter that enforces TLS and the stack's own."""
        return {**TLS_ONLY, **self.parameters}

    def instance_names(self, identifier: str) -> list[str]:
        """The identifiers of writer and readers, in this order."""
        prefix = self.instance_prefix or identifier
        readers = ["reader" if number == 1 else f"reader-{number}" for number in range(1, self.readers + 1)]
        return [f"{prefix}-{role}" for role in ("writer", *readers)]
