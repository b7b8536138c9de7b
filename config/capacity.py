"""Allocatable resources of the nodes of a group or pool."""

from catalog.capacity import type_offers
from catalog.instance_types import sizes
from catalog.quantities import CPU, DISK, GPU, MEMORY, PODS, UNKNOWN, Amounts
from config.nodes import Nodes


def offered(group: Nodes, *, prefixes: bool) -> Amounts:
    """Return what every node of a group can allocate: the minimum over its instance types, by resource."""
    each = each_offers(group, prefixes=prefixes)
    if not each:
        amounts = dict.fromkeys((CPU, MEMORY, DISK, PODS), UNKNOWN)
        return {**amounts, **({GPU: group.gpus_per_node()} if group.has_gpus() else {})}
    offers = list(each.values())
    return {name: min(one.get(name, 0) for one in offers) for name in offers[0]}


def each_offers(group: Nodes, *, prefixes: bool) -> dict[str, Amounts]:
    """Return what a node can allocate, by instance type; types that the table lacks are omitted."""
    pods = group.max_pods if prefixes else None
    return {
        one: type_offers(one, disk_gib=group.pods_disk_gib(one), max_pods=pods)
        for one in group.instance_types
        if one in sizes()
    }
