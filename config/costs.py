"""Budget of the platform, and assumptions about its usage."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from catalog.priced_services import Service
from catalog.reading.model import Model
from config.commitments import Commitments
from config.types.aws import Region
from config.types.contacts import PhoneNumber
from config.types.names import TagKey
from config.types.references import NodeGroupRef
from config.types.text import matching

Amount = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]

EmailAddress = Annotated[
    str,
    Field(max_length=50),
    matching(
        r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}",
        "is not an e-mail address that AWS Budgets accepts; write at most 50 characters, like team@example.com",
    ),
]
"""https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Subscriber.html"""


BudgetName = Annotated[
    str,
    matching(
        r"(?!aws:)[^:\\\x00-\x1f]{1,100}",
        "is not a budget name; write at most 100 characters without a colon or backslash",
    ),
]
"""https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html"""

DEFAULT_THRESHOLDS = (80, 100)
MOST_NOTICES = 10
"""https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html"""


class Alert(Model):
    """An alert of a budget."""

    percent: int = Field(ge=1, le=1000)
    """Threshold in percent of the limit."""

    of: Literal["actual", "forecast"] = "actual"
    """Actual cost, or the cost that AWS forecasts for the month; a forecast requires about five weeks of usage."""

    emails: bool = True
    """Whether an e-mail is sent to `notify`."""

    sms: bool = False
    """Whether a text message is sent to `phones`, through an SNS topic: AWS Budgets itself only sends e-mail."""

    urgent: bool = False
    """Whether the alert is sent to a separate SNS topic with `phones` and the Slack channel of `alarms` as subscribers;
    on-call tools can subscribe to it."""


class Budget(Model):
    """The budget of the platform."""

    name: BudgetName | None = None
    """Name in AWS Budgets. Default: `<project>-monthly`."""

    monthly_limit: float = Field(gt=0, le=1e9, allow_inf_nan=False)
    """Limit in USD a month. A plan with a higher expected cost has a finding."""

    currency: Literal["USD"] = "USD"
    """Currency of prices and budgets of AWS."""

    notify: tuple[EmailAddress, ...] = Field(default=(), max_length=10)
    """Recipients of e-mails. A budget in AWS is created if there are recipients or `alerts`; otherwise the limit is
    only checked in plans."""

    thresholds: tuple[Annotated[int, Field(ge=1, le=1000)], ...] | None = Field(
        default=None, min_length=1, max_length=5
    )
    """Percent of the limit at which an e-mail is sent, for actual and for forecast cost. Default: 80 and 100, or none
    with `alerts`."""

    alerts: tuple[Alert, ...] = Field(default=(), max_length=MOST_NOTICES)
    """Alerts in addition to those of `thresholds`."""

    phones: tuple[PhoneNumber, ...] = Field(default=(), max_length=10)
    """Recipients of text messages. A new account can only send them to verified numbers, until AWS Support moves it out
    of the SMS sandbox: https://docs.aws.amazon.com/sns/latest/dg/sns-sms-sandbox.html"""

    sms_region: Region | None = None
    """Region of the budget's SNS topics, from which text messages are sent; not every region supports them. Default:
    the platform's region."""

    scope: Literal["project", "account"] = "project"
    """Costs that count: those of resources with the platform's tag Project, which must be activated once as a cost
    allocation tag in the billing console, or those of the whole account."""

    @model_validator(mode="after")
    def _each_notice_once(self) -> Self:
        kinds = [(one.percent, one.of) for one in self.notices()]
        for kind in kinds:
            if kinds.count(kind) > 1:
                raise ValueError(f"duplicate alert at {kind[0]} percent {kind[1]}; remove it from thresholds or alerts")
        if len(kinds) > MOST_NOTICES:
            raise ValueError(
                f"has {len(kinds)} alerts, two for each threshold; AWS Budgets supports {MOST_NOTICES}, remove some"
            )
        return self

    def notices(self) -> tuple[Alert, ...]:
        """Return all alerts, those of thresholds first."""
        thresholds = self.thresholds
        if thresholds is None:
            thresholds = () if self.alerts else DEFAULT_THRESHOLDS
        pairs = ((Alert(percent=at), Alert(percent=at, of="forecast")) for at in thresholds)
        return (*(one for pair in pairs for one in pair), *self.alerts)

    def told(self) -> bool:
        """Return whether a budget is created in AWS: it has recipients or alerts."""
        return bool(self.notify or self.alerts)


class Assumptions(Model):
    """Assumptions about usage; each bill lists those that it depends on."""

    nat_gb_per_month: Amount = 100
    """GB a month through all NAT gateways together, in both directions, beside what nodes pull when they start."""

    node_starts_per_month: Amount = 1
    """Starts a month of each node that runs always: updates, replacements and interruptions. A node that a schedule
    stops starts on each running day."""

    started_node_hours: Annotated[float, Field(gt=0, le=744, allow_inf_nan=False)] = 4
    """Hours that a node of a group with a minimum of 0 nodes runs after each start."""

    node_images_gb: Amount = 4
    """GB of images, compressed, that a node without GPUs pulls at a start: those of add-ons and of its workloads."""

    gpu_node_images_gb: Amount = 12
    """GB of images, compressed, that a node with GPUs pulls at a start, in addition to the weights of models; vLLM's
    image has about 9."""

    endpoint_gb_per_month: Amount = 50
    """GB a month through all interface endpoints together."""

    cross_zone_gb: Amount = 100
    """GB a month between zones inside the VPC; AWS bills both directions."""

    data_transfer_out_gb: Amount = 100
    """GB a month to the internet; the first 100 of an account are free."""

    lcu: Amount = 1
    """Average load balancer capacity units (LCU) of each load balancer at the expected size. An application load
    balancer has less and more of them at minimum and maximum size, as the replicas behind it."""

    control_plane_logs_gb_per_month: Amount = 10
    """GB a month of EKS control plane logs of all types at the expected size; they follow the nodes."""

    audit_logs_percent: Percent = 60
    """Percent of the control plane logs that are of type audit; the four other types have the rest in equal parts."""

    flow_logs_gb_per_month: Amount = 10
    """GB a month of VPC flow logs at the expected size with an aggregation interval of ten minutes; they follow the
    nodes."""

    flow_logs_minute_percent: Annotated[float, Field(ge=100, le=1000, allow_inf_nan=False)] = 150
    """Percent of `flowLogsGbPerMonth` with an interval of one minute. Instances of the Nitro system always have records
    of a minute; other interfaces, such as NAT gateways, have up to ten times as many:
    https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html"""

    logs_gb_per_month: Amount = 1
    """GB a month of each other log group."""

    enhanced_monitoring_kib: Amount = 4
    """KiB of each sample that RDS Enhanced Monitoring writes to CloudWatch Logs, every `intervalSeconds` of a database
    or `monitoringIntervalSeconds` of an Aurora instance."""

    insights_pods_per_node: Amount = 12
    """Average pods of a node, whose metrics Container Insights bills; about eight are system pods."""

    access_logs_gb_per_month: Amount = 5
    """GB a month of access logs in each bucket of `accessLogs`."""

    waf_million_requests_per_month: Amount = 5
    """Millions of requests a month that AWS WAF inspects."""

    s3_gb_per_bucket: Amount = 100
    """GB in each bucket, noncurrent versions included."""

    s3_cold_percent: Percent = 50
    """Percent of a bucket in the cheaper storage class of its lifecycle rules, if it has such a rule."""

    s3_idle_percent: Percent = 50
    """Percent of what is in Intelligent-Tiering that is not read for 30 days, and is billed as infrequent."""

    s3_object_mb: Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)] = 10
    """Average MB of an object, whose monitoring Intelligent-Tiering bills."""

    ecr_gb_per_repository: Amount = 5
    """GB of images in each repository."""

    cpu_used_percent: Percent = 20
    """Average CPU use of pods in percent of their requests: nodes of types t3, t3a and t4g are billed for what exceeds
    their baseline."""

    server_cpu_percent: Percent = 5
    """Average CPU use in percent of EC2 instances outside the cluster, and of databases with a class of t3 or t4g."""

    tenant_quota_percent: Percent = 25
    """Percent of each tenant's quota of CPU and memory that its pods request while nodes run, in pods of at most 2 CPUs
    and 8 GiB. Quotas of GPUs are in `gpuHoursPerMonth`."""

    scaled_replicas_percent: Percent = 0
    """Percent of the replicas between the initial and the maximum number that autoscaled workloads have on average."""

    volume_gb_per_tenant: Amount = 10
    """GB of volumes of each tenant's pods, limited by the tenant's quota."""

    efs_gb: Amount = 100
    """GB in each file system."""

    efs_cold_percent: Percent = 50
    """Percent of a file system in the Infrequent Access class, if its files move there."""

    efs_read_gb_per_month: Amount = 100
    """GB a month read from each file system with elastic throughput."""

    efs_write_gb_per_month: Amount = 20
    """GB a month written to each file system with elastic throughput."""

    backup_gb: Amount = 10
    """GB of a week of automated backups and snapshots of each database that exceed its size, up to which they are free.
    Other retentions have more or less in proportion; Aurora's first day and a cache's first snapshot are free."""

    vault_gb: Amount = 50
    """GB of recovery points in each backup vault: one full copy of volumes and databases, and the changes."""

    copied_gb_per_month: Amount = 30
    """GB a month to another region, for each vault, bucket and registry with copies there."""

    aurora_acu: Amount = 1
    """Average Aurora Capacity Units of each instance, limited by its minimum and maximum."""

    aurora_idle_percent: Percent = 0
    """Percent of the month in which an Aurora cluster with a minimum of 0 ACU has no connections and pauses."""

    aurora_gb: Amount = 20
    """GB in each Aurora cluster."""

    aurora_io_millions: Amount = 10
    """Millions of I/O requests a month of each Aurora cluster; I/O-Optimized storage does not bill them."""

    hosted_models_budget_percent: Percent = 25
    """Percent of the budgets of LiteLLM's virtual keys that models of external providers use."""

    gpu_hours_per_month: Amount = 20
    """Node hours a month of each group with a minimum of 0 nodes, such as GPU groups."""

    group_hours_per_month: dict[NodeGroupRef, Amount] = {}
    """Node hours a month of single groups, by name."""

    def of(self, name: str) -> Decimal:
        """Return an assumption by its name in YAML, without rounding."""
        field = next(key for key, field in type(self).model_fields.items() if field.alias == name)
        return Decimal(str(getattr(self, field)))


Factor = Annotated[float, Field(gt=0, le=20, allow_inf_nan=False)]


class Costs(Model):
    """Section `ai-platform:costs`."""

    budget: Budget | None = None
    """Budget; none by default."""

    assumptions: Assumptions = Assumptions()
    """Assumptions about usage."""

    commitments: Commitments = Commitments()
    """Savings Plans and reserved instances, which the bill counts."""

    estimates: bool = False
    """Whether a price that the table lacks is estimated from the price in us-east-1 and a factor of the service. Every
    line, total, budget and comparison that rests on an estimate is marked. Default: the price stays unknown."""

    estimate_factors: dict[Service, Factor] = {}
    """Prices of services in this region as a multiple of those in us-east-1, by service, such as ec2, rds or nat.
    Default: the median of the prices that both regions have, or the factor of `catalog/data/price-factors.csv`."""

    allocation_tags: tuple[TagKey, ...] = Field(default=(), max_length=20)
    """Tags to activate as cost allocation tags. Only the management account of an organization can activate them, and
    only a day after their first use. Default: none, so that the billing console manages them."""

    price_max_age_days: int = Field(default=180, ge=1, le=3650)
    """Days after which `aiplatform cost` warns about prices, as it does about prices without a date."""
