"""Cheaper CPU instance types: of the same size, Graviton, and smaller ones."""

from collections.abc import Iterator

from aiplatform.optimize.idea import Idea, Subject
from aiplatform.optimize.machines import Machines, alike, cheaper, is_arm, is_burstable, machines
from catalog.instance_types import sizes
from catalog.reading.problems import show
from config.instances import Server

CHECK_ARM = (
    "every image that runs there has an arm64 variant, which the stack file does not say: "
    "`docker buildx imagetools inspect <image>` lists them"
)
BASTION_MIB = 1024
"""Memory of a bastion in MiB: it forwards SSH and runs kubectl."""


def ideas(subject: Subject) -> Iterator[Idea]:
    """Use the cheapest type of the same size, of x86-64 and of Graviton, and a smaller one on which the pods fit."""
    for group in machines(subject):
        if group.has_gpus or group.spot or group.types[0] not in sizes():
            continue
        yield from _same_size(subject, group)
        yield from _smaller(subject, group)


def _same_size(subject: Subject, group: Machines) -> Iterator[Idea]:
    first = group.types[0]
    same = [name for _, name in cheaper(subject, group) if alike(name, first)]
    for arm in (False, True):
        of_kind = [name for name in same if is_arm(name) == arm]
        steady = [name for name in of_kind if is_burstable(name) <= is_burstable(first)]
        for name in dict.fromkeys((*of_kind[:1], *steady[:1])):
            yield _idea(group, name)


def _smaller(subject: Subject, group: Machines) -> Iterator[Idea]:
    """Yield the cheapest types with at least half of vCPUs and memory; a bastion needs little of both."""
    first = sizes()[group.types[0]]
    bastion = isinstance(group.settings, Server) and group.settings.is_bastion()
    if isinstance(group.settings, Server) and not bastion:
        return  # What its containers need is not known.
    least = (0, BASTION_MIB) if bastion else (first.vcpus / 2, first.memory_mib / 2)
    smaller = [
        name
        for _, name in cheaper(subject, group)
        if sizes()[name].vcpus >= least[0] and least[1] <= sizes()[name].memory_mib < first.memory_mib
    ]
    for arm in (False, True):
        steady = (
            name for name in smaller if is_arm(name) == arm and is_burstable(name) <= is_burstable(group.types[0])
        )
        yield from (_idea(group, name) for name in list(steady)[:1])


def _idea(group: Machines, name: str) -> Idea:
    first, size = group.types[0], sizes()[name]
    smaller = not alike(name, first)
    slower = is_burstable(name) > is_burstable(first)
    arm = is_arm(name) and not is_arm(first)
    runs = not isinstance(group.settings, Server) or bool(group.settings.containers)
    losses = [
        "CPU and memory that pods may use beyond their requests" if smaller else "",
        "steady CPU: beyond the baseline of a T type each vCPU-hour has a price" if slower else "",
        "the x86-64 architecture" if arm else "",
    ]
    return Idea(
        f"{show(group.path)}: use {name} ({size.vcpus} vCPUs, {size.memory_mib / 1024:g} GiB) instead of {first}",
        (group.changed_to((name,)),),
        "x86" if arm else "capacity" if smaller or slower else None,
        ", and ".join(loss for loss in losses if loss),
        CHECK_ARM if arm and runs else "",
    )
