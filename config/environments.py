"""Environments that share a cluster: each with a namespace, a quota, data and an identity of its own."""

from typing import Literal

from pydantic import Field

from catalog.reading.model import Model
from config.applications import Service
from config.caches import DATABASES
from config.types.aws import RoleName
from config.types.databases import DatabaseRole, SchemaName
from config.types.names import DnsLabel, LabelKey, LabelValue, Name
from config.types.quantities import Quantity, QuotaResource
from config.types.references import (
    ApplicationRef,
    BucketRef,
    CacheRef,
    CallerRef,
    DatabaseRef,
    DumpsRef,
    FileSystemRef,
    InstanceRef,
    ModelRef,
    PostgresRef,
    PriorityClassRef,
)
from config.types.times import Cron, Duration, TimeZone
from config.workloads.resources import Amounts

NAME_LIMIT = 63
"""Of PostgreSQL: https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS"""


class PriorityClass(Model):
    """Named in section `ai-platform:priorityClasses`."""

    value: int = Field(ge=-1_000_000_000, le=1_000_000_000)
    """Pods with a higher value take the place of pods with a lower one."""

    description: str = Field(min_length=1)
    """Who should use it."""


class LimitRange(Model):
    """What a container gets that asks for nothing: with a quota such pods would not be made."""

    request: Amounts = Amounts(cpu="100m", memory="128Mi")
    """Its requests."""

    limit: Amounts = Amounts(memory="512Mi")
    """Its limits."""


class Migration(Model):
    """A Job that brings the schema up to date before the services start."""

    application: ApplicationRef
    """The application (a key of `applications`) whose image holds the migrations."""

    command: tuple[str, ...] = ("alembic", "upgrade", "head")
    """Run with DATABASE_URL and DB_SCHEMA; what it keeps about itself belongs into the schema, too."""


class RestoreTest(Model):
    """Restores the newest dump into a scratch database and compares the rows of every table."""

    schedule: Cron = "0 4 * * 0"
    """When."""

    suspended: bool = False
    """Whether the clock stands still; by hand it can be run all the same."""

    database: SchemaName | None = None
    """The scratch database, emptied before each run; no other environment's. `restore_<schema>` when left out."""


class Backup(Model):
    """Dumps the schema to S3, beside Aurora's own backups: a mistake in one schema need not undo the other."""

    schedule: Cron = "0 2 * * *"
    """When."""

    time_zone: TimeZone = "UTC"
    """Of the schedules."""

    bucket: DumpsRef
    """The bucket (a key of `buckets`) that keeps the dumps, for as long as its `lifecycle.expireDays` says."""

    prefix: str = Field(default="", pattern=r"^(?:[A-Za-z0-9_-]+/)*$")
    """The folder in the bucket, ending in a slash; `<environment>/` when left out."""

    scratch: Quantity = "10Gi"
    """Disk for one dump."""

    restore_test: RestoreTest | None = RestoreTest()
    """A backup that nobody has restored is a hope."""

    def folder(self, environment: str) -> str:
        """The folder in the bucket, ending in a slash."""
        return self.prefix or f"{environment}/"


class EnvironmentDatabase(Model):
    """The environment's schema in a database that it shares with others."""

    cluster: PostgresRef
    """A key of `auroraClusters`, or of `databases`."""

    schema_name: SchemaName
    """The schema; no other environment's."""

    user: DatabaseRole
    """Its owner, whose password is generated; no other environment's."""

    migration: Migration | None = None
    """Brings the schema up to date."""

    backup: Backup | None = None
    """Dumps the schema to S3."""

    def restore_database(self) -> str | None:
        """The scratch database of the restore test, where there is one."""
        if self.backup is None or self.backup.restore_test is None:
            return None
        return self.backup.restore_test.database or f"restore_{self.schema_name}"[:NAME_LIMIT]


class EnvironmentCache(Model):
    """The environment's part of a cache that it shares with others."""

    cache: CacheRef
    """A key of `caches`."""

    index: int = Field(ge=0, lt=DATABASES)
    """The number of its database: it keeps keys apart, and protects nothing."""

    key_prefix: str | None = Field(default=None, min_length=1, max_length=40, pattern=r"^[A-Za-z0-9:_-]+$")
    """Its user reads and writes keys that begin so, and no others; `<environment>:` when left out."""


class Volume(Model):
    """A folder of a file system, as a ReadWriteMany claim."""

    file_system: FileSystemRef
    """A key of `fileSystems`."""

    access_point: Name
    """A key of its `accessPoints`."""

    read_only: bool = False
    """Whether pods can only read it."""


class Delivery(Model):
    """How Argo CD brings new versions into the environment."""

    automatic: bool
    """Whether a commit is enough, or a person has to agree."""

    self_heal: bool = False
    """Undoes what is changed by hand in the cluster."""

    wave: int = Field(ge=1, le=20)
    """Environments of a lower wave come first."""


class Alerts(Model):
    """When somebody is told."""

    receiver: Name
    """A key of `monitoring.receivers`."""

    group_wait: Duration = "30s"
    """How long the first message waits for others of the same kind."""

    repeat_interval: Duration = "4h"
    """How often it is said again."""

    quota_percent: int = Field(default=90, ge=1, le=100)
    """A quota used above this for five minutes."""

    services: bool = False
    """Whether error rate, latency, restarts, queues and the database are watched, too."""

    error_percent: float = Field(default=5, gt=0, le=100)
    """Answers with 5xx, above this for five minutes."""

    latency_seconds: float = Field(default=1, gt=0, le=600)
    """The 95th percentile, above this for ten minutes."""

    queue_length: int = Field(default=100, ge=1)
    """What waits, above this for ten minutes."""

    database_percent: int = Field(default=90, ge=1, le=100)
    """The database's capacity used, above this for ten minutes."""


class Connections(Model):
    """What services of an environment reach in the VPC beside what is theirs."""

    databases: tuple[DatabaseRef, ...] = ()
    """Keys of `databases` in which `users` are named. Each container is told `<KEY>_DATABASE_HOST`, `_PORT` and
    `_NAME`; the password is an application's own `secrets`."""

    instances: tuple[InstanceRef, ...] = ()
    """Keys of `instances`, on the ports that these open to nodes."""

    models: tuple[ModelRef, ...] = ()
    """Keys of `workloads.vllm.models`. Each container is told `<KEY>_MODEL_URL`, `_NAME` and `_API_KEY`."""

    gateway: CallerRef | None = None
    """A key of `workloads.litellm.callers`, as whom it asks. Each container is told `GATEWAY_URL` and `_API_KEY`."""


class Environment(Model):
    """Named in section `ai-platform:environments`; the key is the label `environment` of its namespace."""

    title: str | None = Field(default=None, min_length=1, max_length=40)
    """What people call it, such as Production."""

    namespace: DnsLabel | None = None
    """Its namespace; the key when left out."""

    labels: dict[LabelKey, LabelValue] = {}
    """Labels of the namespace, beside `environment`."""

    quota: dict[QuotaResource, Quantity] = Field(min_length=1)
    """The ResourceQuota `<key>-quota`: what all its pods together may ask for."""

    limit_range: LimitRange = LimitRange()
    """What a container gets that asks for nothing."""

    priority_classes: tuple[PriorityClassRef, ...] = Field(min_length=1)
    """Keys of `priorityClasses`: what its pods may have, the first unless they say otherwise."""

    service_account: DnsLabel = "app"
    """The service account of its services."""

    role_name: RoleName | None = None
    """The IAM role of that account; `<project>-<key>-app` when left out."""

    buckets: dict[BucketRef, Literal["read", "readWrite"]] = {}
    """Keys of `buckets`, and what its services may do there. They reach no other."""

    database: EnvironmentDatabase | None = None
    """Its schema."""

    cache: EnvironmentCache | None = None
    """Its part of a cache."""

    connections: Connections = Connections()
    """What else its services reach in the VPC."""

    volumes: dict[Name, Volume] = {}
    """Claims by name."""

    services: dict[ApplicationRef, Service] = {}
    """Keys of `applications`: what runs here, and how."""

    delivery: Delivery | None = None
    """By Argo CD, where `gitops` is set."""

    alerts: Alerts | None = None
    """By Prometheus, where `monitoring` is set."""
