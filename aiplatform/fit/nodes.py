"""Node groups for the simulation of scheduler and autoscaler."""

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
    """Minimum, initial and maximum nodes of a group."""

    minimum: int
    expected: int
    maximum: int


@dataclass(frozen=True)
class Group:
    """A node group: nodes that differ only in their zone."""

    name: str
    instance_types: tuple[str, ...]
    zones: tuple[str, ...]
    labels: Labels
    taints: tuple[Taint, ...]
    offered: Mapping[str, int]
    """Allocatable resources of a node: the minimum over its instance types, because any of them can be launched."""

    scale: Scale
    settings: NodeGroup | None = None
    """Its settings in the stack file, for fixes."""

    prefixes: bool = True
    """Whether `maxPods` of the stack file limits the pods of nodes, and not the number of their addresses."""

    limit: str = "max"
    """The setting with the maximum nodes: `desired` without an autoscaler."""

    pool: str = ""
    """Name of its NodePool, if it has one: it starts with 0 nodes."""

    pool_limits: Mapping[str, int] = field(default_factory=dict)
    """Limits of all nodes of the pool together: CPU in millicores, memory in bytes, and GPUs."""

    @property
    def path(self) -> str:
        """Return its path in the stack file."""
        return f"nodeGroups.{self.name}"

    def kinds(self) -> tuple["NodeKind", ...]:
        """Return its kinds of nodes, one for each zone."""
        return tuple(NodeKind(self, zone, {**self.labels, ZONE_LABEL: zone}) for zone in self.zones)

    def zones_of(self, count: int) -> Iterator[str]:
        """Yield the zones of its first `count` nodes: an Auto Scaling group distributes them evenly."""
        return islice(cycle(self.zones), count)

    def with_maximum(self, maximum: int) -> "Group":
        """Return the group with another maximum."""
        return replace(self, scale=replace(self.scale, maximum=maximum))

    def with_settings(self, settings: NodeGroup) -> "Group":
        """Return the group with other instance types, disk, maximum pods, zones or labels."""
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
    """Nodes of a group in a zone; instances compare by identity, so that they are fast keys."""

    group: Group
    zone: str
    labels: Labels = field(default_factory=dict)


def groups(settings: Settings) -> list[Group]:
    """Return the node groups of a stack; without an autoscaler their maximum is the initial size."""
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
