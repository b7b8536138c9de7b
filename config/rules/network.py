"""Zones, subnets, NAT gateways, VPC endpoints and network ACLs."""

from collections import Counter
from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import combinations

from catalog.instance_types import instance_kind
from catalog.reading.problems import Path, Problem
from config.network import NetworkAclRule
from config.rules.nodes import known_type
from config.rules.stack import Rule, Stack
from config.subnets import SMALLEST_SUBNET, smallest_vpc

LARGEST = 16
"""The shortest prefix of a VPC or subnet: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"""

_REGION: Path = ("project", "region")


def zones(stack: Stack) -> Iterator[Problem]:
    """There are two to four zones of the region, without duplicates."""
    network = stack.settings.network
    subnets: Path = ("network", "subnets")
    if network.subnets is None and network.vpc_id is None:
        if not network.zones:
            yield Problem(
                ("network", "zones"), "is missing; set two to four zones, or network.subnets", because=(subnets,)
            )
        elif len(network.zones) == 1:
            yield Problem(("network", "zones"), "has one zone; EKS and RDS require two")
    for zone, count in Counter(network.zones).items():
        if count > 1:
            yield Problem(("network", "zones"), f"duplicate zone {zone}")
    named: list[tuple[Path, str]] = [(("network", "zones", index), zone) for index, zone in enumerate(network.zones)]
    for tier, placed in _tiers(stack):
        named += [((*subnets, tier, index, "zone"), zone) for index, (_, zone) in enumerate(placed)]
    for path, zone in named:
        region = stack.settings.project.region
        if zone[:-1] != region:
            fix = f"use {region}{zone[-1]}, or change project.region"
            yield Problem(path, f"{zone} is not a zone of {region}; {fix}", because=(_REGION,))
    private = {subnet.zone for subnet in network.subnets.private} if network.subnets else set()
    if len(private) == 1:
        yield Problem(("network", "subnets", "private"), f"covers only {private.pop()}; EKS and RDS require two zones")


def _tiers(stack: Stack) -> list[tuple[str, list[tuple[IPv4Network, str]]]]:
    subnets = stack.settings.network.subnets
    if subnets is None:
        return []
    return [
        ("public", [(subnet.cidr, subnet.zone) for subnet in subnets.public]),
        ("private", [(subnet.cidr, subnet.zone) for subnet in subnets.private]),
        ("data", [(subnet.cidr, subnet.zone) for subnet in subnets.data]),
        ("controlPlane", [(subnet.cidr, subnet.zone) for subnet in subnets.control_plane]),
    ]


def addresses(stack: Stack) -> Iterator[Problem]:
    """Subnets are inside the VPC, have a valid size, and do not overlap."""
    network = stack.settings.network
    vpc: Path = ("network", "cidr")
    if not LARGEST <= network.cidr.prefixlen <= SMALLEST_SUBNET:
        yield Problem(vpc, f"{network.cidr} is not a valid size of a VPC; use /{LARGEST} to /{SMALLEST_SUBNET}")
        return
    if network.subnets is None:
        smallest = smallest_vpc(data=network.data_subnets, control_plane=network.control_plane_subnets)
        if network.cidr.prefixlen > smallest and network.vpc_id is None:
            fix = f"use a /{smallest} or larger, or set network.subnets"
            yield Problem(vpc, f"{network.cidr} is too small to be divided; {fix}")
        return
    yield from _placed(stack)


def _placed(stack: Stack) -> Iterator[Problem]:
    network = stack.settings.network
    placed = [
        (("network", "subnets", tier, index, "cidr"), cidr)
        for tier, subnets in _tiers(stack)
        for index, (cidr, _) in enumerate(subnets)
    ]
    whole = (network.cidr, *network.secondary_cidrs)
    for path, cidr in placed:
        if not any(map(cidr.subnet_of, whole)):
            there = " and ".join(map(str, whole))
            yield Problem(
                path,
                f"{cidr} is outside the VPC's {there}; choose a network inside it",
                because=(("network", "cidr"), ("network", "secondaryCidrs")),
            )
        elif cidr.prefixlen > SMALLEST_SUBNET:
            yield Problem(path, f"{cidr} is too small for a subnet; use a /{SMALLEST_SUBNET} or larger")
    for (one, first), (path, second) in combinations(placed, 2):
        if first.overlaps(second):
            where = f"{one[2]}[{one[3]}]"
            yield Problem(path, f"{second} overlaps {first} of {where}; choose a free network", because=(one,))


def data_tier(stack: Stack) -> Iterator[Problem]:
    """Data subnets are in two zones, and in every zone whose nodes mount a file system."""
    settings, network = stack.settings, stack.settings.network
    if network.subnets is None:
        return
    data: Path = ("network", "subnets", "data")
    if network.data_subnets and not network.subnets.data:
        yield Problem(
            ("network", "dataSubnets"),
            "has no effect with network.subnets; set network.subnets.data, or remove it",
            because=(("network", "subnets"),),
        )
    covered = {subnet.zone for subnet in network.subnets.data}
    if len(covered) == 1:
        yield Problem(data, f"covers only {min(covered)}; databases require two zones")
    # The DNS name of a file system resolves only where the client's zone has a mount target:
    # https://docs.aws.amazon.com/efs/latest/ug/mounting-fs-mount-cmd-dns-name.html
    bare = sorted({subnet.zone for subnet in network.subnets.private} - covered)
    if len(covered) > 1 and bare and settings.file_systems:
        yield Problem(
            data,
            f"has no subnet in {', '.join(bare)}, where nodes mount file systems; add one for each zone of the private "
            "tier",
            because=(("fileSystems",),),
        )


def control_plane_tier(stack: Stack) -> Iterator[Problem]:
    """Subnets of the control plane are in two zones, as EKS requires."""
    network = stack.settings.network
    if network.subnets is None:
        return
    own: Path = ("network", "subnets", "controlPlane")
    if network.control_plane_subnets and not network.subnets.control_plane:
        yield Problem(
            ("network", "controlPlaneSubnets"),
            "has no effect with network.subnets; set network.subnets.controlPlane, or remove it",
            because=(("network", "subnets"),),
        )
    covered = {subnet.zone for subnet in network.subnets.control_plane}
    if len(covered) == 1:
        yield Problem(own, f"covers only {min(covered)}; EKS requires two zones")


def ways_out(stack: Stack) -> Iterator[Problem]:
    """NAT gateways have a public subnet, and no endpoint is listed twice."""
    network = stack.settings.network
    creates = network.vpc_id is None and network.subnets is not None
    if creates and network.nat != "none" and not (network.subnets and network.subnets.public):
        yield Problem(
            ("network", "nat"),
            f"{network.nat} requires a public subnet; add one to network.subnets.public, or set none",
            because=(("network", "subnets"),),
        )
    for path, values in (
        (("network", "endpoints", "gateway"), network.endpoints.gateway),
        (("network", "endpoints", "interface"), network.endpoints.interface),
    ):
        for value, count in Counter(values).items():
            if count > 1:
                yield Problem(path, f"duplicate endpoint {value}")


def nat_instances(stack: Stack) -> Iterator[Problem]:
    """NAT instances replace NAT gateways, and have a type of which the newest AMI is known."""
    network = stack.settings.network
    if network.nat_instance is None:
        return
    path: Path = ("network", "natInstance")
    if network.nat == "none":
        yield Problem(
            path,
            "has no effect with network.nat: none; set perZone or single, or remove it",
            because=(("network", "nat"),),
        )
    instance_type = network.nat_instance.instance_type
    yield from known_type((*path, "instanceType"), instance_type)
    if instance_kind(instance_type).accelerator != "none":
        yield Problem(
            (*path, "instanceType"),
            f"{instance_type} has accelerators, which a NAT instance does not use; use t4g.micro",
        )


def _acl_rules(rules: tuple[NetworkAclRule, ...], path: Path) -> Iterator[Problem]:
    first: dict[int, int] = {}
    for index, rule in enumerate(rules):
        if rule.number in first:
            yield Problem(
                (*path, index, "number"),
                f"{rule.number} is already the number of rule [{first[rule.number]}]; choose another",
            )
        first.setdefault(rule.number, index)
        if rule.from_port > rule.to_port:
            yield Problem((*path, index, "fromPort"), f"{rule.from_port} is above toPort, {rule.to_port}; swap them")


def network_acls(stack: Stack) -> Iterator[Problem]:
    """Rule numbers of a network ACL are unique in each direction, and port ranges are in order."""
    network, acls = stack.settings.network, stack.settings.network.network_acls
    if acls.data is not None and not (network.subnets.data if network.subnets else network.data_subnets):
        yield Problem(
            ("network", "networkAcls", "data"),
            "requires data subnets; set network.dataSubnets or network.subnets.data, or remove it",
        )
    for tier, acl in (("public", acls.public), ("private", acls.private), ("data", acls.data)):
        if acl is not None:
            yield from _acl_rules(acl.ingress, ("network", "networkAcls", tier, "ingress"))
            yield from _acl_rules(acl.egress, ("network", "networkAcls", tier, "egress"))


RULES: tuple[Rule, ...] = (zones, addresses, data_tier, control_plane_tier, ways_out, nat_instances, network_acls)
