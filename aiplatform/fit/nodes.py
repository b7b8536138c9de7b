"""Node groups as the scheduler and the autoscaler see them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import cycle, islice

from aiplatform.fit.quantities import CPU, DISK, GPU, MEMORY, MIB, PODS
from aiplatform.fit.selectors import Labels, Taint
from config.capacity import Allocatable, allocatable, pods_by_addresses
from config.instances import gpus, sizes
from config.nodes import NodeGroup
from config.settings import Settings

GROUP_LABEL = "eks.amazonaws.com/nodegroup"
TYPE_LABEL = "node.kubernetes.io/instance-type"
ZONE_LABEL = "topology.kubernetes.io/zone"
HOSTNAME_LABEL = "kubernetes.io/hostname"
UNKNOWN_AMOUNT = 2**50
"""Of a type that the table lacks: nothing is said about it rather than something wrong."""


@dataclass(frozen=True)
class Scale:
    """How many nodes a group has: what it starts with, and what the autoscaler may make of it."""

    minimum: int
    expected: int
    maximum: int


@dataclass(frozen=True)
class Group:
    """A node group: nodes that are alike but for their zone."""

    name: str
    instance_types: tuple[str, ...]
    zones: tuple[str, ...]
    labels: Labels
    taints: tuple[Taint, ...]
    offered: Mapping[str, int]
    """What a node can allocate: of several types the least of each resource, since any of them may come."""

    scale: Scale
    settings: NodeGroup | None = None
    """What the stack file says of it, for advice."""

    prefixes: bool = True
    """Whether nodes carry as many pods as the stack file says, and not as their addresses allow."""

    limit: str = "max"
    """The setting that says how many nodes there can be: without an autoscaler it is `desired`."""

    pool: str = ""
    """Karpenter's NodePool that it is of: it starts with no node and has as many as there is need for."""

    pool_limits: Mapping[str, int] = field(default_factory=dict)
    """CPU in thousandths of a core and memory in bytes of all nodes of the pool together."""

    @property
    def path(self) -> str:
        """Where the stack file speaks of it."""
        return f"nodeGroups.{self.name}"

    def kinds(self) -> tuple["NodeKind", ...]:
        """Its nodes, one kind a zone."""
        return tuple(NodeKind(self, zone, {**self.labels, ZONE_LABEL: zone}) for zone in self.zones)

    def zones_of(self, count: int) -> Iterator[str]:
        """The zones of its first nodes: an Auto Scaling group spreads them evenly."""
        return islice(cycle(self.zones), count)

    def with_maximum(self, maximum: int) -> "Group":
        """The same with another limit."""
        return replace(self, scale=replace(self.scale, maximum=maximum))

    def with_settings(self, settings: NodeGroup) -> "Group":
        """The same with other instance types, disk, pods, zones or labels."""
        return replace(
            self,
            instance_types=settings.instance_types,
            zones=settings.zones or self.zones,
            labels={**self.labels, **settings.labels},
            offered=offered(settings, prefixes=self.prefixes),
            settings=settings,
        )


@dataclass(frozen=True, eq=False)
class NodeKind:
    """Nodes of one group in one zone; two of them never compare equal, so that they are cheap keys."""

    group: Group
    zone: str
    labels: Labels = field(default_factory=dict)


def groups(settings: Settings) -> list[Group]:
    """The node groups of a stack; without an autoscaler they stay as they start."""
    zones = tuple(sorted({subnet.zone for subnet in settings.network.tiers().private}))
    return [_group(name, one, settings, one.zones or zones) for name, one in settings.node_groups.items()]


def _group(name: str, group: NodeGroup, settings: Settings, zones: tuple[str, ...]) -> Group:
    scaled, size = settings.addons.cluster_autoscaler.enabled, group.scaling
    return Group(
        name,
        group.instance_types,
        zones,
        _labels(name, group, settings.project.region),
        tuple(Taint(taint.key, taint.value, taint.effect) for taint in group.all_taints()),
        offered(group, prefixes=_has_prefixes(settings)),
        Scale(
            size.min if scaled else size.desired,
            size.desired,
            size.max if scaled else size.desired,
        ),
        group,
        _has_prefixes(settings),
        "max" if scaled else "desired",
    )


def _has_prefixes(settings: Settings) -> bool:
    cni = settings.addons.vpc_cni
    return cni.enabled and cni.prefix_delegation


def _labels(name: str, group: NodeGroup, region: str) -> dict[str, str]:
    alone = {TYPE_LABEL: group.instance_types[0]} if len(group.instance_types) == 1 else {}
    return {
        **group.all_labels(),
        **alone,
        GROUP_LABEL: name,
        "eks.amazonaws.com/capacityType": "SPOT" if group.capacity == "spot" else "ON_DEMAND",
        "kubernetes.io/arch": "arm64" if group.kind().architecture == "arm64" else "amd64",
        "kubernetes.io/os": "linux",
        "topology.kubernetes.io/region": region,
    }


def offered(group: NodeGroup, *, prefixes: bool) -> dict[str, int]:
    """What every node of a group can allocate, whichever of its types it is."""
    known = [one for one in group.instance_types if one in sizes()]
    if not known:
        amounts = dict.fromkeys((CPU, MEMORY, DISK, PODS), UNKNOWN_AMOUNT)
        return {**amounts, **({GPU: group.gpus_per_node()} if group.has_gpus() else {})}
    each = [
        type_offers(one, disk_gib=group.root_disk().size_gib, max_pods=group.max_pods if prefixes else None)
        for one in known
    ]
    return {name: min(one.get(name, 0) for one in each) for name in each[0]}


def type_offers(instance_type: str, *, disk_gib: int, max_pods: int | None) -> dict[str, int]:
    """What a node of this type can allocate.

    Raises:
        KeyError: the table has no such type.
    """
    pods = max_pods or pods_by_addresses(instance_type)
    return amounts_of(allocatable(instance_type, disk_gib=disk_gib, max_pods=pods), gpus(instance_type))


def amounts_of(node: Allocatable, gpu_count: int) -> dict[str, int]:
    """The same by the names of resources, in their units."""
    return {
        CPU: node.cpu_millis,
        MEMORY: node.memory_mib * MIB,
        DISK: node.disk_mib * MIB,
        PODS: node.pods,
        **({GPU: gpu_count} if gpu_count else {}),
    }


def capacity(instance_type: str) -> dict[str, int]:
    """What a node counts against the limits of its pool: the whole machine."""
    size = sizes()[instance_type]
    return {CPU: size.vcpus * 1000, MEMORY: size.memory_mib * MIB}
