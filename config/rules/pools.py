"""Karpenter's node pools: limits and what else brings nodes."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

from catalog.capacity import whole
from catalog.instance_types import sizes
from catalog.quantities import CPU, GPU, MEMORY, quantity
from catalog.reading.problems import Path, Problem
from config.reach import limits
from config.rules.stack import Rule, Stack

_KEYS = {CPU: "cpu", MEMORY: "memory", GPU: "gpus"}


def within_limits(stack: Stack) -> Iterator[Problem]:
    """The limits let a node come, and speak of GPUs where there are any."""
    for name, pool in stack.settings.node_pools.items():
        path: Path = ("nodePools", name, "limits")
        types: tuple[Path, ...] = (("nodePools", name, "instanceTypes"),)
        if pool.has_gpus() and pool.limits.gpus is None:
            yield Problem(
                (*path, "gpus"), "is missing for a pool with GPUs, the dearest of its parts; add it", because=types
            )
        if not pool.has_gpus() and pool.limits.gpus is not None:
            yield Problem(
                (*path, "gpus"), f"limits GPUs, and {pool.instance_types[0]} has none; remove it", because=types
            )
            continue
        known = [one for one in pool.instance_types if one in sizes()]
        for resource, limit in limits(pool).items():
            smallest = min(known, key=partial(_has, resource), default=None)
            if smallest is not None and whole(smallest)[resource] > limit:
                least = quantity(resource, whole(smallest)[resource])
                yield Problem(
                    (*path, _KEYS[resource]),
                    f"{quantity(resource, limit)} lets no node come, {smallest} has {least}; raise it",
                    because=types,
                )


def _has(resource: str, instance_type: str) -> int:
    return whole(instance_type)[resource]


def beside_groups(stack: Stack) -> Iterator[Problem]:
    """A name means one kind of nodes, and one autoscaler answers a pod that waits."""
    settings = stack.settings
    for name, pool in settings.node_pools.items():
        if name in stack.names("nodeGroups"):
            yield Problem(("nodePools", name), f"{name} is a name in nodeGroups too; rename one")
        for capacity, count in Counter(pool.capacity).items():
            if count > 1:
                yield Problem(("nodePools", name, "capacity"), f"{capacity} stands here {count} times; keep one")
    if settings.node_pools and settings.addons.cluster_autoscaler.enabled:
        yield Problem(
            ("nodePools",),
            "bring nodes for a pod that waits, and so does the Cluster Autoscaler at the same time; "
            "write addons.clusterAutoscaler.enabled: false",
            severity="warning",
            because=(("addons",),),
        )


RULES: tuple[Rule, ...] = (within_limits, beside_groups)
