"""Node groups and node pools: sizes, instance types, AMI types and placement."""

import math
from collections import Counter
from collections.abc import Iterator

from catalog.instance_types import family, instance_kind, instance_store_gib, newer_generation, sizes
from catalog.offers import SINCE as AS_OF
from catalog.quantities import CPU, amount
from catalog.reading.problems import Path, Problem, did_you_mean, nearest
from catalog.support import support
from config.node_pools import NodePool
from config.nodes import NodeGroup, Nodes
from config.rules.stack import Rule, Stack

MOST_PODS, MANY_VCPUS = 110, 30


def _groups(stack: Stack) -> Iterator[tuple[Path, NodeGroup]]:
    for name, group in stack.settings.node_groups.items():
        yield ("nodeGroups", name), group


def all_nodes(stack: Stack) -> Iterator[tuple[Path, Nodes]]:
    """Yield node groups and node pools with their paths."""
    yield from _groups(stack)
    for name, pool in stack.settings.node_pools.items():
        yield ("nodePools", name), pool


def _spot_alone(nodes: Nodes) -> bool:
    if isinstance(nodes, NodePool):
        return set(nodes.capacity) == {"spot"}
    return isinstance(nodes, NodeGroup) and nodes.capacity == "spot"


def scaling(stack: Stack) -> Iterator[Problem]:
    """The minimum, desired and maximum number of nodes are in order."""
    for path, group in _groups(stack):
        size = group.scaling
        if size.min > size.max:
            # desired cannot be valid then and is not reported.
            yield Problem(
                (*path, "scaling", "min"), f"{size.min} is above max, {size.max}; decrease it, or increase max"
            )
        elif size.min > size.desired:
            yield Problem(
                (*path, "scaling", "desired"), f"{size.desired} is below min, {size.min}; increase it, or decrease min"
            )
        elif size.desired > size.max:
            yield Problem(
                (*path, "scaling", "desired"), f"{size.desired} is above max, {size.max}; decrease it, or increase max"
            )


def instance_types(stack: Stack) -> Iterator[Problem]:
    """The types of a group share an AMI, have no duplicates, and a Spot group has more than one."""
    for path, group in all_nodes(stack):
        first = group.instance_types[0]
        for index, instance_type in enumerate(group.instance_types):
            if instance_kind(instance_type) != instance_kind(first):
                ours, theirs = instance_kind(instance_type), instance_kind(first)
                yield Problem(
                    (*path, "instanceTypes", index),
                    f"{instance_type} ({ours.architecture}, accelerator {ours.accelerator}) requires another AMI than "
                    f"{first} ({theirs.architecture}, {theirs.accelerator}); move it to a separate group",
                )
        for instance_type, count in Counter(group.instance_types).items():
            if count > 1:
                yield Problem((*path, "instanceTypes"), f"duplicate instance type {instance_type}")
        if _spot_alone(group) and len(set(group.instance_types)) == 1:
            yield Problem(
                (*path, "instanceTypes"),
                f"a single Spot instance type, {first}, can be unavailable; add types of the same size",
                severity="warning",
            )


def known_types(stack: Stack) -> Iterator[Problem]:
    """EC2 offers the instance types. A newer generation than the table of types has is a warning."""
    for path, group in all_nodes(stack):
        for index, instance_type in enumerate(group.instance_types):
            yield from known_type((*path, "instanceTypes", index), instance_type)


def known_type(place: Path, instance_type: str) -> Iterator[Problem]:
    """Report a type that EC2 does not offer; support.retired reports retired families."""
    if instance_type in sizes() or family(instance_type) in support()["instanceFamilies"].retired:
        return
    if may_be_new(family(instance_type)):
        yield Problem(
            place,
            f"{instance_type} is not in the table of instance types of {AS_OF}; whether pods fit on it cannot be "
            "checked",
            "warning",
        )
    else:
        yield Problem(place, f"unknown instance type {instance_type!r}{_nearest(instance_type)}")


def may_be_new(name: str) -> bool:
    """Return whether a family is of the newest known generation of its kind, or newer."""
    return newer_generation(name, {family(one) for one in sizes()})


def _nearest(instance_type: str) -> str:
    """Return `; did you mean g5.2xlarge?`: another size of the family, or the size in a similar family."""
    name, _, size = instance_type.partition(".")
    of_family = [one for one in sizes() if family(one) == name]
    if of_family:
        return did_you_mean(instance_type, of_family)
    similar = nearest(name[:40], sorted({family(one) for one in sizes() if one.endswith(f".{size}")}))
    return (
        f"; did you mean {similar}.{size}?" if similar else "; choose a type such as t3.large, m7i.large or g6.xlarge"
    )


def instance_stores(stack: Stack) -> Iterator[Problem]:
    """Every type has NVMe disks where instanceStore is set."""
    for path, group in all_nodes(stack):
        for index, instance_type in enumerate(group.instance_types if group.instance_store is not None else ()):
            if instance_store_gib(instance_type) == 0:
                yield Problem(
                    (*path, "instanceTypes", index),
                    f"{instance_type} has no NVMe instance store{_with_store(instance_type)}; choose another type, or "
                    "remove instanceStore",
                    because=((*path, "instanceStore"),),
                )


def _with_store(instance_type: str) -> str:
    """Return `, m7gd.large has one`: the type of the same size with NVMe disks; empty if there is none."""
    name, _, size = instance_type.partition(".")
    found = f"{name}d.{size}"
    return f", {found} has one" if instance_store_gib(found) else ""


def ami_type(stack: Stack) -> Iterator[Problem]:
    """An explicit AMI type matches the instance types."""
    for path, group in _groups(stack):
        derived = group.derived_ami_type()
        # support.retired reports AL2.
        if group.ami_type is not None and not group.ami_type.startswith("AL2_") and group.ami_type != derived:
            yield Problem(
                (*path, "amiType"),
                f"{group.ami_type} does not match {group.instance_types[0]}; set {derived}, or remove it",
                because=((*path, "instanceTypes"), (*path, "operatingSystem")),
            )


def placement(stack: Stack) -> Iterator[Problem]:
    """Nodes are in zones with a private subnet, and taints have no duplicates."""
    zones = (
        tuple(dict.fromkeys(subnet.zone for subnet in stack.settings.network.tiers().private))
        if _carvable(stack)
        else ()
    )
    for path, group in all_nodes(stack):
        for index, zone in enumerate(group.zones):
            if zones and zone not in zones:
                yield Problem(
                    (*path, "zones", index),
                    f"{zone} has no private subnet{did_you_mean(zone, zones)}",
                    because=(("network",),),
                )
        keys = Counter((taint.key, taint.effect) for taint in group.taints)
        for (key, effect), count in keys.items():
            if count > 1:
                yield Problem((*path, "taints"), f"duplicate taint {key} with {effect}")


def pods(stack: Stack) -> Iterator[Problem]:
    """Nodes with few vCPUs have at most 110 pods, as EKS and Kubernetes recommend.

    https://docs.aws.amazon.com/eks/latest/best-practices/prefix-mode-linux.html
    """
    for path, group in all_nodes(stack):
        small = [one for one in group.instance_types if one in sizes() and sizes()[one].vcpus < MANY_VCPUS]
        if group.max_pods > MOST_PODS and small:
            yield Problem(
                (*path, "maxPods"),
                f"{group.max_pods} pods are more than the {MOST_PODS} that EKS recommends for {small[0]}, which has "
                f"fewer than {MANY_VCPUS} vCPUs: the kubelet can run out of memory and CPU; decrease it",
                "warning",
                because=((*path, "instanceTypes"),),
            )


def key_pairs(stack: Stack) -> Iterator[Problem]:
    """A key pair requires an instance that reaches the SSH port of nodes."""
    ssh_sources = [server for server in stack.settings.instances.values() if server.nodes_ssh]
    for path, group in _groups(stack):
        if group.key_pair is not None and not ssh_sources:
            yield Problem(
                (*path, "keyPair"),
                "no instance has nodesSsh: true; set it for the bastion, or remove the key pair and use Session "
                "Manager",
                because=(("instances",),),
            )


def within_limit(stack: Stack) -> Iterator[Problem]:
    """Nodes and instances together do not exceed `project.maxInstances`."""
    settings, most = stack.settings, stack.settings.project.max_instances
    if most is None:
        return
    counts = [(f"nodeGroups.{name}", group.scaling.max) for name, group in settings.node_groups.items()]
    counts += [(f"nodePools.{name}", _most_nodes(pool)) for name, pool in settings.node_pools.items()]
    counts += [(f"instances.{name}", len(server.names(name))) for name, server in settings.instances.items()]
    total = sum(count for _, count in counts)
    if total > most:
        parts = ", ".join(f"{name} {count}" for name, count in counts)
        yield Problem(
            ("project", "maxInstances"),
            f"up to {total} instances can run ({parts}), more than {most}; decrease them, or increase it",
            because=(("nodeGroups",), ("nodePools",), ("instances",)),
        )


def _most_nodes(pool: NodePool) -> int:
    """Return the number of nodes of the smallest type that a pool's CPU limit allows."""
    smallest = min((size.vcpus for one in pool.instance_types if (size := sizes().get(one))), default=1)
    return math.ceil(amount(CPU, pool.limits.cpu) / 1000 / smallest)


def _carvable(stack: Stack) -> bool:
    try:
        stack.settings.network.tiers()
    except ValueError:
        return False
    return True


def room_for_the_system(stack: Stack) -> Iterator[Problem]:
    """A node group without taints exists: CoreDNS and the controllers tolerate none."""
    groups = stack.settings.node_groups
    if any(
        not [taint for taint in group.all_taints() if taint.effect != "PreferNoSchedule"] for group in groups.values()
    ):
        return
    yield Problem(
        ("nodeGroups",),
        "has no group without GPUs and taints, which CoreDNS and the controllers require; add one",
        because=(("nodeGroups",),) if len(groups) < len(stack.names("nodeGroups")) else (),
    )


RULES: tuple[Rule, ...] = (
    scaling,
    instance_types,
    known_types,
    ami_type,
    instance_stores,
    placement,
    room_for_the_system,
    within_limit,
    pods,
    key_pairs,
)
