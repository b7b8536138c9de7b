"""A cheaper GPU of the same memory, or of enough memory."""

from collections.abc import Iterator

from aiplatform.optimize.idea import Idea, Subject
from aiplatform.optimize.machines import Machines, cheaper, is_arm, machines
from catalog.instance_types import sizes
from catalog.reading.problems import show
from config.instances import Server


def ideas(subject: Subject) -> Iterator[Idea]:
    """Put the cheapest On-Demand type with as many GPUs first: EKS launches the first type of a list that has
    capacity."""
    for group in machines(subject):
        if group.has_gpus and not group.spot:
            yield from _of(subject, group)


def _of(subject: Subject, group: Machines) -> Iterator[Idea]:
    first = group.types[0]
    if first not in sizes():
        return
    ours = sizes()[first]
    fitting = [
        name for _, name in cheaper(subject, group) if sizes()[name].gpus == ours.gpus and is_arm(name) == is_arm(first)
    ]
    enough = [name for name in fitting if sizes()[name].gpu_memory_mib >= ours.gpu_memory_mib]
    # What a container on an instance loads is not known; of a model in the cluster, rules check that it fits.
    smaller = () if isinstance(group.settings, Server) else fitting
    less = [name for name in smaller if sizes()[name].gpu_memory_mib < ours.gpu_memory_mib]
    for name in (*enough[:1], *less[:1]):
        theirs = sizes()[name]
        is_smaller = theirs.gpu_memory_mib < ours.gpu_memory_mib
        others = (
            () if is_smaller or isinstance(group.settings, Server) else tuple(one for one in group.types if one != name)
        )
        yield Idea(
            f"{show(group.path)}: use {name} ({theirs.gpu}, {theirs.gpu_memory_mib / 1024:.0f} GiB) "
            f"{'before' if others else 'instead of'} {first} ({ours.gpu}, {ours.gpu_memory_mib / 1024:.0f} GiB)",
            (group.changed_to((name, *others)),),
            "capacity",
            f"a {ours.gpu} computes other kernels at another speed than a {theirs.gpu}: measure the latency"
            if not is_smaller
            else f"{(ours.gpu_memory_mib - theirs.gpu_memory_mib) / 1024:.0f} GiB of GPU memory for the KV cache, and "
            f"speed: a {theirs.gpu} is older or smaller than a {ours.gpu}",
        )
