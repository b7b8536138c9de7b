"""Karpenter's pools: the nodes that pods require, and their disks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from aiplatform.cost.bill import NOTHING, Sizes
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.needed_nodes import NO_NODES
from aiplatform.cost.pricing.compute import hours_of, volume
from aiplatform.cost.pricing.credits import of_nodes
from aiplatform.cost.pricing.storage import gibibytes
from aiplatform.cost.usage import Instances, Usage
from aiplatform.fit.karpenter import allowed_types, limits_of
from aiplatform.preview.plan import Resource
from catalog.capacity import whole
from catalog.instance_types import sizes

NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool"
_NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"

Shape = tuple[int, int, int]
"""GPUs, vCPUs and MiB of memory. Karpenter chooses the cheapest or an available type of the same shape."""


def node_pool(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield nodes for the pods of the plan for the whole month, and at the maximum size as many as the pool's limits
    allow.

    Minimum and expected size have the nodes on which `aiplatform fit` places pods at that size, after those of the node
    groups. A pool that no pod of the plan requires runs for the assumed hours, as a group that starts with 0 nodes
    does. At the maximum size, the limits are filled with the smallest type beside the expected nodes: pods outside the
    plan can require them.

    Karpenter prefers Spot where it is allowed: the bill uses the cheapest type. At the maximum size no Spot capacity is
    left, and the most expensive On-Demand type counts, unless the pool allows Spot only. Without Spot, Karpenter
    chooses the cheapest type:
    https://karpenter.sh/v1.14/concepts/nodepools/
    """
    spec = found.inputs.get("spec") or {}
    template = (spec.get("template") or {}).get("spec") or {}
    ebs = _disks(template, context)
    spot, at_most = _capacity(template)
    for types, nodes, assumed in nodes_of(found, context):
        item = Instances(types, spot, on_demand_at_most=at_most)
        yield Usage(item, "h", nodes, assumed, "on demand at the maximum" if at_most else "")
        yield from of_nodes(types, nodes, context.needed_nodes.get(_pool(found)), context)
        for disk in ebs:
            yield from volume(disk, nodes * (1 / context.hours_per_month), assumed)


def nodes_of(found: Resource, context: Context) -> Iterator[tuple[tuple[str, ...], Sizes, tuple[str, ...]]]:
    """Yield types of the same shape, their node hours, and the assumptions that these depend on."""
    name = _pool(found)
    shapes = _shapes(allowed_types(found.inputs))
    if not shapes:
        return
    placed = context.needed_nodes.get(name, NO_NODES)
    usual = _by_shape(placed.at("expected"))
    least = _by_shape(placed.at("minimum"))
    smallest = min(shapes)
    more = _room(found.inputs, {shapes[shape][0]: count for shape, count in usual.items()}, shapes[smallest][0])
    if more is None:
        more = max(0, sum(placed.at("maximum").values()) - sum(usual.values()))
    month = context.hours_per_month
    for shape, types in sorted(shapes.items()):
        expected = Decimal(usual.get(shape, 0))
        # A smaller node group can leave more pods to the pool, but the minimum is that of the whole platform.
        minimum = min(Decimal(least.get(shape, 0)), expected)
        maximum = expected + (more if shape == smallest else 0)
        hours = Sizes(minimum, expected, maximum) * month
        assumed = placed.assumptions
        if shape == smallest and not usual:
            given, assumption = hours_of(name, context)
            hours, assumed = replace(hours, expected=min(given, hours.maximum)), (assumption,)
        if hours != NOTHING:
            yield types, hours, assumed


def _pool(found: Resource) -> str:
    return str((found.inputs.get("metadata") or {}).get("name"))


def _shapes(types: Sequence[str]) -> dict[Shape, tuple[str, ...]]:
    found: dict[Shape, tuple[str, ...]] = {}
    for one in types:
        found[_shape(one)] = (*found.get(_shape(one), ()), one)
    return found


def _shape(instance_type: str) -> Shape:
    size = sizes()[instance_type]
    return size.gpus, size.vcpus, size.memory_mib


def _by_shape(nodes: Mapping[str, int]) -> dict[Shape, int]:
    found: dict[Shape, int] = {}
    for type_, count in nodes.items():
        found[_shape(type_)] = found.get(_shape(type_), 0) + count
    return found


def _room(pool: Mapping[str, Any], usual: Mapping[str, int], smallest: str) -> int | None:
    """Return how many more of the smallest nodes the limits allow; None without limits."""
    limits, machine = limits_of(pool), whole(smallest)
    used = {name: sum(whole(type_)[name] * count for type_, count in usual.items()) for name in limits}
    return min((max(0, limits[name] - used[name]) // machine[name] for name in limits if machine[name]), default=None)


def _capacity(template: Mapping[str, Any]) -> tuple[bool, bool]:
    """Return whether the pool prefers Spot, and whether it then allows On-Demand, which is the default."""
    values = {
        value
        for one in template.get("requirements") or ()
        if one.get("key") == "karpenter.sh/capacity-type"
        for value in one.get("values") or ()
    }
    return "spot" in values, values >= {"spot", "on-demand"}


def _disks(template: Mapping[str, Any], context: Context) -> list[dict[str, Any]]:
    name = (template.get("nodeClassRef") or {}).get("name")
    node_class = next(
        (one.inputs for one in context.of(_NODE_CLASS) if (one.inputs.get("metadata") or {}).get("name") == name), {}
    )
    return [
        {**ebs, "volumeSize": str(gibibytes(ebs.get("volumeSize") or "20Gi"))}
        for mapping in (node_class.get("spec") or {}).get("blockDeviceMappings") or ()
        if (ebs := mapping.get("ebs"))
    ]


POOLS: Mapping[str, PricingRule] = {NODE_POOL: node_pool}
