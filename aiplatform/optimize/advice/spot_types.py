"""Leave out the dearer types of a Spot group."""

from collections import defaultdict
from collections.abc import Iterator

from aiplatform.optimize.idea import Idea, Subject
from aiplatform.optimize.machines import Machines, machines
from catalog.instance_types import sizes
from catalog.reading.problems import show
from config.node_pools import NodePool


def ideas(subject: Subject) -> Iterator[Idea]:
    """Keep the two cheapest types, or the cheapest."""
    for group in machines(subject):
        if group.spot and len(group.types) > 1:
            for count in (2, 1):
                kept = _cheapest(subject, group, count)
                if kept and len(kept) < len(group.types):
                    yield Idea(
                        f"{show(group.path)}: use Spot of {', '.join(kept)} only",
                        (group.changed_to(kept),),
                        "capacity",
                        "fewer types are interrupted more often, and more often unavailable",
                    )


def _cheapest(subject: Subject, group: Machines, count: int) -> tuple[str, ...]:
    """Return the cheapest types of each size, in their order; nothing if a price is unknown. The Cluster Autoscaler
    takes the types of a node group for one size; Karpenter chooses a size for the pods."""
    prices = {name: subject.machine(name, spot=True) for name in group.types}
    if None in prices.values() or any(name not in sizes() for name in group.types):
        return ()
    by_size: dict[object, list[str]] = defaultdict(list)
    for name in sorted(group.types, key=lambda one: prices[one] or 0):
        size = sizes()[name]
        shape = (size.gpus, size.vcpus, size.memory_mib) if isinstance(group.settings, NodePool) else ()
        by_size[shape].append(name)
    kept = {name for names in by_size.values() for name in names[:count]}
    return tuple(name for name in group.types if name in kept)
