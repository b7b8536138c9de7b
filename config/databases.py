"""RDS instances."""

from typing import Annotated, Literal

from pydantic import Field

from catalog.reading.model import Model
from config.overrides import Override, ParameterValue, Refused
from config.types.aws import Arn
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

PORTS = {"postgres": 5432, "mysql": 3306}
LOG_EXPORTS = {"postgres": ("postgresql", "upgrade"), "mysql": ("error", "slowquery")}
TLS = Refused(("rds.force_ssl", "require_secure_transport"), "the database accepts TLS connections only")

Parameters = Annotated[dict[str, ParameterValue], Override("parameter", (TLS,))]
"""Entries of a parameter group."""

PARAMETERS = {
    # TLS is the only way in: rds.force_ssl is the default since PostgreSQL 15, require_secure_transport is not.
    "postgres": {"rds.force_ssl": "1"},
    "mysql": {"require_secure_transport": "ON"},
}


class Storage(Model):
    """The volume of a database, encrypted."""

    size_gib: int = Field(default=20, ge=20, le=65536)
    """The size at first."""

    max_gib: int | None = Field(default=100, ge=20, le=65536)
    """RDS grows the volume up to this; null keeps its size."""

    type: Literal["gp3", "gp2", "io2"] = "gp3"
    """The volume type; gp2, the former default of RDS, has fewer IOPS than gp3 below 1 TiB."""

    iops: int | None = Field(default=None, ge=1000, le=256000)
    """Operations a second: io2 needs them, gp3 takes them from 400 GiB on, gp2 takes none."""

    kms_key_arn: Arn | None = None
    """The key that encrypts it; the account's aws/rds key when left out."""


class Backups(Model):
    """Automated backups, from which any second of the retention can be restored."""

    retention_days: int = Field(default=7, ge=0, le=35)
    """How many days back; 0 turns backups off."""

    window: DailyWindow = "03:00-04:00"
    """UTC."""


class Login(Model):
    """How a user of a database is known."""

    secret: GeneratedSecretRef
    """A key of `secrets` with `generate: true`, whose `password` is the user's."""


class Database(Model):
    """Named in section `ai-platform:databases`."""

    engine: Literal["postgres", "mysql"]
    """The database engine."""

    engine_version: EngineVersion
    """A major version such as `"17"` follows RDS's minor upgrades; `"17.7"` pins one."""

    instance_class: DatabaseClass
    """The size of the instance, such as db.t4g.small."""

    identifier: DatabaseIdentifier | None = None
    """`<project>-<key>-db` when left out."""

    database_name: DatabaseName
    """The database made at first."""

    master_username: DatabaseUser = "platform"
    """Its password is made, kept and rotated by RDS. Workloads get users of their own."""

    multi_az: bool = False
    """Keeps a standby in another zone, at twice the price."""

    storage: Storage = Storage()
    """The volume."""

    backups: Backups = Backups()
    """Automated backups."""

    maintenance_window: WeeklyWindow = "sun:04:00-sun:05:00"
    """UTC."""

    log_exports: tuple[str, ...] | None = None
    """The engine's usual ones when left out."""

    log_retention_days: RetentionDays = 30
    """How long CloudWatch keeps the exported logs."""

    parameters: Parameters = {}
    """Parameter group entries beside those that enforce TLS."""

    deletion_protection: bool = False
    """RDS refuses to delete it until this is false again."""

    snapshot: Arn | None = None
    """Made of this snapshot or recovery point, with what is in it, instead of empty; with the master user and database
    name of then. It has to stay as it is afterwards: another one, or none, makes the database anew."""

    final_snapshot: bool = True
    """Makes a snapshot when it is deleted."""

    subnet_group: SubnetGroupName | None = None
    """Name of the DB subnet group; `<identifier>-subnets` when left out."""

    security_group: SecurityGroupName | None = None
    """Name of the security group; `<identifier>-sg` when left out."""

    egress_cidrs: tuple[Cidr, ...] = ()
    """Networks that the instance itself may call. None: a database answers, and foreign tables are rare."""

    users: dict[MysqlUserName, Login] = {}
    """Users of a MySQL database by name, each with all rights in it and none elsewhere. Those of PostgreSQL come with
    what uses it: workloads and environments."""

    schedule: ScheduleRef | None = None
    """The schedule by which the instance is stopped. RDS starts a stopped instance by itself after seven days."""

    def port(self) -> int:
        """The engine's port."""
        return PORTS[self.engine]

    def major_version(self) -> str:
        """`17` of PostgreSQL 17.7, `8.4` of MySQL 8.4.6."""
        parts = self.engine_version.split(".")
        return ".".join(parts[: 1 if self.engine == "postgres" else 2])

    def exported_logs(self) -> tuple[str, ...]:
        """The logs that go to CloudWatch."""
        return LOG_EXPORTS[self.engine] if self.log_exports is None else self.log_exports

    def all_parameters(self) -> dict[str, str]:
        """The engine's TLS parameter and the stack's own."""
        return {**PARAMETERS[self.engine], **self.parameters}
