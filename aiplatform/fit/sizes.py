"""Instance types that are large enough for a pod: the smallest of the same family."""

import functools
from collections.abc import Iterator, Mapping, Sequence

from aiplatform.fit.cluster import fits, take
from aiplatform.fit.nodes import Group
from aiplatform.fit.workloads import Workload
from catalog.capacity import type_offers
from catalog.instance_types import family, sizes
from catalog.quantities import DISK, GPU
from config.nodes import NodeGroup

GPU_FAMILIES = ("g4dn", "g5", "g6", "g6e", "p4d", "p5")
"""GPU families that most regions offer, cheapest first."""


@functools.cache
def of_family(name: str) -> tuple[str, ...]:
    """Return the types of a family, smallest first, without metal types, which take half an hour to start."""
    known = [one for one in sizes() if family(one) == name and ".metal" not in one]
    return tuple(sorted(known, key=lambda one: (sizes()[one].gpus, sizes()[one].vcpus, sizes()[one].memory_mib)))


def large_enough(group: Group, workload: Workload, daemons: Sequence[Workload]) -> tuple[str, ...] | None:
    """Return, for each type of a group, the smallest type of its family on which a pod fits; None if one has none."""
    if group.settings is None:
        return None
    found = []
    for one in group.instance_types:
        fitting = _smallest(of_family(family(one)), one, group, workload, daemons)
        if fitting is None:
            return None
        found.append(fitting)
    return tuple(dict.fromkeys(found))


def _smallest(
    types: Sequence[str], least: str, group: Group, workload: Workload, daemons: Sequence[Workload]
) -> str | None:
    start = types.index(least) if least in types else 0
    return next((one for one in types[start:] if _has_room(_offers(one, group), workload, daemons)), None)


def _offers(instance_type: str, group: Group) -> dict[str, int]:
    settings: NodeGroup | None = group.settings
    disk = settings.pods_disk_gib(instance_type) if settings else 30
    pods = settings.max_pods if settings and group.prefixes else None
    return dict(type_offers(instance_type, disk_gib=disk, max_pods=pods))


def _has_room(offers: dict[str, int], workload: Workload, daemons: Sequence[Workload]) -> bool:
    for one in daemons:
        take(offers, one.requests)
    # The disk is a setting of the group and not of its type.
    return fits(offers, tuple((name, asked) for name, asked in workload.requests if name != DISK))


def with_gpus(workload: Workload) -> str | None:
    """Return the smallest type of GPU_FAMILIES with enough GPUs, CPU and memory; None if there is none."""
    return next(_with_gpus(workload.asks(GPU), dict(workload.requests)), None)


def _with_gpus(count: int, requests: Mapping[str, int]) -> Iterator[str]:
    for name in GPU_FAMILIES:
        for one in of_family(name):
            offers = type_offers(one, disk_gib=200, max_pods=None)
            if offers.get(GPU, 0) >= count and all(offers.get(key, 0) >= value for key, value in requests.items()):
                yield one
