"""The network diagram: zones side by side, with the resources in their subnets."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from config.network import Subnet
from config.nodes import NodeGroup
from config.settings import Settings

Kind = Literal["zone", "subnet", "balancer", "nat", "nodes", "server", "store"]

_ZONE_WIDTH, _GAP, _MARGIN = 250, 16, 12
_HEAD, _BAR, _BAR_GAP = 26, 26, 6


@dataclass(frozen=True)
class Box:
    """A rectangle with a text; lengths in pixels."""

    kind: Kind
    text: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    """Boxes in drawing order, background first."""

    width: int
    height: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Thing:
    """A resource in zones of a tier."""

    kind: Kind
    text: str
    zones: frozenset[str]
    apart: bool = False
    """One in each zone instead of one over all zones."""


def picture(settings: Settings, *, has_ingress: bool) -> Picture:
    """Return the VPC of a stack. Resources that span zones are drawn across them; zonal ones are drawn in each zone."""
    tiers = settings.network.tiers()
    rows: list[tuple[str, Sequence[Subnet]]] = [
        ("public", tiers.public),
        ("private", tiers.private),
        ("data", tiers.data),
        ("control plane", tiers.control_plane),
    ]
    zones = sorted({subnet.zone for _, subnets in rows for subnet in subnets})
    boxes: list[Box] = []
    top = _MARGIN + _HEAD
    for tier, subnets in rows:
        if subnets:
            things = list(_things(settings, tier, has_ingress=has_ingress))
            height = _HEAD + len(things) * (_BAR + _BAR_GAP) + _BAR_GAP
            boxes += _subnets(tier, subnets, zones, top, height)
            boxes += _bars(things, zones, top + _HEAD)
            top += height + _GAP
    height = top - _GAP + _MARGIN
    columns = [Box("zone", zone, _left(index), 0, _ZONE_WIDTH, height) for index, zone in enumerate(zones)]
    return Picture(_left(len(zones)) - _GAP + _MARGIN, height, (*columns, *boxes))


def _left(index: int) -> int:
    return _MARGIN + index * (_ZONE_WIDTH + _GAP)


def _subnets(tier: str, subnets: Sequence[Subnet], zones: Sequence[str], top: int, height: int) -> Iterator[Box]:
    for zone in zones:
        here = [str(subnet.cidr) for subnet in subnets if subnet.zone == zone]
        if here:
            text = f"{tier}  {', '.join(here)}"
            yield Box("subnet", text, _left(zones.index(zone)) + 8, top, _ZONE_WIDTH - 16, height)


def _bars(things: Sequence[Thing], zones: Sequence[str], top: int) -> Iterator[Box]:
    for row, thing in enumerate(things):
        places = [zones.index(zone) for zone in sorted(thing.zones)]
        for first, last in ((place, place) for place in places) if thing.apart else _runs(places):
            left, right = _left(first) + 16, _left(last) + _ZONE_WIDTH - 16
            yield Box(thing.kind, thing.text, left, top + row * (_BAR + _BAR_GAP), right - left, _BAR)


def _runs(indexes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield consecutive indexes as ranges: 0, 1, 3 as 0 to 1 and 3 to 3."""
    run: list[int] = []
    for index in indexes:
        if run and index != run[-1] + 1:
            yield run[0], run[-1]
            run = []
        run.append(index)
    if run:
        yield run[0], run[-1]


def _things(settings: Settings, tier: str, *, has_ingress: bool) -> Iterator[Thing]:
    network = settings.network
    tiers = network.tiers()
    public = frozenset(subnet.zone for subnet in tiers.public)
    private = frozenset(subnet.zone for subnet in tiers.private)
    data = frozenset(subnet.zone for subnet in tiers.data) or private
    outward = settings.ingress.internet_facing
    if has_ingress and tier == ("public" if outward else "private"):
        yield Thing("balancer", f"load balancer, {'public' if outward else 'internal'}", public if outward else private)
    if tier == "public":
        yield Thing(
            "nat", "NAT instance" if network.nat_instance else "NAT gateway", frozenset(network.nat_zones()), apart=True
        )
    for key, server in settings.instances.items():
        if server.stands_in() == tier:
            count = f"{server.count} x " if server.count > 1 else ""
            yield Thing("server", f"{key}: {count}{server.instance_type}", frozenset(server.zones), apart=True)
    if tier == "private":
        for key, group in settings.node_groups.items():
            yield Thing("nodes", _nodes(key, group), frozenset(group.zones) or private)
        for key, pool in settings.node_pools.items():
            text = f"{key}: Karpenter, {', '.join(pool.instance_types[:2])}{' ...' if pool.instance_types[2:] else ''}"
            yield Thing("nodes", text, frozenset(pool.zones) or private)
    if tier == ("data" if tiers.data else "private"):
        for text in _stores(settings):
            yield Thing("store", text, data)


def _nodes(key: str, group: NodeGroup) -> str:
    scaling = group.scaling
    count = str(scaling.min) if scaling.min == scaling.max else f"{scaling.min}-{scaling.max}"
    more = " ..." if group.instance_types[1:] else ""
    return f"{key}: {count} x {group.instance_types[0]}{more}{' Spot' if group.capacity == 'spot' else ''}"


def _stores(settings: Settings) -> Iterator[str]:
    for key, database in settings.databases.items():
        yield f"{key}: {database.engine} {database.engine_version}{', Multi-AZ' if database.multi_az else ''}"
    for key, cluster in settings.aurora_clusters.items():
        yield f"{key}: Aurora PostgreSQL {cluster.engine_version}, {1 + cluster.readers} instances"
    for key, cache in settings.caches.items():
        yield f"{key}: {cache.engine} {cache.engine_version}, {cache.nodes} nodes"
    for key in settings.file_systems:
        yield f"{key}: EFS"
