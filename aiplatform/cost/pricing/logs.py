"""Logs of CloudWatch."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from aiplatform.cost.bill import always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource

COMPRESSED = Decimal("0.15")
"""Share of a GB of logs that CloudWatch stores and bills: examples of https://aws.amazon.com/cloudwatch/pricing/"""

_INGESTION = {"INFREQUENT_ACCESS": "cloudwatch_logs_infrequent_ingest_gb"}
"""The item of a log class that has its own price; all classes have the same price of storage."""

DAYS_A_MONTH = 30
FOREVER = 365
"""Days that are counted for a log group without retention: the monthly cost of a year of logs."""


SAMPLE = "enhancedMonitoringKib"


def log_group(group: Resource, context: Context) -> Iterator[Usage]:
    """Yield the ingested logs, and the stored logs once the retention is full, without Container Insights' own metrics,
    which are billed by observation.
    """
    name = str(group.inputs.get("name"))
    if name.startswith("/aws/containerinsights/") and name.endswith("/performance"):
        return
    assumption = _assumption(name, context)
    gigabytes = context.assumed(assumption)
    days = int(group.inputs.get("retentionInDays") or FOREVER)
    kept = gigabytes * days / DAYS_A_MONTH * COMPRESSED
    item = _INGESTION.get(str(group.inputs.get("logGroupClass")), "cloudwatch_logs_ingest_gb")
    yield Usage(item, "GB", always(gigabytes), (assumption,))
    yield Usage("cloudwatch_logs_storage_gb_month", "GB-month", always(kept), (assumption,), f"{days} days")


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


def _assumption(name: str, context: Context) -> str:
    if name.startswith("/aws/eks/") and name.endswith("/cluster"):
        return "controlPlaneLogsGbPerMonth"
    flows = context.of("aws:ec2/flowLog:FlowLog")
    if any(str(flow.inputs.get("logDestination")).endswith(f":log-group:{name}") for flow in flows):
        return "flowLogsGbPerMonth"
    return "logsGbPerMonth"


LOGS: Mapping[str, PricingRule] = {"aws:cloudwatch/logGroup:LogGroup": log_group}
