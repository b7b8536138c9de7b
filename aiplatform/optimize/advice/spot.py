"""Spot instead of On-Demand."""

from collections.abc import Iterator

from aiplatform.optimize.idea import Change, Idea, Subject
from aiplatform.optimize.machines import Machines, alike, is_arm, is_burstable, is_current, machines
from catalog.instance_types import instance_kind, sizes
from catalog.reading.problems import show
from config.instances import Server
from config.node_pools import NodePool

TYPES = 3
"""Least types of a Spot group: several pools of capacity are interrupted less often than one."""


def ideas(subject: Subject) -> Iterator[Idea]:
    """Use Spot in each On-Demand group, with the cheapest types of the same size."""
    for group in machines(subject):
        if isinstance(group.settings, Server):
            yield from _server(subject, group)
        elif not group.spot:
            types = _types(subject, group)
            if types:
                yield Idea(
                    f"{show(group.path)}: use Spot of {', '.join(types)}",
                    tuple(_changes(group, types)),
                    "onDemand",
                    "EC2 can interrupt a node with two minutes' notice; a pod with one replica is away until it has "
                    "started on another node",
                )


def _server(subject: Subject, group: Machines) -> Iterator[Idea]:
    """Yield Spot of the same type: an instance has one."""
    instance_type = group.types[0]
    if not group.spot and subject.machine(instance_type, spot=True) is not None:
        yield Idea(
            f"{show(group.path)}: use Spot of {instance_type}",
            (((*group.path, "capacity"), "spot"),),
            "onDemand",
            "EC2 can stop the instance with two minutes' notice, and starts it again when its zone has capacity; a new "
            "instance takes the place of the old one and its root volume",
        )


def _types(subject: Subject, group: Machines) -> tuple[str, ...]:
    """Return the own types with a Spot price, and others of the same size and kind."""
    first = group.types[0]
    if first not in sizes():
        return ()
    priced = {
        name: price
        for name in subject.machine_types
        if is_current(name) and group.offered(name) and instance_kind(name) == instance_kind(first)
        if alike(name, first) and (price := subject.machine(name, spot=True)) is not None
    }
    own = [name for name in group.types if name in priced]
    usable = [name for name in priced if group.has_gpus or is_burstable(name) <= is_burstable(first)]
    if group.has_gpus:
        memory = min(sizes()[name].gpu_memory_mib for name in group.types if name in sizes())
        usable = [name for name in usable if sizes()[name].gpu_memory_mib >= memory]
    others = sorted(
        (name for name in usable if name not in own and is_arm(name) == is_arm(first)), key=priced.__getitem__
    )
    chosen = [*own, *others][: max(TYPES, len(own))]
    return tuple(sorted(chosen, key=priced.__getitem__))


def _changes(group: Machines, types: tuple[str, ...]) -> Iterator[Change]:
    if isinstance(group.settings, NodePool):
        yield (*group.path, "capacity"), ["spot", "onDemand"]
    else:
        yield (*group.path, "capacity"), "spot"
    if set(types) != set(group.types):
        yield group.changed_to(types)
