"""Tenants: people who share a cluster and must not meet, such as a class of trainees and their instructor."""

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from catalog.reading.model import Model
from catalog.versions import MLFLOW_IMAGE
from config.types.aws import Arn
from config.types.contacts import EmailAddress
from config.types.names import DnsLabel, DnsName, Name
from config.types.programs import AbsolutePath, Image
from config.types.quantities import Quantity
from config.types.references import DumpsRef
from config.types.text import matching
from config.types.times import Cron, TimeZone
from config.workloads.resources import Amounts, Resources

TenantNumber = Annotated[
    str, matching(r"\d{2,4}", "is not the number of a tenant; write two to four digits in quotes, like '07'")
]


class TenantQuota(Model):
    """What all pods of a tenant together may ask for, and what they may use."""

    cpu: Quantity = "8"
    """Cores."""

    memory: Quantity = "16Gi"
    """Memory."""

    gpus: int = Field(default=0, ge=0, le=64)
    """NVIDIA GPUs."""

    pods: int = Field(default=50, ge=1, le=1000)
    """Pods."""

    storage: Quantity = "100Gi"
    """What all its volumes together hold."""


class Range(Model):
    """Tenants by number, from the first to the last."""

    first: int = Field(default=1, ge=0, le=9999)
    """The first number."""

    last: int = Field(ge=0, le=9999)
    """The last number."""


class Member(Model):
    """One tenant that differs from the others, or stands outside of the range."""

    instructor: bool = False
    """May look into every tenant."""

    suspended: bool = False
    """Scaled to nothing; its data stay."""

    email: EmailAddress | None = None
    """`<name>@<domain>` when left out."""

    quota: TenantQuota | None = None
    """The section's when left out."""

    principal_arn: Arn | None = None
    """The IAM identity of the person; a role `<project>-tenant-<name>` is made when left out."""


class MlflowBackup(Model):
    """Dumps of all tenants' databases in a bucket that no tenant reaches."""

    bucket: DumpsRef
    """The bucket (a key of `buckets`) that keeps the dumps, for as long as its `lifecycle.expireDays` says."""

    prefix: str = Field(default="tenants/", pattern=r"^(?:[A-Za-z0-9_-]+/)+$")
    """The folder in the bucket, ending in a slash."""

    schedule: Cron = "0 2 * * *"
    """When."""

    time_zone: TimeZone = "UTC"
    """Of the schedule."""

    scratch: Quantity = "10Gi"
    """Disk for the dumps of one run."""


class TenantMlflow(Model):
    """A tracking server of each tenant, with a database of its own on a PostgreSQL that all share."""

    image: Image = MLFLOW_IMAGE
    """Must hold psycopg2 and boto3, as the `-full` images do."""

    namespace: DnsLabel = "mlflow-system"
    """Where PostgreSQL runs."""

    storage: Quantity = "50Gi"
    """PostgreSQL's volume."""

    storage_path: AbsolutePath = "/mlflow-artifacts"
    """The folder of a tenant's bucket that keeps artifacts, after a slash."""

    resources: Resources = Resources(
        requests=Amounts(cpu="100m", memory="512Mi"),
        limits=Amounts(cpu="1", memory="1Gi"),
    )
    """CPU and memory of one server, which takes 425 MiB idle; limits, because a tenant's quota counts them."""

    backup: MlflowBackup | None = None
    """Dumps of the databases; none are made without it."""


class Tenant(NamedTuple):
    """A tenant with all its names worked out."""

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
    """The tenants that are alike."""

    members: dict[TenantNumber, Member] = {}
    """Those who differ, by number in quotes; a number within the range changes that tenant."""

    removed: dict[TenantNumber, Literal["keep", "delete"]] = {}
    """Tenants of the past, within the range or not: `keep` leaves bucket and repository, `delete` removes them when
    they are empty. A line that is taken out here is forgotten, with what it kept."""

    prefix: Name = "user"
    """Names are the prefix and the number: user07."""

    digits: int = Field(default=2, ge=2, le=4)
    """How many digits the numbers of the range have."""

    domain: DnsName = "mlops.local"
    """Of the e-mail addresses."""

    namespace_prefix: str = Field(default="", pattern=r"^(?:[a-z][a-z0-9-]{0,20}-)?$")
    """Before the name: `kubeflow-` makes kubeflow-user07."""

    profile_prefix: str = Field(default="profile-", pattern=r"^(?:[a-z][a-z0-9-]{0,20}-)?$")
    """Before the name of the Profile."""

    resource_prefix: Name | None = None
    """Of buckets `<prefix>-<name>` and repositories `<prefix>/<name>`; the project's name when left out."""

    bucket_suffix: str = Field(default="", pattern=r"^(?:-[a-z0-9-]{1,20})?$")
    """After the name of each bucket: their names are global."""

    quota: TenantQuota = TenantQuota()
    """Of each tenant."""

    overcommit: float = Field(default=1, ge=1, le=10, allow_inf_nan=False)
    """How many times over the quotas together may promise what the nodes can grow to: 1 is never."""

    instructors_change: bool = False
    """Whether instructors may change what is in other tenants, or only look."""

    profiles: bool = False
    """Makes Kubeflow's Profiles and PodDefaults; needs Kubeflow on the cluster."""

    mlflow: TenantMlflow | None = None
    """A tracking server of each tenant."""

    def all(self, project: str) -> tuple[Tenant, ...]:
        """The tenants in the order of their numbers, with the names that follow."""
        span = range(self.range.first, self.range.last + 1) if self.range else ()
        numbers = {f"{number:0{self.digits}d}" for number in span} | set(self.members)
        return tuple(self._tenant(number, project) for number in sorted(numbers - set(self.removed)))

    def kept(self, project: str) -> tuple[Tenant, ...]:
        """Those of the past whose bucket and repository stay."""
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
