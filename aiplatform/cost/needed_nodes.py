"""Count the nodes of node groups and of Karpenter's pools by placing the pods of a plan, as the autoscalers would."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from aiplatform.cost.expected_pods import Expected, expected_pods
from aiplatform.cost.usage import UncountedError
from aiplatform.fit.karpenter import pools
from aiplatform.fit.nodes import Group, groups
from aiplatform.fit.placement import Placement, fill, place
from aiplatform.fit.pods import objects, workloads
from aiplatform.fit.workloads import Level
from aiplatform.preview.plan import Plan
from catalog.quantities import CPU
from config.settings import Settings


@dataclass(frozen=True)
class Nodes:
    """The nodes of a group or pool."""

    by_level: Mapping[Level, Mapping[str, int]]
    """By size of the platform and instance type; equivalent types are counted as one of them, and those of a node group
    as its first."""

    assumptions: tuple[str, ...] = ()
    """The assumptions without which fewer nodes are expected."""

    requested: Mapping[Level, tuple[int, ...]] = field(default_factory=dict)
    """Millicores that the pods on each node request, by size of the platform; without those of DaemonSets alone."""

    def at(self, level: Level) -> Mapping[str, int]:
        """Return the nodes at a size of the platform by instance type."""
        return self.by_level.get(level, {})


NO_NODES = Nodes({})


def needed_nodes(plan: Plan, settings: Settings | None) -> Mapping[str, Nodes]:
    """Return the nodes that the pods of a plan require of each node group and pool, by its name, at minimum, expected
    and maximum size of the platform.

    The expected size has the pods of the plan, and those that the assumptions of the stack add. Groups start with
    their minimum, and the Cluster Autoscaler adds nodes up to the maximum; without it, a group has its desired nodes.
    At the maximum size every group is full, and only the nodes of pools follow the pods: without pools that size is
    left out.

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
    names = tuple(dict.fromkeys(map(_name, every)))
    expected = place(every, pods, "expected", "minimum", grow=True)
    assumed = _add(expected, expected_pods(settings, pods), names)
    placed: dict[Level, Placement] = {
        "minimum": place(every, pods, "minimum", "minimum", grow=True),
        "expected": expected,
    }
    if brought:
        placed["maximum"] = place(every, pods, "maximum", "maximum")
    return {
        name: Nodes(
            {level: _count(placement, name) for level, placement in placed.items()},
            tuple(assumed[name]),
            {level: _requested(placement, name) for level, placement in placed.items()},
        )
        for name in names
    }


def _add(placement: Placement, pods: Iterable[Expected], names: Sequence[str]) -> dict[str, list[str]]:
    """Place more pods, and return the assumptions by the groups and pools to which their pods add nodes."""
    assumed: dict[str, list[str]] = {name: [] for name in names}
    counts = {name: _count(placement, name) for name in names}
    for one in pods:
        fill(placement.cluster, one.workload, one.number, grow=True)
        for name in names:
            count = _count(placement, name)
            if count != counts[name] and one.assumption not in assumed[name]:
                assumed[name].append(one.assumption)
            counts[name] = count
    return assumed


def _name(group: Group) -> str:
    return group.pool or group.name


def _requested(placement: Placement, name: str) -> tuple[int, ...]:
    """Return the millicores that the pods on each busy node of a group or pool request."""
    cluster = placement.cluster
    return tuple(
        group.offered[CPU] - node.free[CPU]
        for group in cluster.groups
        if _name(group) == name
        for kind in cluster.kinds[group.name]
        for node in cluster.of_kind[kind]
        if node.pods > len(cluster.fresh(kind)[2])
    )


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
