"""How long a first `up` takes: the longest chain of resources that wait for each other."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from aiplatform.preview.plan import Plan, Resource
from catalog.creation_times import CreationTime, CreationTimes, creation_times
from components.kubeflow.steps import step_at

FIRST_UP = "first-up.json"
_RELEASE = "kubernetes:helm.sh/v3:Release"
_FOLDER = "kubernetes:kustomize/v2:Directory"
_SHOWN = 20
"""Seconds from which a link of the chain is shown in one line."""


@dataclass(frozen=True)
class Link:
    """A resource of the longest chain."""

    urn: str
    name: str
    type: str
    start: int
    """In seconds after the start of `up`."""

    time: CreationTime


@dataclass(frozen=True)
class FirstUp:
    """The duration of a first `up`, with no limit to the operations at a time."""

    seconds: int
    chain: tuple[Link, ...]
    """The longest chain, in its order. Components are left out: their creation takes no time."""


def creation_time(resource: Resource, times: CreationTimes) -> CreationTime:
    """Return the usual creation time of a resource; the row of the type, unless its chart or folder has one."""
    found = times.types.get(resource.type, times.other)
    if resource.type == _RELEASE:
        return times.charts.get(str(resource.inputs.get("name")), found)
    if resource.type == _FOLDER:
        folder = str(resource.inputs.get("directory"))
        step = step_at(folder)
        return times.folders.get(step.name if step else folder.split("/")[-2], found)
    return found


def first_up(plan: Plan, *, data_alone: bool = False, times: CreationTimes | None = None) -> FirstUp:
    """Return the duration of a first `up` and its longest chain.

    The engine creates a resource when all its dependencies, its provider and its parent are there. A parent is
    registered when its own dependencies are there: its children wait for these too. With `data_alone`, only the
    resources count whose outputs a resource has among its inputs.
    """
    times = times or creation_times()
    resources = {one.urn: one for one in plan.resources}
    waits = {
        urn: [
            other
            for other in (
                (one.data if data_alone else one.dependencies) + tuple(filter(None, (one.parent, one.provider)))
            )
            if other in resources and not _contains(resources, urn, other)
        ]
        for urn, one in resources.items()
    }
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    after: dict[str, str | None] = {}
    for urn in TopologicalSorter(waits).static_order():
        before = max(waits[urn], key=lambda other: (ends[other], other), default=None)
        starts[urn] = ends[before] if before is not None else 0
        after[urn] = before
        ends[urn] = starts[urn] + _seconds(resources[urn], times)
    last = max(ends, key=lambda urn: (ends[urn], urn), default=None)
    chain = tuple(_links(last, resources, starts, after, times))
    return FirstUp(ends[last] if last is not None else 0, chain)


def _seconds(resource: Resource, times: CreationTimes) -> int:
    takes = resource.custom or resource.remote
    return creation_time(resource, times).seconds if takes and not resource.type.startswith("pulumi:") else 0


def _contains(resources: Mapping[str, Resource], parent: str, child: str) -> bool:
    """Return whether a resource is below another: a component that refers to its children does not wait for them."""
    above = resources[child].parent
    while above is not None and above in resources:
        if above == parent:
            return True
        above = resources[above].parent
    return False


def _links(
    last: str | None,
    resources: Mapping[str, Resource],
    starts: Mapping[str, int],
    after: Mapping[str, str | None],
    times: CreationTimes,
) -> Iterator[Link]:
    found = []
    while last is not None:
        one = resources[last]
        if _seconds(one, times):
            found.append(Link(one.urn, one.name, one.type, starts[last], creation_time(one, times)))
        last = after[last]
    return reversed(found)


def summary(found: FirstUp) -> str:
    """Return one line: `a first up takes about 24 minutes: Cluster cluster 10:00, ...`."""
    shown = [
        f"{link.type.rpartition(':')[2]} {link.name} {link.time.seconds // 60}:{link.time.seconds % 60:02}"
        for link in found.chain
        if link.time.seconds >= _SHOWN
    ]
    return f"a first up takes about {round(found.seconds / 60)} minutes; its longest chain: {', '.join(shown)}"


def first_up_json(found: FirstUp) -> str:
    """Return `first-up.json`: the duration and each link of the chain with the source of its time."""
    chain = [
        {
            "urn": link.urn,
            "startSeconds": link.start,
            "seconds": link.time.seconds,
            "basis": link.time.basis,
            "source": link.time.source,
        }
        for link in found.chain
    ]
    document = {"seconds": found.seconds, "date": creation_times().date.isoformat(), "chain": chain}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
