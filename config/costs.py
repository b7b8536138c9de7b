"""What the platform may cost a month, and what a program cannot know about its use."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from catalog.reading.model import Model
from config.types.aws import Region
from config.types.contacts import PhoneNumber
from config.types.names import TagKey
from config.types.references import NodeGroupRef
from config.types.text import matching

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


BudgetName = Annotated[
    str,
    matching(
        r"(?!aws:)[^:\\\x00-\x1f]{1,100}",
        "is no name of a budget; write at most 100 signs, none of them a colon or backslash",
    ),
]
"""https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html"""

DEFAULT_THRESHOLDS = (80, 100)
MOST_NOTICES = 10
"""https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html"""


class Alert(Model):
    """One notice of a budget."""

    percent: int = Field(ge=1, le=1000)
    """Of the limit."""

    of: Literal["actual", "forecast"] = "actual"
    """What is spent, or what AWS forecasts for the whole month; a forecast takes about five weeks of use to begin."""

    emails: bool = True
    """Writes to `notify`."""

    sms: bool = False
    """Sends a text message to `phones`, through an SNS topic: AWS Budgets itself sends e-mail alone."""

    urgent: bool = False
    """Goes to an SNS topic of its own, which reaches `phones` and the Slack channel of `alarms`, and to which tools
    that wake people may subscribe."""


class Budget(Model):
    """The most that the platform should cost."""

    name: BudgetName | None = None
    """Its name in AWS Budgets; `<project>-monthly` when left out."""

    monthly_limit: float = Field(gt=0, le=1e9, allow_inf_nan=False)
    """USD a month. A plan whose expected bill is above it is a finding."""

    currency: Literal["USD"] = "USD"
    """AWS lists its prices, and bills its budgets, in US dollars."""

    notify: tuple[EmailAddress, ...] = Field(default=(), max_length=10)
    """Who gets an e-mail. Makes a budget in AWS; without anyone the limit holds for plans alone."""

    thresholds: tuple[Annotated[int, Field(ge=1, le=1000)], ...] | None = Field(
        default=None, min_length=1, max_length=5
    )
    """Percent of the limit at which an e-mail goes out: when it is spent, and when AWS forecasts that it will be. 80
    and 100 when left out, unless there are `alerts`."""

    alerts: tuple[Alert, ...] = Field(default=(), max_length=MOST_NOTICES)
    """Notices one by one, beside those of `thresholds`."""

    phones: tuple[PhoneNumber, ...] = Field(default=(), max_length=10)
    """Who gets text messages. A new account sends them to verified numbers alone, until AWS Support lets it out of the
    sandbox: https://docs.aws.amazon.com/sns/latest/dg/sns-sms-sandbox.html"""

    sms_region: Region | None = None
    """Where text messages leave from, and with them the topics of this budget: not every region sends any. The
    platform's when left out."""

    scope: Literal["project", "account"] = "project"
    """What AWS adds up: all with the platform's tag Project, which has to be activated as a cost allocation tag in the
    account's billing console once, or else nothing is counted; or the whole account."""

    @model_validator(mode="after")
    def _each_notice_once(self) -> Self:
        kinds = [(one.percent, one.of) for one in self.notices()]
        for kind in kinds:
            if kinds.count(kind) > 1:
                raise ValueError(
                    f"tells twice of {kind[0]} percent {kind[1]}; keep one, of thresholds and alerts together"
                )
        if len(kinds) > MOST_NOTICES:
            raise ValueError(f"has {len(kinds)} notices, and AWS Budgets takes {MOST_NOTICES}; a threshold makes two")
        return self

    def notices(self) -> tuple[Alert, ...]:
        """All that it tells, those of thresholds first."""
        thresholds = self.thresholds
        if thresholds is None:
            thresholds = () if self.alerts else DEFAULT_THRESHOLDS
        pairs = ((Alert(percent=at), Alert(percent=at, of="forecast")) for at in thresholds)
        return (*(one for pair in pairs for one in pair), *self.alerts)

    def told(self) -> bool:
        """Whether it is made in AWS: somebody is to be told."""
        return bool(self.notify or self.alerts)


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

    insights_pods_per_node: Amount = 12
    """Pods on each node on average, whose metrics Container Insights bills; the system's own are about eight."""

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

    group_hours_per_month: dict[NodeGroupRef, Amount] = {}
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

    allocation_tags: tuple[TagKey, ...] = Field(default=(), max_length=20)
    """Tags that AWS is to split the bill by. Only the account that pays may say so, and AWS knows a tag a day after its
    first use at the earliest: none when left out, which leaves it to the billing console."""

    price_max_age_days: int = Field(default=180, ge=1, le=3650)
    """`aiplatform cost` warns of prices that are older than so many days, or have no date."""
