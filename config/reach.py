"""Maximum capacity of the nodes of a stack: node groups at their maximum, node pools within their limits."""

from collections import Counter

from catalog.capacity import whole, within
from catalog.quantities import CPU, DISK, GPU, MEMORY, PODS, UNKNOWN, Amounts, amount
from config.addons import Addons
from config.capacity import each_offers, offered
from config.node_pools import NodePool
from config.nodes import NodeGroup
from config.settings import Settings


def reach(settings: Settings) -> Amounts:
    """Return the maximum allocatable resources of all nodes together, before DaemonSets."""
    total: Counter[str] = Counter()
    for group in settings.node_groups.values():
        total.update(_group(group, settings.addons))
    for pool in settings.node_pools.values():
        total.update(_pool(pool, settings.addons))
    return total


def most_nodes(group: NodeGroup, addons: Addons) -> int:
    """Return the maximum nodes of a group; without the Cluster Autoscaler these are its desired nodes."""
    return group.scaling.max if addons.cluster_autoscaler.enabled else group.scaling.desired


def _group(group: NodeGroup, addons: Addons) -> Amounts:
    nodes = most_nodes(group, addons)
    return {name: each * nodes for name, each in offered(group, prefixes=addons.vpc_cni.gives_prefixes()).items()}


def limits(pool: NodePool) -> Amounts:
    """Return the limits of a pool: CPU in millicores, memory in bytes, and GPUs."""
    given = {CPU: pool.limits.cpu, MEMORY: pool.limits.memory, GPU: pool.limits.gpus}
    return {name: amount(name, value) for name, value in given.items() if value is not None}


def _pool(pool: NodePool, addons: Addons) -> Amounts:
    each = each_offers(pool, prefixes=addons.vpc_cni.gives_prefixes())
    if len(each) < len(pool.instance_types):
        return dict.fromkeys((CPU, MEMORY, DISK, PODS, GPU), UNKNOWN)
    return within(limits(pool), ((offers, whole(name)) for name, offers in each.items()))
