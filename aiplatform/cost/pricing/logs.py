"""Logs of CloudWatch."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from aiplatform.cost.bill import always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource

COMPRESSED = Decimal("0.15")
"""Of a GB of logs, what CloudWatch keeps and bills: the examples of https://aws.amazon.com/cloudwatch/pricing/"""

DAYS_A_MONTH = 30
FOREVER = 365
"""Days that a group without an end is counted for: what a year of logs costs a month."""


def log_group(group: Resource, context: Context) -> Iterator[Usage]:
    """What comes in, and what lies there once the retention is full; not of Container Insights' own metrics, which are
    billed by the observation.
    """
    name = str(group.inputs.get("name"))
    if name.startswith("/aws/containerinsights/") and name.endswith("/performance"):
        return
    assumption = _assumption(name, context)
    gigabytes = context.assumed(assumption)
    days = int(group.inputs.get("retentionInDays") or FOREVER)
    kept = gigabytes * days / DAYS_A_MONTH * COMPRESSED
    yield Usage("cloudwatch_logs_ingest_gb", "GB", always(gigabytes), (assumption,))
    yield Usage("cloudwatch_logs_storage_gb_month", "GB-month", always(kept), (assumption,), f"{days} days")


def _assumption(name: str, context: Context) -> str:
    if name.startswith("/aws/eks/") and name.endswith("/cluster"):
        return "controlPlaneLogsGbPerMonth"
    flows = context.of("aws:ec2/flowLog:FlowLog")
    if any(str(flow.inputs.get("logDestination")).endswith(f":log-group:{name}") for flow in flows):
        return "flowLogsGbPerMonth"
    return "logsGbPerMonth"


LOGS: Mapping[str, PricingRule] = {"aws:cloudwatch/logGroup:LogGroup": log_group}
