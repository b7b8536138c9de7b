"""What EC2 sells in the region and in the zones of a stack."""

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


def in_region(stack: Stack) -> Iterator[Problem]:
    """The types are sold in the region; of the newest generation nobody knows whether they are by now."""
    region = stack.settings.project.region
    if region not in regions():
        return
    for path, instance_type in _types(stack):
        if instance_type in sizes() and region not in sold(instance_type):
            others = _alike(instance_type, region)
            hint = f"write {' or '.join(others)}" if others else "choose another type, or another region"
            yield Problem(
                path,
                f"{instance_type} is not sold in {region}, as of {SINCE}; {hint}",
                severity="warning" if may_be_new(family(instance_type)) else "error",
                because=(("project", "region"),),
            )


def _alike(instance_type: str, region: str) -> list[str]:
    """Types of the same size, kind and letter that the region has, the newest first."""
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
    """A zone sells what shall stand there, as far as accounts name their zones alike.

    Karpenter looks for itself where it finds what a node pool allows.
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


def _sold_out(path: Path, zone: str, instance_types: Sequence[str]) -> Iterator[Problem]:
    region = zone[:-1]
    offered = [sold(one).get(region, frozenset()) for one in instance_types]
    # A type that the whole region lacks is another rule's to say, and of an unknown zone nothing is known.
    if not all(offered) or zone in frozenset().union(*offered) or zone not in _zones_of(region):
        return
    elsewhere = ", ".join(sorted(frozenset[str]().union(*offered)))
    yield Problem(
        path,
        f"{zone} did not sell {' or '.join(instance_types)} in {SINCE}, {elsewhere} did; as some accounts name zones "
        f"otherwise, ask `{ASK}` before you build",
        severity="warning",
    )


def _zones_of(region: str) -> frozenset[str]:
    """The zones of a region: each sells m5 or its successors."""
    return frozenset[str]().union(
        *(sold(one).get(region, frozenset()) for one in ("m5.large", "t3.large", "m7i.large"))
    )


RULES: tuple[Rule, ...] = (in_region, in_zones)
