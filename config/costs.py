"""What the platform may cost a month, and what a program cannot know about its use."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from config.model import Model
from config.types import Name, matching

Amount = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]

EmailAddress = Annotated[
    str,
    Field(max_length=50),
    matching(
        r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}",
        "is no e-mail address that AWS Budgets takes; write at most 50 characters like team@example.com",
    ),
]
"""https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Subscriber.html"""


class Budget(Model):
    """The most that the platform should cost."""

    monthly_limit: float = Field(gt=0, le=1e9, allow_inf_nan=False)
    """USD a month. A plan whose expected bill is above it is a finding."""

    currency: Literal["USD"] = "USD"
    """AWS lists its prices, and bills its budgets, in US dollars."""

    notify: tuple[EmailAddress, ...] = Field(default=(), max_length=10)
    """Who gets an e-mail. Makes a budget in AWS; without anyone the limit holds for plans alone."""

    thresholds: tuple[Annotated[int, Field(ge=1, le=1000)], ...] = Field(default=(80, 100), min_length=1, max_length=5)
    """Percent of the limit at which an e-mail goes out: when it is spent, and when AWS forecasts that it will be."""

    scope: Literal["project", "account"] = "project"
    """What AWS adds up: all with the platform's tag Project, which has to be activated as a cost allocation tag in the
    account's billing console once, or else nothing is counted; or the whole account."""


class Assumptions(Model):
    """Use that no program can know; each bill names those that it rests on."""

    nat_gb_per_month: Amount = 100
    """GB a month through all NAT gateways together: images and packages, both ways."""

    endpoint_gb_per_month: Amount = 50
    """GB a month through all interface endpoints together."""

    cross_zone_gb: Amount = 100
    """GB a month from one zone to another inside the VPC; AWS bills both ends."""

    data_transfer_out_gb: Amount = 100
    """GB a month to the internet; the first 100 of an account are free."""

    lcu: Amount = 1
    """Load balancer capacity units in use on average, for each load balancer."""

    control_plane_logs_gb_per_month: Amount = 10
    """GB a month that the EKS control plane logs."""

    flow_logs_gb_per_month: Amount = 10
    """GB a month that the VPC's flow logs hold."""

    logs_gb_per_month: Amount = 1
    """GB a month in each other log group."""

    s3_gb_per_bucket: Amount = 100
    """GB in each bucket, old versions of objects too."""

    s3_cold_percent: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] = 50
    """Percent of a bucket that is in the cheaper storage class of its lifecycle rules, where there is such a rule."""

    ecr_gb_per_repository: Amount = 5
    """GB of images in each repository."""

    volume_gb_per_tenant: Amount = 10
    """GB in the volumes of each tenant's notebooks and other pods, never more than the tenant's quota."""

    efs_gb: Amount = 100
    """GB in each file system."""

    efs_cold_percent: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] = 50
    """Percent of a file system that is in the Infrequent Access class, where its files move there."""

    backup_gb: Amount = 10
    """GB of automated backups and snapshots of each database beyond its own size, up to which they are free."""

    vault_gb: Amount = 50
    """GB of recovery points in each vault of AWS Backup: what is used of volumes and databases once, and what changed
    between the points."""

    copied_gb_per_month: Amount = 30
    """GB a month to another region, for each vault, bucket and registry that is copied there."""

    aurora_acu: Amount = 1
    """Aurora Capacity Units in use on average, for each instance; never below its minimum nor above its maximum."""

    aurora_gb: Amount = 20
    """GB in each Aurora cluster."""

    aurora_io_millions: Amount = 10
    """Millions of reads and writes a month of each Aurora cluster, which I/O-optimized storage does not count."""

    gpu_hours_per_month: Amount = 20
    """Node hours a month of each group that waits at no node, as GPU groups do."""

    group_hours_per_month: dict[Name, Amount] = {}
    """The same for single groups, by name."""

    def of(self, name: str) -> Decimal:
        """The assumption of that name in YAML, exactly as it is written there."""
        field = next(key for key, field in type(self).model_fields.items() if field.alias == name)
        return Decimal(str(getattr(self, field)))


class Costs(Model):
    """Section `ai-platform:costs`."""

    budget: Budget | None = None
    """The most that the platform should cost; no limit when left out."""

    assumptions: Assumptions = Assumptions()
    """Use that no program can know."""

    price_max_age_days: int = Field(default=180, ge=1, le=3650)
    """`aiplatform cost` warns of prices that are older than so many days, or have no date."""
