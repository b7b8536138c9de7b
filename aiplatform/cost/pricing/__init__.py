"""Pricing rules by type of resource."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from aiplatform.cost.bill import always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.pricing.aurora import AURORA
from aiplatform.cost.pricing.backups import BACKUPS
from aiplatform.cost.pricing.balancing import BALANCING
from aiplatform.cost.pricing.charts import CHARTS
from aiplatform.cost.pricing.cluster import CLUSTER
from aiplatform.cost.pricing.compute import COMPUTE
from aiplatform.cost.pricing.database import DATABASE
from aiplatform.cost.pricing.files import FILES
from aiplatform.cost.pricing.firewall import FIREWALL
from aiplatform.cost.pricing.functions import FUNCTIONS
from aiplatform.cost.pricing.hosted_models import HOSTED_MODELS
from aiplatform.cost.pricing.keys import KEYS
from aiplatform.cost.pricing.kubeflow import KUBEFLOW
from aiplatform.cost.pricing.logs import LOGS
from aiplatform.cost.pricing.network import NETWORK
from aiplatform.cost.pricing.pools import POOLS
from aiplatform.cost.pricing.storage import STORAGE
from aiplatform.cost.pricing.tenants import TENANTS
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource
from catalog.aws import AWS_TYPES
from catalog.aws.aws_type import Price


def _fixed(price: Price) -> PricingRule:
    """The rule of a type whose price does not depend on its inputs."""

    def rule(_: Resource, context: Context) -> Iterator[Usage]:
        each = Decimal(1) if price.assumed is None else context.assumed(price.assumed)
        quantity = each * (context.hours_per_month if price.per == "hour" else 1)
        yield Usage(price.item, price.unit, always(quantity), (price.assumed,) if price.assumed else (), price.note)

    return rule


RULES: Mapping[str, PricingRule] = {
    **{token: _fixed(type_.price) for token, type_ in AWS_TYPES.items() if type_.price is not None},
    **COMPUTE,
    **POOLS,
    **CLUSTER,
    **NETWORK,
    **BALANCING,
    **DATABASE,
    **AURORA,
    **STORAGE,
    **TENANTS,
    **CHARTS,
    **FILES,
    **FIREWALL,
    **BACKUPS,
    **FUNCTIONS,
    **KUBEFLOW,
    **HOSTED_MODELS,
    **KEYS,
    **LOGS,
}
"""The rule of each type that AWS bills. What it bills nothing for is in `aiplatform.cost.free`, with the reason."""
