"""Addresses, zones and ways out."""

from collections import Counter
from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import combinations

from catalog.reading.problems import Path, Problem
from config.network import NetworkAclRule
from config.rules.stack import Rule, Stack
from config.subnets import SMALLEST_SUBNET, smallest_vpc

LARGEST = 16
"""A VPC's network is /16 to /28, and so is a subnet's: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"""

_REGION: Path = ("project", "region")


def zones(stack: Stack) -> Iterator[Problem]:
    """Two to four zones, each once, all of this region."""
    network = stack.settings.network
    subnets: Path = ("network", "subnets")
    if network.subnets is None:
        if not network.zones:
            yield Problem(
                ("network", "zones"), "is missing; name two to four zones, or write the subnets", because=(subnets,)
            )
        elif len(network.zones) == 1:
            yield Problem(("network", "zones"), "names one zone; EKS and RDS need two, four at most")
    for zone, count in Counter(network.zones).items():
        if count > 1:
            yield Problem(("network", "zones"), f"{zone} stands here {count} times; keep one")
    named: list[tuple[Path, str]] = [(("network", "zones", index), zone) for index, zone in enumerate(network.zones)]
    for tier, placed in _tiers(stack):
        named += [((*subnets, tier, index, "zone"), zone) for index, (_, zone) in enumerate(placed)]
    for path, zone in named:
        region = stack.settings.project.region
        if zone[:-1] != region:
            fix = f"write {region}{zone[-1]}, or change project.region"
            yield Problem(path, f"{zone} is no zone of {region}; {fix}", because=(_REGION,))
    private = {subnet.zone for subnet in network.subnets.private} if network.subnets else set()
    if len(private) == 1:
        yield Problem(("network", "subnets", "private"), f"lies in {private.pop()} alone; EKS and RDS need two zones")


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
    """Subnets lie in the VPC, have a size that AWS takes, and do not overlap."""
    network = stack.settings.network
    vpc: Path = ("network", "cidr")
    if not LARGEST <= network.cidr.prefixlen <= SMALLEST_SUBNET:
        yield Problem(vpc, f"{network.cidr} is no size for a VPC; take /{LARGEST} to /{SMALLEST_SUBNET}")
        return
    if network.subnets is None:
        smallest = smallest_vpc(data=network.data_subnets, control_plane=network.control_plane_subnets)
        if network.cidr.prefixlen > smallest:
            fix = f"take a /{smallest} or larger, or write the subnets one by one"
            yield Problem(vpc, f"{network.cidr} is too small to be divided; {fix}")
        return
    placed = [
        (("network", "subnets", tier, index, "cidr"), cidr)
        for tier, subnets in _tiers(stack)
        for index, (cidr, _) in enumerate(subnets)
    ]
    for path, cidr in placed:
        if not cidr.subnet_of(network.cidr):
            yield Problem(path, f"{cidr} lies outside the VPC's {network.cidr}; choose one inside", because=(vpc,))
        elif cidr.prefixlen > SMALLEST_SUBNET:
            yield Problem(path, f"{cidr} is too small for a subnet; take a /{SMALLEST_SUBNET} or larger")
    for (one, first), (path, second) in combinations(placed, 2):
        if first.overlaps(second):
            where = f"{one[2]}[{one[3]}]"
            yield Problem(path, f"{second} overlaps {first} of {where}; choose one that is free", because=(one,))


def data_tier(stack: Stack) -> Iterator[Problem]:
    """The tier for data is carved or written, and reaches every zone where something has to reach it."""
    settings, network = stack.settings, stack.settings.network
    if network.subnets is None:
        return
    data: Path = ("network", "subnets", "data")
    if network.data_subnets and not network.subnets.data:
        yield Problem(
            ("network", "dataSubnets"),
            "divides nothing beside network.subnets; write the subnets of network.subnets.data, or leave it out",
            because=(("network", "subnets"),),
        )
    covered = {subnet.zone for subnet in network.subnets.data}
    if len(covered) == 1:
        yield Problem(data, f"lies in {min(covered)} alone; databases need two zones")
    # The name of a file system leads to the mount target of the client's own zone, and nowhere without one:
    # https://docs.aws.amazon.com/efs/latest/ug/mounting-fs-mount-cmd-dns-name.html
    bare = sorted({subnet.zone for subnet in network.subnets.private} - covered)
    if len(covered) > 1 and bare and settings.file_systems:
        yield Problem(
            data,
            f"has none in {', '.join(bare)}, where nodes mount file systems; add one for each zone of the private tier",
            because=(("fileSystems",),),
        )


def control_plane_tier(stack: Stack) -> Iterator[Problem]:
    """The control plane's subnets are carved or written, in two zones at least: EKS takes no fewer."""
    network = stack.settings.network
    if network.subnets is None:
        return
    own: Path = ("network", "subnets", "controlPlane")
    if network.control_plane_subnets and not network.subnets.control_plane:
        yield Problem(
            ("network", "controlPlaneSubnets"),
            "divides nothing beside network.subnets; write network.subnets.controlPlane, or leave it out",
            because=(("network", "subnets"),),
        )
    covered = {subnet.zone for subnet in network.subnets.control_plane}
    if len(covered) == 1:
        yield Problem(own, f"lies in {min(covered)} alone; EKS needs two zones")


def ways_out(stack: Stack) -> Iterator[Problem]:
    """NAT gateways need a public subnet to stand in; without any, endpoints must carry what nodes need."""
    network = stack.settings.network
    if network.subnets is not None and network.nat != "none" and not network.subnets.public:
        yield Problem(
            ("network", "nat"),
            f"{network.nat} needs a public subnet; add one to network.subnets.public, or write none",
            because=(("network", "subnets"),),
        )
    for path, values in (
        (("network", "endpoints", "gateway"), network.endpoints.gateway),
        (("network", "endpoints", "interface"), network.endpoints.interface),
    ):
        for value, count in Counter(values).items():
            if count > 1:
                yield Problem(path, f"{value} stands here {count} times; keep one")
    needed = {"ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "sts", "logs", "elasticloadbalancing", "autoscaling"}
    missing = sorted(needed - set(network.endpoints.interface))
    if network.nat == "none" and missing:
        yield Problem(
            ("network", "nat"),
            f"none leaves nodes without a way to AWS; add {', '.join(missing)} to network.endpoints.interface",
            severity="warning",
        )


def _acl_rules(rules: tuple[NetworkAclRule, ...], path: Path) -> Iterator[Problem]:
    first: dict[int, int] = {}
    for index, rule in enumerate(rules):
        if rule.number in first:
            yield Problem(
                (*path, index, "number"), f"{rule.number} is the number of [{first[rule.number]}] too; choose another"
            )
        first.setdefault(rule.number, index)
        if rule.from_port > rule.to_port:
            yield Problem((*path, index, "fromPort"), f"{rule.from_port} is above toPort, {rule.to_port}; swap them")


def network_acls(stack: Stack) -> Iterator[Problem]:
    """The rules of a network ACL are numbered, each number once a direction."""
    network, acls = stack.settings.network, stack.settings.network.network_acls
    if acls.data is not None and not (network.subnets.data if network.subnets else network.data_subnets):
        yield Problem(
            ("network", "networkAcls", "data"),
            "guards nothing without data subnets; write network.dataSubnets or network.subnets.data, or leave it out",
        )
    for tier, acl in (("public", acls.public), ("private", acls.private), ("data", acls.data)):
        if acl is not None:
            yield from _acl_rules(acl.ingress, ("network", "networkAcls", tier, "ingress"))
            yield from _acl_rules(acl.egress, ("network", "networkAcls", tier, "egress"))


def region(stack: Stack) -> Iterator[Problem]:
    """There is one place for the region; `aws:region` beside it would be ignored in silence."""
    other = stack.others.get("aws:region")
    if other is not None and other != stack.settings.project.region:
        yield Problem(
            ("aws:region",),
            f"{other} is not project.region, {stack.settings.project.region}, which counts; remove it",
            because=(_REGION,),
        )


RULES: tuple[Rule, ...] = (zones, addresses, data_tier, control_plane_tier, ways_out, network_acls, region)
