"""Pricing rules by type of resource."""

from collections.abc import Mapping

from aiplatform.cost.index import PricingRule
from aiplatform.cost.pricing.aurora import AURORA
from aiplatform.cost.pricing.backups import BACKUPS
from aiplatform.cost.pricing.balancing import BALANCING
from aiplatform.cost.pricing.charts import CHARTS
from aiplatform.cost.pricing.cluster import CLUSTER
from aiplatform.cost.pricing.compute import COMPUTE
from aiplatform.cost.pricing.database import DATABASE
from aiplatform.cost.pricing.files import FILES
from aiplatform.cost.pricing.functions import FUNCTIONS
from aiplatform.cost.pricing.images import IMAGES
from aiplatform.cost.pricing.kubeflow import KUBEFLOW
from aiplatform.cost.pricing.logs import LOGS
from aiplatform.cost.pricing.network import NETWORK
from aiplatform.cost.pricing.pools import POOLS
from aiplatform.cost.pricing.secrets import SECRETS
from aiplatform.cost.pricing.storage import STORAGE
from aiplatform.cost.pricing.tenants import TENANTS

RULES: Mapping[str, PricingRule] = {
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
    **IMAGES,
    **BACKUPS,
    **FUNCTIONS,
    **KUBEFLOW,
    **SECRETS,
    **LOGS,
}
"""The rule of each type that AWS bills. Types that AWS does not bill are in `free.py`, with the reason."""
