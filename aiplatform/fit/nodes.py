"""Node groups as the scheduler and the autoscaler see them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import cycle, islice

from aiplatform.fit.selectors import Labels, Taint
from config.capacity import offered
from config.nodes import NodeGroup
from config.reach import most_nodes
from config.settings import Settings

GROUP_LABEL = "eks.amazonaws.com/nodegroup"
TYPE_LABEL = "node.kubernetes.io/instance-type"
ZONE_LABEL = "topology.kubernetes.io/zone"
HOSTNAME_LABEL = "kubernetes.io/hostname"


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
    """CPU in thousandths of a core, memory in bytes and GPUs of all nodes of the pool together."""

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
        offered(group, prefixes=settings.addons.vpc_cni.gives_prefixes()),
        Scale(
            size.min if scaled else size.desired,
            size.desired,
            most_nodes(group, settings.addons),
        ),
        group,
        settings.addons.vpc_cni.gives_prefixes(),
        "max" if scaled else "desired",
    )


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
