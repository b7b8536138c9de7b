"""Instance types that EC2 offers in the region and in the zones of a stack."""

import re
from collections.abc import Iterator, Sequence

from catalog.instance_types import family, instance_kind, sizes
from catalog.offers import SINCE, regions, sold
from catalog.reading.problems import Path, Problem
from config.rules.nodes import all_nodes, may_be_new
from config.rules.stack import Rule, Stack

ASK = "aws ec2 describe-instance-type-offerings --location-type availability-zone"
SUGGESTED = 3


def _types(stack: Stack) -> Iterator[tuple[Path, str]]:
    for path, nodes in all_nodes(stack):
        for index, instance_type in enumerate(nodes.instance_types):
            yield (*path, "instanceTypes", index), instance_type
    for key, server in stack.settings.instances.items():
        yield ("instances", key, "instanceType"), server.instance_type
    if stack.settings.network.nat_instance is not None:
        yield ("network", "natInstance", "instanceType"), stack.settings.network.nat_instance.instance_type


def in_region(stack: Stack) -> Iterator[Problem]:
    """EC2 offers the types in the region. The newest generation is a warning: the table may be out of date."""
    region = stack.settings.project.region
    if region not in regions():
        return
    for path, instance_type in _types(stack):
        if instance_type in sizes() and region not in sold(instance_type):
            others = _alike(instance_type, region)
            hint = f"use {' or '.join(others)}" if others else "choose another type, or another region"
            yield Problem(
                path,
                f"{instance_type} is not offered in {region}, as of {SINCE}; {hint}",
                severity="warning" if may_be_new(family(instance_type)) else "error",
                because=(("project", "region"),),
            )


def _alike(instance_type: str, region: str) -> list[str]:
    """Return types of the same size, kind and letter that the region offers, newest first."""
    name, _, size = instance_type.partition(".")
    letter = re.match(r"[a-z]+", name)
    found = [
        one
        for one in sizes()
        if one.endswith(f".{size}")
        and letter is not None
        and re.match(rf"{letter[0]}\d", one)
        and instance_kind(one) == instance_kind(instance_type)
        and region in sold(one)
    ]
    return sorted(found, key=lambda one: (len(family(one)), [-ord(sign) for sign in one]))[:SUGGESTED]


def in_zones(stack: Stack) -> Iterator[Problem]:
    """Zones offer the types of their node groups and instances; zone names can differ between older accounts.

    Node pools are not checked: Karpenter chooses the zone.
    """
    try:
        private = tuple(dict.fromkeys(subnet.zone for subnet in stack.settings.network.tiers().private))
    except ValueError:
        return
    for name, group in stack.settings.node_groups.items():
        for index, zone in enumerate(group.zones or private):
            where: Path = ("nodeGroups", name, *(("zones", index) if group.zones else ("instanceTypes",)))
            yield from _sold_out(where, zone, group.instance_types)
    for name, server in stack.settings.instances.items():
        for index, zone in enumerate(server.zones):
            yield from _sold_out(("instances", name, "zones", index), zone, [server.instance_type])
    nat = stack.settings.network.nat_instance
    if nat is not None:
        for zone in stack.settings.network.nat_zones():
            yield from _sold_out(("network", "natInstance", "instanceType"), zone, [nat.instance_type])


def _sold_out(path: Path, zone: str, instance_types: Sequence[str]) -> Iterator[Problem]:
    region = zone[:-1]
    offered = [sold(one).get(region, frozenset()) for one in instance_types]
    # in_region reports a type that the whole region lacks; nothing is known of an unknown zone.
    if not all(offered) or zone in frozenset().union(*offered) or zone not in _zones_of(region):
        return
    elsewhere = ", ".join(sorted(frozenset[str]().union(*offered)))
    yield Problem(
        path,
        f"{zone} does not offer {' or '.join(instance_types)}, as of {SINCE} (offered in {elsewhere}); zone names can "
        f"differ between accounts, so check with `{ASK}` before you deploy",
        severity="warning",
    )


def _zones_of(region: str) -> frozenset[str]:
    """Return the zones of a region: those that offer m5, t3 or m7i."""
    return frozenset[str]().union(
        *(sold(one).get(region, frozenset()) for one in ("m5.large", "t3.large", "m7i.large"))
    )


RULES: tuple[Rule, ...] = (in_region, in_zones)
