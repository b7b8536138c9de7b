"""Environments of a shared cluster, each with its own namespace, quota, data and identity."""

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
    DatabaseRef,
    DumpsRef,
    FileSystemRef,
    InstanceRef,
    ModelRef,
    PostgresRef,
    PriorityClassRef,
    VirtualKeyRef,
)
from config.types.times import Duration, KubernetesSchedule, TimeZone
from config.workloads.resources import Amounts

NAME_LIMIT = 63
"""Maximum length of a PostgreSQL identifier:
https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS"""


class PriorityClass(Model):
    """An entry of section `ai-platform:priorityClasses`."""

    value: int = Field(ge=-1_000_000_000, le=1_000_000_000)
    """Priority: pods with a higher value preempt pods with a lower one. At most 799999999: the platform's own pods have
    higher ones."""

    description: str = Field(min_length=1)
    """Description of its use."""


class LimitRange(Model):
    """Default requests and limits of containers: a quota rejects containers without them."""

    request: Amounts = Amounts(cpu="100m", memory="128Mi")
    """Default requests."""

    limit: Amounts = Amounts(memory="512Mi")
    """Default limits."""


class Migration(Model):
    """A Job that migrates the schema before the services start."""

    application: ApplicationRef
    """The application (a key of `applications`) whose image has the migrations."""

    command: tuple[str, ...] = ("alembic", "upgrade", "head")
    """Command, with DATABASE_URL and DB_SCHEMA as environment variables. Its version table must be in the schema,
    too."""


class RestoreTest(Model):
    """Restores the newest dump into a scratch database and compares the rows of every table."""

    schedule: KubernetesSchedule = "0 4 * * 0"
    """When."""

    suspended: bool = False
    """Whether the schedule is suspended; the Job can still be started manually."""

    database: SchemaName | None = None
    """Scratch database, emptied before each run and not shared with other environments. Default: `restore_<schema>`."""


class Backup(Model):
    """Dumps of the schema in S3, in addition to backups of the database: one schema can be restored alone."""

    schedule: KubernetesSchedule = "0 2 * * *"
    """When."""

    time_zone: TimeZone = "UTC"
    """Time zone of the schedules."""

    bucket: DumpsRef
    """Bucket of the dumps (a key of `buckets`), which deletes them after its `lifecycle.expireDays`."""

    prefix: str = Field(default="", pattern=r"^(?:[A-Za-z0-9_-]+/)*$")
    """Prefix in the bucket, with a trailing slash. Default: `<environment>/`."""

    scratch: Quantity = "10Gi"
    """Disk space for a dump."""

    restore_test: RestoreTest | None = RestoreTest()
    """Scheduled restore of the newest dump, which proves that backups are usable; null disables it."""

    def folder(self, environment: str) -> str:
        """Return the prefix in the bucket, with a trailing slash."""
        return self.prefix or f"{environment}/"


class EnvironmentDatabase(Model):
    """The environment's schema in a database that environments share."""

    cluster: PostgresRef
    """The database: a key of `auroraClusters` or `databases`."""

    schema_name: SchemaName
    """Name of the schema, not shared with other environments."""

    user: DatabaseRole
    """Owner of the schema, with a generated password, not shared with other environments."""

    migration: Migration | None = None
    """Job that migrates the schema."""

    backup: Backup | None = None
    """Dumps of the schema in S3."""

    def restore_database(self) -> str | None:
        """Return the scratch database of the restore test; None without a restore test."""
        if self.backup is None or self.backup.restore_test is None:
            return None
        return self.backup.restore_test.database or f"restore_{self.schema_name}"[:NAME_LIMIT]


class EnvironmentCache(Model):
    """The environment's part of a cache that environments share."""

    cache: CacheRef
    """The cache: a key of `caches`."""

    index: int = Field(ge=0, lt=DATABASES)
    """Number of its database. It separates keys, but does not restrict access."""

    key_prefix: str | None = Field(default=None, min_length=1, max_length=40, pattern=r"^[A-Za-z0-9:_-]+$")
    """Key prefix to which its user is restricted. Default: `<environment>:`."""


class Volume(Model):
    """A directory of a file system, as a ReadWriteMany volume claim."""

    file_system: FileSystemRef
    """The file system: a key of `fileSystems`."""

    access_point: Name
    """The access point: a key of its `accessPoints`."""

    read_only: bool = False
    """Whether pods have read-only access."""


class Delivery(Model):
    """Delivery of new versions by Argo CD."""

    automatic: bool
    """Whether a commit is synced automatically, or requires a manual sync."""

    self_heal: bool = False
    """Whether Argo CD reverts manual changes in the cluster."""

    wave: int = Field(ge=1, le=20)
    """Order of delivery: environments with a lower wave are synced first."""


class Alerts(Model):
    """Alerts of the environment."""

    receiver: Name
    """The notification target: a key of `monitoring.receivers`."""

    group_wait: Duration = "30s"
    """Time that the first notification waits for other alerts of its group."""

    repeat_interval: Duration = "4h"
    """Interval after which a notification is repeated."""

    quota_percent: int = Field(default=90, ge=1, le=100)
    """Threshold of quota usage in percent, for five minutes."""

    services: bool = False
    """Whether there are also alerts on error rate, latency, restarts, queues and the database."""

    error_percent: float = Field(default=5, gt=0, le=100)
    """Threshold of 5xx responses in percent, for five minutes."""

    latency_seconds: float = Field(default=1, gt=0, le=600)
    """Threshold of the 95th percentile of latency in seconds, for ten minutes."""

    queue_length: int = Field(default=100, ge=1)
    """Threshold of the queue length, for ten minutes."""

    database_percent: int = Field(default=90, ge=1, le=100)
    """Threshold of database capacity usage in percent, for ten minutes."""


class Connections(Model):
    """Connections of an environment's services to other resources in the VPC."""

    databases: tuple[DatabaseRef, ...] = ()
    """Keys of `databases` with `users`. Each container has the environment variables `<KEY>_DATABASE_HOST`, `_PORT` and
    `_NAME`; set the password in the application's `secrets`."""

    instances: tuple[InstanceRef, ...] = ()
    """Keys of `instances`, on the ports that they open to nodes."""

    models: tuple[ModelRef, ...] = ()
    """Keys of `workloads.vllm.models`. Each container has the environment variables `<KEY>_MODEL_URL`, `_NAME` and
    `_API_KEY`."""

    gateway: VirtualKeyRef | None = None
    """Virtual key of LiteLLM (a key of `workloads.litellm.virtualKeys`). Containers get the environment variables
    `GATEWAY_URL` and `_API_KEY`."""


class Environment(Model):
    """An entry of section `ai-platform:environments`; its key is the label `environment` of its namespace."""

    title: str | None = Field(default=None, min_length=1, max_length=40)
    """Display name, such as Production."""

    namespace: DnsLabel | None = None
    """Namespace. Default: the key."""

    labels: dict[LabelKey, LabelValue] = {}
    """Labels of the namespace, in addition to `environment`."""

    quota: dict[QuotaResource, Quantity] = Field(min_length=1)
    """ResourceQuota `<key>-quota` of the namespace."""

    limit_range: LimitRange = LimitRange()
    """Default requests and limits of containers."""

    priority_classes: tuple[PriorityClassRef, ...] = Field(min_length=1)
    """Allowed priority classes of its pods (keys of `priorityClasses`); the first is the default."""

    service_account: DnsLabel = "app"
    """Service account of its services."""

    role_name: RoleName | None = None
    """Name of the service account's IAM role. Default: `<project>-<key>-app`."""

    buckets: dict[BucketRef, Literal["read", "readWrite"]] = {}
    """Access of its services to buckets, by key of `buckets`; they have no access to others."""

    database: EnvironmentDatabase | None = None
    """Schema of the environment."""

    cache: EnvironmentCache | None = None
    """Part of a cache of the environment."""

    connections: Connections = Connections()
    """Connections to other resources in the VPC."""

    volumes: dict[Name, Volume] = {}
    """Volume claims by name."""

    services: dict[ApplicationRef, Service] = {}
    """Applications of the environment with their overrides, by key of `applications`."""

    delivery: Delivery | None = None
    """Delivery by Argo CD; requires section `gitops`."""

    alerts: Alerts | None = None
    """Alerts by Prometheus; requires section `monitoring`."""
