"""Container Insights: what EKS add-ons cost beside the nodes that run them."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from aiplatform.cost.bill import NOTHING
from aiplatform.cost.index import NODE_GROUPS, Context, PricingRule
from aiplatform.cost.pricing.charts import require_known
from aiplatform.cost.pricing.compute import node_hours
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource

ADDON = "amazon-cloudwatch-observability"

OF_A_NODE, OF_A_POD, OF_A_CONTAINER = 26, 35, 12
"""Metrics that the agent sends of each, with enhanced observability and without those of devices, as its source says:
https://github.com/aws/amazon-cloudwatch-agent/blob/main/translator/translate/otel/exporter/awsemf/kubernetes.go"""

AN_HOUR = 60
"""Observations of a metric: one a minute."""


def addon(found: Resource, context: Context) -> Iterator[Usage]:
    """Observations of nodes and their pods, each pod with one container; other add-ons cost what their nodes do.

    Logs and metrics themselves are in the price of an observation: https://aws.amazon.com/cloudwatch/pricing/
    Not counted: what Karpenter's pools bring, the few dozen metrics of the control plane, and OpenTelemetry's.

    Raises:
        UncountedError: nothing is known of the add-on.
    """
    require_known(found)
    if found.inputs.get("addonName") != ADDON:
        return
    hours, assumed = NOTHING, [_PODS]
    for group in context.of(*NODE_GROUPS):
        of_group, assumptions = node_hours(group, context)
        hours += of_group
        assumed += assumptions
    each = OF_A_NODE + context.assumed(_PODS) * (OF_A_POD + OF_A_CONTAINER)
    millions = hours * (each * AN_HOUR / Decimal(1_000_000))
    yield Usage("container_insights_observation_million", "1M observations", millions, tuple(dict.fromkeys(assumed)))


_PODS = "insightsPodsPerNode"

INSIGHTS: Mapping[str, PricingRule] = {"eks:index:Addon": addon, "aws:eks/addon:Addon": addon}
