"""Tenants: users of a shared cluster who are isolated from each other, such as trainees and their instructor."""

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from catalog.reading.model import Model
from catalog.versions import MLFLOW_IMAGE
from config.nodes import Taint
from config.types.arns import PrincipalArn
from config.types.contacts import EmailAddress
from config.types.names import DnsLabel, DnsName, LabelKey, LabelValue, Name
from config.types.programs import AbsolutePath, Image
from config.types.quantities import EbsSize, Quantity
from config.types.references import DumpsRef
from config.types.text import matching
from config.types.times import KubernetesSchedule, TimeZone
from config.workloads.mlflow_options import GarbageCollection
from config.workloads.resources import Amounts, Resources

TenantNumber = Annotated[
    str, matching(r"\d{2,4}", "is not the number of a tenant; write two to four digits in quotes, like '07'")
]


class TenantQuota(Model):
    """Quota of a tenant, for the requests and for the limits of all pods together."""

    cpu: Quantity = "8"
    """Cores."""

    memory: Quantity = "16Gi"
    """Memory."""

    gpus: int = Field(default=0, ge=0, le=64)
    """NVIDIA GPUs."""

    pods: int = Field(default=50, ge=1, le=1000)
    """Pods."""

    storage: Quantity = "100Gi"
    """Storage requests of all volumes together."""


class Range(Model):
    """A range of tenant numbers."""

    first: int = Field(default=1, ge=0, le=9999)
    """First number."""

    last: int = Field(ge=0, le=9999)
    """Last number."""


class Member(Model):
    """A tenant that differs from the others, or is outside the range."""

    instructor: bool = False
    """Whether the tenant is an instructor, who can read the resources of every tenant."""

    suspended: bool = False
    """Whether the tenant is suspended: scaled to zero, with its data kept."""

    email: EmailAddress | None = None
    """E-mail address. Default: `<name>@<domain>`."""

    quota: TenantQuota | None = None
    """Quota. Default: `quota` of the section."""

    principal_arn: PrincipalArn | None = None
    """ARN of the user's IAM principal. Default: a role `<project>-tenant-<name>` is created."""


class MlflowBackup(Model):
    """Dumps of all tenants' databases in a bucket to which no tenant has access."""

    bucket: DumpsRef
    """Bucket of the dumps (a key of `buckets`), which deletes them after its `lifecycle.expireDays`."""

    prefix: str = Field(default="tenants/", pattern=r"^(?:[A-Za-z0-9_-]+/)+$")
    """Prefix in the bucket, with a trailing slash."""

    schedule: KubernetesSchedule = "0 2 * * *"
    """When."""

    time_zone: TimeZone = "UTC"
    """Time zone of the schedule."""

    scratch: Quantity = "10Gi"
    """Disk space for the dumps of a run."""


class TenantMlflow(Model):
    """An MLflow tracking server for each tenant, with its own database on a shared PostgreSQL."""

    image: Image = MLFLOW_IMAGE
    """Image with psycopg2 and boto3, such as the `-full` images."""

    namespace: DnsLabel = "mlflow-system"
    """Namespace of PostgreSQL."""

    storage: EbsSize = "50Gi"
    """Size of PostgreSQL's volume."""

    storage_path: AbsolutePath = "/mlflow-artifacts"
    """Prefix of artifacts in a tenant's bucket, with a leading slash."""

    resources: Resources = Resources(
        requests=Amounts(cpu="100m", memory="512Mi"),
        limits=Amounts(cpu="1", memory="1Gi"),
    )
    """CPU and memory of a server, which uses 425 MiB when idle. Limits are set because a tenant's quota requires
    them."""

    scratch: Quantity = "5Gi"
    """Disk of the node that a server requests and may use. An artifact is copied there whole."""

    artifact_limit: Quantity | None = None
    """Largest file that goes through a server, which copies it to `scratch`; a larger upload gets 413. Default:
    none, and a file that is larger than `scratch` evicts the pod."""

    signed_urls: bool = True
    """Whether clients transfer artifacts from and to S3 by URLs that the server signs: uploads of 500 MiB and more, and
    all downloads. They and browsers need a route to S3. Without, everything goes through the server."""

    gc: GarbageCollection | None = None
    """Deletion of what tenants deleted, with artifacts. Default: it stays in the database and the bucket."""

    node_selector: dict[LabelKey, LabelValue] = {}
    """Node labels that the servers require. Default: any node without taints."""

    tolerations: tuple[Taint, ...] = ()
    """Taints that the servers tolerate, such as those of Spot nodes."""

    backup: MlflowBackup | None = None
    """Dumps of the databases; none by default."""


class Tenant(NamedTuple):
    """A tenant with its derived names."""

    number: str
    name: str
    namespace: str
    profile: str
    email: str
    bucket: str
    repository: str
    quota: TenantQuota
    instructor: bool
    suspended: bool
    principal_arn: str | None


class Tenants(Model):
    """Section `ai-platform:tenants`."""

    range: Range | None = None
    """Range of tenants with the same settings."""

    members: dict[TenantNumber, Member] = {}
    """Tenants with other settings, by number in quotes; a number within the range changes that tenant."""

    removed: dict[TenantNumber, Literal["keep", "delete"]] = {}
    """Removed tenants, by number in quotes: `keep` keeps bucket and repository, `delete` deletes them when they are
    empty. Deleting an entry of `keep` deletes what it kept."""

    prefix: Name = "user"
    """Prefix of tenant names, followed by the number: user07."""

    digits: int = Field(default=2, ge=2, le=4)
    """Number of digits of the numbers of the range."""

    domain: DnsName = "mlops.local"
    """Domain of e-mail addresses."""

    namespace_prefix: str = Field(default="", pattern=r"^(?:[a-z][a-z0-9-]{0,20}-)?$")
    """Prefix of namespaces: `kubeflow-` results in kubeflow-user07."""

    profile_prefix: str = Field(default="profile-", pattern=r"^(?:[a-z][a-z0-9-]{0,20}-)?$")
    """Prefix of Profile names."""

    resource_prefix: Name | None = None
    """Prefix of buckets `<prefix>-<name>` and repositories `<prefix>/<name>`. Default: the project's name."""

    bucket_suffix: str = Field(default="", pattern=r"^(?:-[a-z0-9-]{1,20})?$")
    """Suffix of bucket names, which are global."""

    quota: TenantQuota = TenantQuota()
    """Quota of each tenant."""

    overcommit: float = Field(default=1, ge=1, le=10, allow_inf_nan=False)
    """Maximum ratio of the sum of quotas to the maximum capacity of nodes; 1 allows no overcommitment."""

    instructors_change: bool = False
    """Whether instructors can change resources of other tenants, or only read them."""

    profiles: bool = False
    """Whether Profiles and PodDefaults of Kubeflow are created; requires section `kubeflow`."""

    mlflow: TenantMlflow | None = None
    """MLflow tracking server of each tenant; none by default."""

    def all(self, project: str) -> tuple[Tenant, ...]:
        """Return the tenants in the order of their numbers; `project` is the default of `resourcePrefix`."""
        span = range(self.range.first, self.range.last + 1) if self.range else ()
        numbers = {f"{number:0{self.digits}d}" for number in span} | set(self.members)
        return tuple(self._tenant(number, project) for number in sorted(numbers - set(self.removed)))

    def kept(self, project: str) -> tuple[Tenant, ...]:
        """Return the removed tenants whose bucket and repository are kept."""
        numbers = sorted(number for number, what in self.removed.items() if what == "keep")
        return tuple(self._tenant(number, project) for number in numbers)

    def _tenant(self, number: str, project: str) -> Tenant:
        member, name = self.members.get(number, Member()), f"{self.prefix}{number}"
        resource_prefix = self.resource_prefix or project
        return Tenant(
            number=number,
            name=name,
            namespace=f"{self.namespace_prefix}{name}",
            profile=f"{self.profile_prefix}{name}",
            email=member.email or f"{name}@{self.domain}",
            bucket=f"{resource_prefix}-{name}{self.bucket_suffix}",
            repository=f"{resource_prefix}/{name}",
            quota=member.quota or self.quota,
            instructor=member.instructor,
            suspended=member.suspended,
            principal_arn=member.principal_arn,
        )
