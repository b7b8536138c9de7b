"""Volumes that the pods of tenants claim, which a plan does not contain."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from aiplatform.cost.bill import Sizes
from aiplatform.cost.index import Context, PricingRule, namespace_of
from aiplatform.cost.pricing.compute import volume
from aiplatform.cost.pricing.storage import gibibytes, volume_type
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource


def quota(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield volumes of the cluster's default class, up to the quota of a tenant; nothing for other quotas."""
    kind = volume_type(None, context)
    if namespace_of(found) not in context.tenants or kind is None:
        return
    hard = (found.inputs.get("spec") or {}).get("hard") or {}
    most = gibibytes(hard.get("requests.storage", "0"))
    gigabytes = Sizes(Decimal(0), min(context.assumed("volumeGbPerTenant"), most), most)
    if gigabytes.any():
        each = {"volumeType": kind, "volumeSize": 1}
        yield from volume(each, gigabytes, ("volumeGbPerTenant",), "what the tenant's pods claim")


TENANTS: Mapping[str, PricingRule] = {"kubernetes:core/v1:ResourceQuota": quota}
