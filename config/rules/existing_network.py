"""`network.vpcId`: what the stack file says of an existing VPC is whole, consistent, and enough for EKS.

The rules of made networks (network.py, places.py, offline.py) apply, too: zones, sizes, overlaps and endpoints.
"""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from config.network import Subnet
from config.rules.network import LARGEST
from config.rules.stack import Rule, Stack
from config.subnets import SMALLEST_SUBNET

_VPC: Path = ("network", "vpcId")
_MADE_ONLY = ("nat", "natInstance", "networkAcls", "dataSubnets", "controlPlaneSubnets", "zones")
"""Settings of what is created in a VPC that the stack creates."""

_EXISTING_ONLY = ("secondaryCidrs", "dnsSupport", "dnsHostnames", "tagSubnets")
_OF_SUBNETS = ("route", "routeTableId")
_WAYS = {"natGateway": "a NAT gateway", "transitGateway": "a transit gateway", "other": "another target"}


def _subnets(stack: Stack) -> Iterator[tuple[Path, str, Subnet]]:
    subnets = stack.settings.network.subnets
    if subnets is None:
        return
    for tier, placed in (
        ("public", subnets.public),
        ("private", subnets.private),
        ("data", subnets.data),
        ("controlPlane", subnets.control_plane),
    ):
        for index, subnet in enumerate(placed):
            yield ("network", "subnets", tier, index), tier, subnet


def described(stack: Stack) -> Iterator[Problem]:
    """Subnets of an existing VPC have IDs, each once."""
    network = stack.settings.network
    if network.vpc_id is None:
        return
    if network.subnets is None:
        yield Problem(
            ("network", "subnets"),
            f"is missing: the VPC of vpcId has subnets already; `aiplatform adopt vpc {network.vpc_id} --stack STACK` "
            "writes them",
            because=(("network", "cidr"),),
        )
    first: dict[str, Path] = {}
    for path, _, subnet in _subnets(stack):
        if subnet.id is None:
            yield Problem(
                (*path, "id"),
                "is missing: with network.vpcId no subnet is created; `aws ec2 describe-subnets` shows it",
                because=(_VPC,),
            )
        elif subnet.id in first:
            before = first[subnet.id]
            yield Problem((*path, "id"), f"{subnet.id} is {before[2]}[{before[3]}] already; remove one of them")
        else:
            first[subnet.id] = path


def of_existing(stack: Stack) -> Iterator[Problem]:
    """Settings of what is created in a VPC that the stack creates are not set for an existing one."""
    network = stack.settings.network
    if network.vpc_id is None:
        return
    # With subnets, other rules report the settings that divide a VPC.
    keys = _MADE_ONLY if network.subnets is None else _MADE_ONLY[:3]
    for key in _set(stack, keys):
        yield Problem(
            ("network", key), "has no effect on the existing VPC of network.vpcId; remove it", because=(_VPC,)
        )
    for path, _, subnet in _subnets(stack):
        if subnet.name is not None:
            yield Problem(
                (*path, "name"), "has no effect on an existing subnet of network.vpcId; remove it", because=(_VPC,)
            )
    if not network.tag_subnets and "cluster_tag" in network.model_fields_set:
        yield Problem(
            ("network", "clusterTag"),
            "has no effect with tagSubnets: false; remove one of them",
            because=(("network", "tagSubnets"),),
        )


def of_made(stack: Stack) -> Iterator[Problem]:
    """Facts of an existing VPC are not set for one that the stack creates."""
    network = stack.settings.network
    if network.vpc_id is not None:
        return
    if any(subnet.id is not None for _, _, subnet in _subnets(stack)):
        yield Problem(_VPC, "is missing: the subnets have IDs; set the ID of their VPC, or remove the IDs")
        return
    message = "has no effect without network.vpcId; set vpcId, or remove it"
    for key in _set(stack, _EXISTING_ONLY):
        yield Problem(("network", key), message, because=(_VPC,))
    for key, there in (
        ("existing", bool(network.endpoints.existing)),
        ("existingCidrs", bool(network.endpoints.existing_cidrs)),
    ):
        if there:
            yield Problem(("network", "endpoints", key), message, because=(_VPC,))
    for path, _, subnet in _subnets(stack):
        for key, value in zip(_OF_SUBNETS, (subnet.route, subnet.route_table_id), strict=True):
            if value is not None:
                yield Problem((*path, key), message, because=(_VPC,))


def _set(stack: Stack, keys: tuple[str, ...]) -> Iterator[str]:
    """Yield the settings of the network that the stack file has, by their name in it."""
    network = stack.settings.network
    aliases = {type(network).model_fields[name].alias or name for name in network.model_fields_set}
    yield from (key for key in keys if key in aliases)


def ranges(stack: Stack) -> Iterator[Problem]:
    """Other address ranges of the VPC have a valid size, and do not overlap."""
    network = stack.settings.network
    for index, cidr in enumerate(network.secondary_cidrs):
        path: Path = ("network", "secondaryCidrs", index)
        if not LARGEST <= cidr.prefixlen <= SMALLEST_SUBNET:
            yield Problem(path, f"{cidr} is not a valid size of a VPC; use /{LARGEST} to /{SMALLEST_SUBNET}")
        for other in (network.cidr, *network.secondary_cidrs[:index]):
            if cidr.overlaps(other):
                yield Problem(
                    path, f"{cidr} overlaps {other} of the same VPC; remove one of them", because=(("network", "cidr"),)
                )


def names(stack: Stack) -> Iterator[Problem]:
    """The VPC resolves DNS names, without which nodes do not find the Kubernetes API and endpoints.

    https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html#network-requirements-vpc
    """
    network = stack.settings.network
    for key, attribute, enabled in (
        ("dnsSupport", "--enable-dns-support", network.dns_support),
        ("dnsHostnames", "--enable-dns-hostnames", network.dns_hostnames),
    ):
        if network.vpc_id is not None and not enabled:
            yield Problem(
                ("network", key),
                f"is off in {network.vpc_id}: nodes would not join the cluster; run `aws ec2 modify-vpc-attribute "
                f"--vpc-id {network.vpc_id} {attribute}`, then set true",
            )


def routes(stack: Stack) -> Iterator[Problem]:
    """Public subnets route to an internet gateway. Private ones do not, and all of them have a default route or none.

    Nodes have no public addresses, which an internet gateway requires:
    https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
    """
    subnets = list(_subnets(stack))
    private = {subnet.route for _, tier, subnet in subnets if tier == "private"}
    for path, tier, subnet in subnets:
        place = (*path, "route")
        if tier == "private" and subnet.route == "internetGateway":
            yield Problem(
                place,
                "is an internet gateway, which nodes without public addresses cannot use: they would not join the "
                "cluster; list the subnet in network.subnets.public, and use one behind a NAT gateway",
            )
        elif tier == "public" and subnet.route in {*_WAYS, "none"}:
            yield Problem(
                place,
                f"is {_WAYS.get(subnet.route or '', 'missing')}: clients on the internet do not reach it; list the "
                "subnet in network.subnets.private or data",
            )
        elif tier == "private" and subnet.route == "none" and private & _WAYS.keys():
            yield Problem(
                place,
                "is none, while other private subnets have a default route: nodes in it reach no registry and would "
                "not join the cluster; list the subnet in network.subnets.data, or remove it",
            )


def endpoints(stack: Stack) -> Iterator[Problem]:
    """No endpoint is created that the VPC has, and gateway endpoints know the route tables of subnets with nodes.

    Two endpoints of a service cannot have private DNS names in a VPC:
    https://docs.aws.amazon.com/vpc/latest/privatelink/interface-endpoints.html
    """
    network = stack.settings.network
    if network.vpc_id is None:
        return
    given = network.endpoints
    for key, values in (("gateway", given.gateway), ("interface", given.interface)):
        for index, service in enumerate(values):
            if service in given.existing:
                yield Problem(
                    ("network", "endpoints", key, index),
                    f"{service} has an endpoint in {network.vpc_id} already; remove it",
                    because=(("network", "endpoints", "existing"),),
                )
    makes_gateway = bool(given.gateway) or (given.add_missing and "s3" not in given.existing)
    for path, tier, subnet in _subnets(stack):
        if makes_gateway and tier == "private" and subnet.route_table_id is None:
            yield Problem(
                (*path, "routeTableId"),
                "is missing: a gateway endpoint is a route of it; set it, or remove network.endpoints.gateway",
                because=(("network", "endpoints"),),
            )


RULES: tuple[Rule, ...] = (described, of_existing, of_made, ranges, names, routes, endpoints)
