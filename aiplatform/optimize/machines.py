"""The EC2 instance types of a stack file, and types that can replace them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from aiplatform.optimize.idea import Subject
from catalog.instance_types import family, instance_kind, sizes
from catalog.offers import sold
from catalog.reading.problems import Path
from config.instances import Server
from config.node_pools import NodePool
from config.nodes import NodeGroup

_GENERATION = re.compile(r"([a-z]+?)(\d+)[a-z-]*")
_OLDEST = {"t": 3, "a": 2, "g": 4, "p": 4}
_OLDEST_OTHER = 5
"""Oldest generations that run on Nitro: https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html"""


@dataclass(frozen=True)
class Machines:
    """Instances with the same list of types: a node group, a node pool, or an entry of `instances`."""

    path: Path
    settings: NodeGroup | NodePool | Server
    zones: frozenset[str]

    @property
    def types(self) -> tuple[str, ...]:
        """Return its instance types."""
        return (self.settings.instance_type,) if isinstance(self.settings, Server) else self.settings.instance_types

    @property
    def spot(self) -> bool:
        """Return whether it uses Spot."""
        return "spot" in self.settings.capacity

    @property
    def has_gpus(self) -> bool:
        """Return whether its nodes have NVIDIA GPUs."""
        return self.settings.has_gpus()

    def changed_to(self, types: tuple[str, ...]) -> tuple[Path, str | list[str]]:
        """Return the change to other types."""
        if isinstance(self.settings, Server):
            return (*self.path, "instanceType"), types[0]
        return (*self.path, "instanceTypes"), list(types)

    def offered(self, instance_type: str) -> bool:
        """Return whether its zones offer a type; True if the table of offers lacks the type, or disagrees about the
        first type: names of zones differ between accounts."""
        return self._sold(instance_type) or not self._sold(self.types[0])

    def _sold(self, instance_type: str) -> bool:
        places = sold(instance_type)
        return not places or any(self.zones <= zones for zones in places.values())


def machines(subject: Subject) -> Iterator[Machines]:
    """Yield the node groups, node pools and instances of a stack."""
    settings = subject.settings
    private = tuple(subnet.zone for subnet in settings.network.tiers().private)
    for name, group in settings.node_groups.items():
        yield Machines(("nodeGroups", name), group, frozenset(group.zones or private))
    for name, pool in settings.node_pools.items():
        yield Machines(("nodePools", name), pool, frozenset(pool.zones or private))
    for name, server in settings.instances.items():
        yield Machines(("instances", name), server, frozenset(server.zones))


def is_current(instance_type: str) -> bool:
    """Return whether a type runs on Nitro and is no bare metal."""
    found = _GENERATION.fullmatch(family(instance_type))
    if found is None or ".metal" in instance_type:
        return False
    return int(found[2]) >= _OLDEST.get(found[1], _OLDEST_OTHER)


def is_burstable(instance_type: str) -> bool:
    """Return whether the CPU of a type has a baseline, beyond which it spends credits."""
    return family(instance_type).startswith("t")


def alike(one: str, other: str) -> bool:
    """Return whether two types have the same vCPUs, memory and GPUs."""
    ours, theirs = sizes()[one], sizes()[other]
    return (ours.vcpus, ours.memory_mib, ours.gpus) == (theirs.vcpus, theirs.memory_mib, theirs.gpus)


def is_arm(instance_type: str) -> bool:
    """Return whether a type is a Graviton."""
    return instance_kind(instance_type).architecture == "arm64"


def cheaper(subject: Subject, group: Machines, *, spot: bool = False) -> list[tuple[Decimal, str]]:
    """Return the current types without other accelerators that cost less than a group's first type, cheapest first."""
    first = group.types[0]
    price = subject.machine(first, spot=spot)
    accelerator = instance_kind(first).accelerator
    if price is None or first not in sizes():
        return []
    found = [
        (other, name)
        for name in subject.machine_types
        if is_current(name) and instance_kind(name).accelerator == accelerator and group.offered(name)
        if (other := subject.machine(name, spot=spot)) is not None and other < price
    ]
    return sorted(found)
