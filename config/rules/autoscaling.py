"""Node groups under the Cluster Autoscaler: instance types of one size, and groups with a schedule."""

from collections.abc import Iterator, Mapping

from catalog.instance_types import Size, instance_kind, sizes
from catalog.reading.problems import Path, Problem
from config.nodes import NodeGroup
from config.rules.stack import Rule, Stack

AUTOSCALER: Path = ("addons", "clusterAutoscaler")
TOLERANCE = 0.05
"""Difference in memory up to which types have the same size."""


def alike(stack: Stack) -> Iterator[Problem]:
    """The types of a group have the same size: the Cluster Autoscaler takes each node for one of the first type.

    https://docs.aws.amazon.com/eks/latest/best-practices/cas.html#_configuring_your_node_groups
    """
    if not stack.settings.addons.cluster_autoscaler.enabled:
        return
    for name, group in stack.settings.node_groups.items():
        first, table = group.instance_types[0], sizes()
        for index, other in enumerate(group.instance_types):
            # rules.nodes reports another architecture or accelerator, and an unknown type.
            if first in table and other in table and instance_kind(first) == instance_kind(other):
                yield from _unlike(("nodeGroups", name, "instanceTypes", index), first, other)


def _unlike(path: Path, first: str, other: str) -> Iterator[Problem]:
    ours, theirs = sizes()[other], sizes()[first]
    same_memory = abs(ours.memory_mib - theirs.memory_mib) <= TOLERANCE * theirs.memory_mib
    if (ours.vcpus, ours.gpus) == (theirs.vcpus, theirs.gpus) and same_memory:
        return
    # Of a larger node, a part stays unused; on a smaller one, the pods for which it was launched stay pending.
    larger = ours.vcpus == theirs.vcpus and ours.gpus == theirs.gpus and ours.memory_mib > theirs.memory_mib
    yield Problem(
        path,
        f"{other} ({_shown(ours)}) is unlike {first} ({_shown(theirs)}), for which the Cluster Autoscaler takes every "
        "node of the group; move it to a separate group, or use a node pool",
        severity="warning" if larger else "error",
        because=(AUTOSCALER, (*path[:-1], 0)),
    )


def _shown(size: Size) -> str:
    gpus = f", {size.gpus} GPU{'s' if size.gpus > 1 else ''}" if size.gpus else ""
    return f"{size.vcpus} vCPUs, {size.memory_mib / 1024:g} GiB{gpus}"


def expander(stack: Stack) -> Iterator[Problem]:
    """The expander priority has priorities: without their ConfigMap the Cluster Autoscaler chooses at random."""
    wanted = stack.settings.addons.cluster_autoscaler
    if wanted.enabled and wanted.expander == "priority" and not wanted.values.get("expanderPriorities"):
        yield Problem(
            (*AUTOSCALER, "expander"),
            "priority requires the priorities of node groups; set values: {expanderPriorities: ...}, or least-waste",
        )


def stopped(stack: Stack) -> Iterator[Problem]:
    """A group with a schedule stays stopped: an autoscaler that runs on another group starts it for pending pods."""
    settings = stack.settings
    groups: Mapping[str, NodeGroup] = settings.node_groups
    if not settings.addons.cluster_autoscaler.enabled:
        return
    hosts = {name: group for name, group in groups.items() if not _repels(group)}
    for name, group in groups.items():
        awake = [host for host, other in hosts.items() if other.schedule != group.schedule]
        if group.schedule is not None and awake:
            yield Problem(
                ("nodeGroups", name, "schedule"),
                f"does not keep the group stopped: the Cluster Autoscaler, which runs on {', '.join(awake)}, starts it "
                f"again for pending pods; set schedule: {group.schedule} there too, or scale its workloads to 0 by a "
                "schedule of their own",
                severity="warning",
                because=(AUTOSCALER, ("nodeGroups",)),
            )


def _repels(group: NodeGroup) -> bool:
    return any(taint.effect != "PreferNoSchedule" for taint in group.all_taints())


RULES: tuple[Rule, ...] = (alike, expander, stopped)
