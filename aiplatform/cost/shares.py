"""The share of the nodes' cost of each tenant, derived from pods and quotas."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from aiplatform.cost.bill import SHARED, SIZES, Line, Size, Sizes
from aiplatform.cost.index import Context, namespace_of
from aiplatform.cost.pricing.pools import NODE_POOL
from aiplatform.fit.pods import objects, workloads
from aiplatform.preview.plan import Json, Resource
from catalog.capacity import whole
from catalog.instance_types import sizes
from catalog.quantities import CPU, GIB, GPU, MEMORY, Amounts, amount

CORE, GIBIBYTE = 9, 1
"""Weights of a core and of a GiB of memory, as in AWS split cost allocation data:
https://docs.aws.amazon.com/cur/latest/userguide/example-split-cost-allocation-data.html
"""

_QUOTA = "kubernetes:core/v1:ResourceQuota"
_JOBS = ("Job", "CronJob")


def node_shares(context: Context, lines: Iterable[Line]) -> Mapping[str, Mapping[str, Sizes]]:
    """Return the share of each tenant in each node group and pool, from 0 to 1.

    At the minimum size a tenant's share is the requests of its pods; at the expected and maximum size it is the quota,
    for which nodes are reserved. Nodes with GPUs are divided by GPUs, others by CPU and memory. Nodes with additional
    taints are shared, because pods of tenants do not tolerate them. If quotas and the requests of the platform's pods
    exceed the nodes, all shares are reduced in proportion. The rest is shared.
    """
    if not context.tenants:
        return {}
    asked = _asked(context)
    nodes = _nodes(context, lines)
    found: dict[str, Mapping[str, Sizes]] = {}
    for kind, measure in (("gpu", _gpus), ("plain", _weight)):
        groups = {name: each for name, each in nodes.items() if each.kind == kind}
        there = {size: sum((measure(each.at(size)) for each in groups.values()), Decimal(0)) for size in SIZES}
        shares = _divided({who: {size: measure(of[size]) for size in SIZES} for who, of in asked.items()}, there)
        found |= dict.fromkeys(groups, shares)
    return found


def _divided(asked: Mapping[str, Mapping[Size, Decimal]], there: Mapping[Size, Decimal]) -> dict[str, Sizes]:
    whole_of = {size: max(there[size], sum(of[size] for of in asked.values())) for size in SIZES}
    shares = {
        who: Sizes(*(of[size] / whole_of[size] if there[size] else Decimal(0) for size in SIZES))
        for who, of in asked.items()
        if who != SHARED
    }
    return {who: share for who, share in shares.items() if share.any()}


def _weight(amounts: Amounts | Mapping[str, Decimal]) -> Decimal:
    return CORE * Decimal(amounts.get(CPU, 0)) / 1000 + GIBIBYTE * Decimal(amounts.get(MEMORY, 0)) / GIB


def _gpus(amounts: Amounts | Mapping[str, Decimal]) -> Decimal:
    return Decimal(amounts.get(GPU, 0))


@dataclass
class _Nodes:
    """The nodes of a group at each size of the platform."""

    kind: str
    """`gpu`, `plain`, or `kept` for nodes with additional taints."""

    amounts: dict[Size, dict[str, Decimal]] = field(default_factory=lambda: {size: {} for size in SIZES})

    def at(self, size: Size) -> Mapping[str, Decimal]:
        """Return the resources of all nodes together."""
        return self.amounts[size]

    def add(self, nodes: Sizes, instance_types: list[str]) -> None:
        """Add nodes of one of these types, with the average over the types."""
        for name in (CPU, MEMORY, GPU):
            each = Decimal(sum(whole(type_)[name] for type_ in instance_types)) / len(instance_types)
            for size in SIZES:
                self.amounts[size][name] = self.amounts[size].get(name, Decimal(0)) + nodes.at(size) * each


def _nodes(context: Context, lines: Iterable[Line]) -> dict[str, _Nodes]:
    found: dict[str, _Nodes] = {}
    for line in lines:
        name = line.owner.node_group
        types = [type_ for type_ in line.item.rpartition(":")[2].split(",") if type_ in sizes()]
        if name is None or line.unit != "h" or not types:
            continue
        kind = _kind(context.by_urn[line.owner.urn], types)
        found.setdefault(name, _Nodes(kind)).add(_at_once(line.quantity, name, context), types)
    return found


def _at_once(hours: Sizes, name: str, context: Context) -> Sizes:
    """Return the number of nodes while they run: a node that runs 20 hours a month counts as one node."""
    running_share = context.hours_per_month * context.group_hours(name)
    return Sizes(
        *(
            max(each / running_share, Decimal(1)) if each and running_share else Decimal(0)
            for each in map(hours.at, SIZES)
        )
    )


def _kind(group: Resource, types: list[str]) -> str:
    if all(sizes()[type_].gpus for type_ in types):
        return "gpu"
    template: Json = ((group.inputs.get("spec") or {}).get("template") or {}).get("spec") or {}
    taints = template.get("taints") if group.type == NODE_POOL else group.inputs.get("taints")
    closed = any("PREFER" not in str(taint.get("effect")).upper() for taint in taints or ())
    return "kept" if closed else "plain"


def _asked(context: Context) -> dict[str, dict[Size, dict[str, Decimal]]]:
    """Return the requests of pods at each size, of the platform and of each tenant."""
    found: dict[str, dict[Size, dict[str, Decimal]]] = defaultdict(
        lambda: {size: defaultdict(Decimal) for size in SIZES}
    )
    for quota in context.of(_QUOTA):
        tenant = context.tenants.get(namespace_of(quota))
        hard = (quota.inputs.get("spec") or {}).get("hard") or {}
        # The quota of a suspended tenant allows no pods.
        if tenant is not None and str(hard.get("pods")) != "0":
            for name in (CPU, MEMORY, GPU):
                for size in SIZES[1:]:
                    found[tenant][size][name] += amount(name, hard.get(f"requests.{name}", "0"))
    for one in workloads(objects(context.plan)):
        if one.kind in _JOBS:
            continue
        who = context.tenants.get(one.namespace, SHARED)
        for size in SIZES if who == SHARED else SIZES[:1]:
            for name, quantity in one.requests:
                found[who][size][name] += one.replicas.at(size) * quantity
    return found
