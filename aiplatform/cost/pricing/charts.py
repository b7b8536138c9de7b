"""Cost of charts and EKS add-ons beside their nodes. It depends on their values; a plan does not contain it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from aiplatform.cost.bill import NOTHING, always
from aiplatform.cost.index import NODE_GROUPS, Context, PricingRule
from aiplatform.cost.pricing.compute import node_hours
from aiplatform.cost.pricing.storage import claimed
from aiplatform.cost.usage import UncountedError, Usage
from aiplatform.fit.system_pods import bundle
from aiplatform.preview.charts import ADDON, AWS_ADDON, RELEASE, chart_of, values_of
from aiplatform.preview.plan import Resource

PODS = "insightsPodsPerNode"

AN_HOUR = 60
"""Observations of a metric in an hour: one a minute."""


def chart(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield the volumes of a chart, and the observations of nodes and their pods, with one container in each pod.

    The price of an observation includes logs and metrics: https://aws.amazon.com/cloudwatch/pricing/ Not counted: nodes
    of Karpenter's pools, the few dozen metrics of the control plane, and OpenTelemetry metrics.

    Raises:
        UncountedError: the chart or add-on is unknown.
    """
    known = chart_of(found)
    if known is None:
        require_known(found)
        return
    for replicas, spec in known.claims(values_of(found)):
        yield from claimed(spec, always(replicas), context)
    if known.observations is None:
        return
    hours, assumed = NOTHING, [PODS]
    for group in context.of(*NODE_GROUPS):
        of_group, assumptions = node_hours(group, context)
        hours += of_group
        assumed += assumptions
    observed = known.observations
    each = observed.node + context.assumed(PODS) * (observed.pod + observed.container)
    millions = hours * (each * AN_HOUR / Decimal(1_000_000))
    yield Usage("container_insights_observation_million", "1M observations", millions, tuple(dict.fromkeys(assumed)))


def require_known(found: Resource) -> None:
    """Check that the pods of a release, an add-on or a directory of manifests are known.

    Raises:
        UncountedError: they are unknown, and so are the required nodes, its volumes and its load balancers.
    """
    brought = bundle(found)
    if brought is not None and brought.pods is None:
        raise UncountedError(f"nodes, volumes and load balancers of the unknown {brought.what} {brought.name}")


CHARTS: Mapping[str, PricingRule] = {ADDON: chart, AWS_ADDON: chart, RELEASE: chart}
