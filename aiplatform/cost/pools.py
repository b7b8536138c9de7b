"""Count the nodes of Karpenter's pools by placing the pods of a plan, because a plan does not contain them."""

from collections import Counter
from collections.abc import Mapping

from aiplatform.cost.usage import UncountedError
from aiplatform.fit.karpenter import pools
from aiplatform.fit.nodes import groups
from aiplatform.fit.placement import Placement, place
from aiplatform.fit.pods import objects, workloads
from aiplatform.fit.workloads import LEVELS, Level
from aiplatform.preview.plan import Plan
from config.settings import Settings

Nodes = Mapping[Level, Mapping[str, int]]
"""Nodes of a pool by size of the platform and instance type; equivalent types are counted as one of them."""


def nodes_of_pools(plan: Plan, settings: Settings | None) -> Mapping[str, Nodes]:
    """Return the nodes that the pods of a plan require of each pool, at minimum, expected and maximum size.

    Raises:
        UncountedError: the node groups outside the pools are unknown.
    """
    if settings is None:
        raise UncountedError("how many of its pods the node groups carry is not known")
    sourced = objects(plan)
    zones = tuple(sorted({subnet.zone for subnet in settings.network.tiers().private}))
    brought = pools(sourced, zones)
    pods = workloads(sourced)
    placed = {level: place([*groups(settings), *brought], pods, level, level) for level in LEVELS}
    return {
        pool: {level: _count(placement, pool) for level, placement in placed.items()}
        for pool in dict.fromkeys(group.pool for group in brought)
    }


def _count(placement: Placement, pool: str) -> Mapping[str, int]:
    """Return the nodes of a pool with other pods than DaemonSets: nodes that only Jobs required are removed."""
    cluster = placement.cluster
    found: Counter[str] = Counter()
    for kind, nodes in cluster.of_kind.items():
        if kind.group.pool == pool:
            _, _, everywhere, _ = cluster.fresh(kind)
            found[kind.group.instance_types[0]] += sum(node.pods > len(everywhere) for node in nodes)
    return {type_: count for type_, count in found.items() if count}
