"""Logs of CloudWatch."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from aiplatform.cost.bill import Sizes, always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.pricing.growth import by_nodes
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource

COMPRESSED = Decimal("0.15")
"""Share of a GB of logs that CloudWatch stores and bills: examples of https://aws.amazon.com/cloudwatch/pricing/"""

_INGESTION = {"INFREQUENT_ACCESS": "cloudwatch_logs_infrequent_ingest_gb"}
"""The item of a log class that has its own price; all classes have the same price of storage."""

DAYS_A_MONTH = 30
FOREVER = 365
"""Days that are counted for a log group without retention: the monthly cost of a year of logs."""


CLUSTERS = ("eks:index:Cluster", "aws:eks/cluster:Cluster")
LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
"""https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html"""

_CONTROL_PLANE, _AUDIT = "controlPlaneLogsGbPerMonth", "auditLogsPercent"
_FLOWS, _BY_MINUTE = "flowLogsGbPerMonth", "flowLogsMinutePercent"
_MINUTE = "60"

SAMPLE = "enhancedMonitoringKib"


def log_group(group: Resource, context: Context) -> Iterator[Usage]:
    """Yield the ingested logs, and the stored logs once the retention is full, without Container Insights' own metrics,
    which are billed by observation.
    """
    name = str(group.inputs.get("name"))
    if name.startswith("/aws/containerinsights/") and name.endswith("/performance"):
        return
    gigabytes, assumed, note = _gigabytes(name, context)
    days = int(group.inputs.get("retentionInDays") or FOREVER)
    kept = gigabytes * (days * COMPRESSED / DAYS_A_MONTH)
    item = _INGESTION.get(str(group.inputs.get("logGroupClass")), "cloudwatch_logs_ingest_gb")
    yield Usage(item, "GB", gigabytes, assumed, note)
    yield Usage("cloudwatch_logs_storage_gb_month", "GB-month", kept, assumed, f"{days} days")


def enhanced_monitoring(instance: Resource, context: Context) -> Iterator[Usage]:
    """Yield the samples of the operating system of a database instance, which RDS writes to CloudWatch Logs and keeps
    for 30 days.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.overview.html
    """
    seconds = int(instance.inputs.get("monitoringInterval") or 0)
    if not seconds:
        return
    samples = context.hours_per_month * 3600 / seconds
    gigabytes = samples * context.assumed(SAMPLE) / 1024**2
    note = f"Enhanced Monitoring every {seconds} s"
    yield Usage("cloudwatch_logs_ingest_gb", "GB", always(gigabytes), (SAMPLE,), note)
    yield Usage("cloudwatch_logs_storage_gb_month", "GB-month", always(gigabytes * COMPRESSED), (SAMPLE,), note)


def _gigabytes(name: str, context: Context) -> tuple[Sizes, tuple[str, ...], str]:
    """Return the GB a month of a log group, the assumptions that they depend on, and a note. Logs of the control plane
    and of flows follow the nodes.
    """
    if name.startswith("/aws/eks/") and name.endswith("/cluster"):
        share, types = _of_types(context)
        gigabytes = context.assumed(_CONTROL_PLANE) * share
        return by_nodes(context) * gigabytes, (_CONTROL_PLANE, _AUDIT), f"types {', '.join(types)}"
    for flow in context.of("aws:ec2/flowLog:FlowLog"):
        if str(flow.inputs.get("logDestination")).endswith(f":log-group:{name}"):
            if str(flow.inputs.get("maxAggregationInterval")) != _MINUTE:
                return by_nodes(context) * context.assumed(_FLOWS), (_FLOWS,), ""
            gigabytes = context.assumed(_FLOWS) * context.assumed(_BY_MINUTE) / 100
            return by_nodes(context) * gigabytes, (_FLOWS, _BY_MINUTE), "records of a minute"
    return always(context.assumed("logsGbPerMonth")), ("logsGbPerMonth",), ""


def _of_types(context: Context) -> tuple[Decimal, list[str]]:
    """Return the share of the enabled types of all logs of the control plane, and their names."""
    given = (one.inputs.get("enabledClusterLogTypes") for one in context.of(*CLUSTERS))
    types = next((list(each) for each in given if each is not None), list(LOG_TYPES))
    audit = context.assumed(_AUDIT) / 100
    others = (1 - audit) / (len(LOG_TYPES) - 1)
    return sum((audit if one == "audit" else others for one in types), Decimal(0)), types


LOGS: Mapping[str, PricingRule] = {"aws:cloudwatch/logGroup:LogGroup": log_group}
