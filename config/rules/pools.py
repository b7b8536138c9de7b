"""Karpenter's node pools: limits, names, and other autoscalers."""

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


def running_pods(stack: Stack) -> Iterator[Problem]:
    """A pool with GPUs moves no running pods."""
    for name, pool in stack.settings.node_pools.items():
        if pool.has_gpus() and pool.moves_pods():
            yield Problem(
                ("nodePools", name, "consolidation", "policy"),
                f"{pool.consolidation.policy} ends running pods with GPUs, such as training, that have no annotation "
                "karpenter.sh/do-not-disrupt; set WhenEmpty",
                "warning",
                because=(("nodePools", name, "instanceTypes"),),
            )


def within_limits(stack: Stack) -> Iterator[Problem]:
    """The limits allow at least one node, and limit GPUs where the types have GPUs."""
    for name, pool in stack.settings.node_pools.items():
        path: Path = ("nodePools", name, "limits")
        types: tuple[Path, ...] = (("nodePools", name, "instanceTypes"),)
        if pool.has_gpus() and pool.limits.gpus is None:
            yield Problem((*path, "gpus"), "is missing for a pool with GPUs; set it to limit their cost", because=types)
        if not pool.has_gpus() and pool.limits.gpus is not None:
            yield Problem(
                (*path, "gpus"),
                f"has no effect, because {pool.instance_types[0]} has no GPUs; remove it",
                because=types,
            )
            continue
        known = [one for one in pool.instance_types if one in sizes()]
        for resource, limit in limits(pool).items():
            smallest = min(known, key=partial(_has, resource), default=None)
            if smallest is not None and whole(smallest)[resource] > limit:
                least = quantity(resource, whole(smallest)[resource])
                yield Problem(
                    (*path, _KEYS[resource]),
                    f"{quantity(resource, limit)} allows no node, because {smallest} has {least}; increase it",
                    because=types,
                )


def _has(resource: str, instance_type: str) -> int:
    return whole(instance_type)[resource]


def beside_groups(stack: Stack) -> Iterator[Problem]:
    """Names are unique among node groups and pools, and one autoscaler launches nodes."""
    settings = stack.settings
    for name, pool in settings.node_pools.items():
        if name in stack.names("nodeGroups"):
            yield Problem(("nodePools", name), f"{name} is also a key of nodeGroups; rename one of them")
        for capacity, count in Counter(pool.capacity).items():
            if count > 1:
                yield Problem(("nodePools", name, "capacity"), f"duplicate capacity {capacity}")
    if settings.node_pools and settings.addons.cluster_autoscaler.enabled:
        yield Problem(
            ("nodePools",),
            "Karpenter and the Cluster Autoscaler both launch nodes for a pending pod; "
            "set addons.clusterAutoscaler.enabled: false",
            severity="warning",
            because=(("addons",),),
        )


RULES: tuple[Rule, ...] = (running_pods, within_limits, beside_groups)
