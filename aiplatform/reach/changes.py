"""Connections that a change opens or closes, grouped so that a reader sees whom it concerns."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from aiplatform.reach.connectivity import Connectivity, connectivity
from aiplatform.reach.context import Described, context_of, stores
from aiplatform.reach.objects import UNNAMED, namespaces, workloads
from aiplatform.reach.peers import IMPOSTORS, INVENTED, Peer

DATABASE = "database"
_REST = "other pods of"
_SAME = "Kubernetes API's Service"
"""Another address of the Kubernetes API."""

_OTHER = ("TCP other", "UDP other")
_SHOWN = 3
"""Names that are listed; more are counted."""


class Network(NamedTuple):
    """What decides about connections on one side of a change."""

    connectivity: Connectivity
    peers: Mapping[str, Peer]
    real: frozenset[str]
    """Workloads, and other pods of namespaces, that the plan has; policies can name others, which are not there."""

    stores: Mapping[int, list[str]]


class Group(NamedTuple):
    """Sources that newly reach the same targets, or no longer do."""

    subject: str
    sources: str
    """The workloads of the subject, a namespace; empty where the subject is the source."""

    targets: str
    is_new: bool
    """Whether one end of each connection is itself new or gone, so that the connection follows from that."""


def networks(before: Sequence[Described], after: Sequence[Described]) -> tuple[Network, Network] | None:
    """Return the connections of both sides; None if one of them has no network."""
    if not all(any(one["type"] == "aws:ec2/vpc:Vpc" for one in side) for side in (before, after)):
        return None
    return _network(before, after), _network(after, before)


def _network(resources: Sequence[Described], other: Sequence[Described]) -> Network:
    objects = _objects(resources)
    found = connectivity(objects, context_of(resources), _objects(other))
    real = frozenset([*(one.name for one in workloads(objects)), *(f"{_REST} {name}" for name in namespaces(objects))])
    return Network(found, {peer.name: peer for peer in found.peers}, real, stores(resources))


def _objects(resources: Iterable[Described]) -> list[Described]:
    return [one["inputs"] for one in resources if one["type"].startswith("kubernetes:") and "kind" in one["inputs"]]


def opened(before: Network, after: Network) -> list[Group]:
    """Return the connections that are allowed after a change and were not before; swap the sides for closed ones."""
    ports: dict[tuple[str, str], list[str]] = defaultdict(list)
    for way in sorted(after.connectivity.allowed - before.connectivity.allowed):
        ports[_peer(way.source), _peer(way.target)].append(way.port)
    reached: dict[tuple[bool, str], dict[str, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
    for (source, target), numbers in ports.items():
        shown = _ports(numbers, after.peers.get(target))
        # Pods that only a policy names come and go with what the plan has.
        if not shown or target == _SAME or any(_is_imagined(end, before, after) for end in (source, target)):
            continue
        fresh = any(end in after.real and end not in before.real for end in (source, target))
        space = _space(source, after)
        for what in _targets(target, shown, after):
            reached[fresh, space][source].add(what)
    return sorted(_merged(_groups(reached, after)))


def _is_imagined(name: str, before: Network, after: Network) -> bool:
    """Return whether pods are not there after the change: only a policy of one side names them."""
    return name in after.peers and name not in after.real and (name in before.real or name not in before.peers)


def _peer(end: str) -> str:
    """Return the peer's name without one of its addresses."""
    return end.partition(" at ")[0]


def _space(name: str, network: Network) -> str:
    peer = network.peers.get(name)
    return peer.pod.namespace if peer is not None and peer.pod is not None else ""


def _ports(numbers: Iterable[str], target: Peer | None) -> str:
    """Return ports that the target opens, or all; empty if connections to these ports find nothing."""
    given = set(numbers)
    if given >= set(_OTHER):
        return "all ports"
    if other := given & set(_OTHER):
        return f"all {next(iter(other)).partition(' ')[0]} ports"
    served = {str(port) for port in target.serves if port.number != UNNAMED} if target is not None else set()
    known = given & served if served and target is not None and target.pod is not None else given
    return ", ".join(_short(one) for one in sorted(known, key=lambda port: (int(port.partition(" ")[2]), port)))


def _short(port: str) -> str:
    protocol, _, number = port.partition(" ")
    return number if protocol == "TCP" else f"{number}/{protocol.lower()}"


def _targets(name: str, ports: str, network: Network) -> Iterator[tuple[str, str]]:
    """Yield a target and its ports; the stores of a port by their names."""
    if name != DATABASE or ports.startswith("all "):
        yield name, ports
        return
    for port in ports.split(", "):
        for store in network.stores.get(int(port.partition("/")[0]), [DATABASE]):
            yield store, port


_Reached = Mapping[tuple[bool, str], Mapping[str, set[tuple[str, str]]]]


def _groups(reached: _Reached, network: Network) -> Iterator[tuple[bool, str, tuple[str, ...], str]]:
    """Yield whether the group is new, its namespace, its sources, and its targets in words."""
    for (fresh, space), targets_of in reached.items():
        alike: dict[frozenset[tuple[str, str]], list[str]] = defaultdict(list)
        for source, given in targets_of.items():
            alike[frozenset(given)].append(source)
        for targets, sources in alike.items():
            yield fresh, space, tuple(sorted(sources)), _in_words(targets, space, network)


def _in_words(targets: Iterable[tuple[str, str]], own: str, network: Network) -> str:
    within: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, ports in sorted(targets):
        within[_space(name, network), ports].append(name)
    found = []
    for (space, ports), names in within.items():
        where = "" if not space else " in its namespace" if space == own else f" in namespace {_called(space)}"
        shown = _names(names, space) if space else ", ".join(names)
        found.append(f"{shown}{where} ({ports})")
    return "; ".join(found)


def _names(names: Sequence[str], space: str) -> str:
    """Return what workloads are called: `3 workloads (a, b, c)`, or the only one with its kind."""
    short = [_local(name, space) for name in names]
    if len(short) == 1:
        return short[0]
    first = ", ".join(name.rpartition(" ")[2] if "/" in full else name for name, full in zip(short, names, strict=True))
    if len(short) > _SHOWN:
        listed = [name.rpartition(" ")[2] for name in short[:_SHOWN]]
        first = f"{', '.join(listed)} and {len(short) - _SHOWN} more"
    return f"{len(short)} workloads ({first})"


def _called(space: str) -> str:
    return space.removeprefix(INVENTED)


def _local(name: str, space: str) -> str:
    if name == IMPOSTORS:
        return "pods with the labels of others"
    return name.replace(f"{space}/", "").removesuffix(f" of {space}") if space else name


def _merged(groups: Iterable[tuple[bool, str, tuple[str, ...], str]]) -> Iterator[Group]:
    """Yield one group for namespaces whose workloads are alike, such as those of tenants."""
    alike: dict[tuple[bool, tuple[str, ...], str], list[str]] = defaultdict(list)
    for fresh, space, sources, targets in groups:
        named = tuple(sources) if not space else (_names(sources, space),)
        alike[fresh, named, targets].append(space)
    for (fresh, named, targets), spaces in alike.items():
        if spaces == [""]:
            yield Group(", ".join(named), "", targets, fresh)
            continue
        listed = ", ".join(sorted(map(_called, spaces))[:_SHOWN])
        more = f" and {len(spaces) - _SHOWN} more" if len(spaces) > _SHOWN else ""
        noun = "namespace" if len(spaces) == 1 else f"{len(spaces)} namespaces"
        yield Group(f"{noun} {listed}{more}", named[0], targets, fresh)
