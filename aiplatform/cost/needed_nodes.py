"""Count the nodes of node groups and of Karpenter's pools by placing the pods of a plan, as the autoscalers would."""

from collections.abc import Mapping

from aiplatform.cost.usage import UncountedError
from aiplatform.fit.karpenter import pools
from aiplatform.fit.nodes import Group, groups
from aiplatform.fit.placement import Placement, place
from aiplatform.fit.pods import objects, workloads
from aiplatform.fit.workloads import Level
from aiplatform.preview.plan import Plan
from config.settings import Settings

Nodes = Mapping[Level, Mapping[str, int]]
"""Nodes of a group or pool by size of the platform and instance type; equivalent types are counted as one of them, and
those of a node group as its first."""


def needed_nodes(plan: Plan, settings: Settings | None) -> Mapping[str, Nodes]:
    """Return the nodes that the pods of a plan require of each node group and pool, by its name, at minimum, expected
    and maximum size of the platform.

    Groups start with their minimum, and the Cluster Autoscaler adds nodes up to the maximum; without it, a group has
    its desired nodes. At the maximum size every group is full, and only the nodes of pools follow the pods:
    without pools that size is left out.

    Raises:
        UncountedError: the node groups are unknown.
    """
    if settings is None:
        raise UncountedError("how many of its pods the node groups carry is not known")
    sourced = objects(plan)
    zones = tuple(sorted({subnet.zone for subnet in settings.network.tiers().private}))
    brought = pools(sourced, zones)
    every = [*groups(settings), *brought]
    pods = workloads(sourced)
    placed: dict[Level, Placement] = {
        "minimum": place(every, pods, "minimum", "minimum", grow=True),
        "expected": place(every, pods, "expected", "minimum", grow=True),
    }
    if brought:
        placed["maximum"] = place(every, pods, "maximum", "maximum")
    return {
        name: {level: _count(placement, name) for level, placement in placed.items()}
        for name in dict.fromkeys(map(_name, every))
    }


def _name(group: Group) -> str:
    return group.pool or group.name


def _count(placement: Placement, name: str) -> Mapping[str, int]:
    """Return the nodes with other pods than DaemonSets, and at least the minimum of a group: what only Jobs required
    is removed.
    """
    found: dict[str, int] = {}
    for group in placement.cluster.groups:
        if _name(group) != name:
            continue
        nodes = busy = 0
        for kind in placement.cluster.kinds[group.name]:
            _, _, everywhere, _ = placement.cluster.fresh(kind)
            nodes += len(placement.cluster.of_kind[kind])
            busy += sum(node.pods > len(everywhere) for node in placement.cluster.of_kind[kind])
        least = 0 if group.pool else min(group.scale.minimum, nodes)
        if count := max(busy, least):
            type_ = group.instance_types[0]
            found[type_] = found.get(type_, 0) + count
    return found
