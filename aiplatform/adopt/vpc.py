"""The facts of a VPC that a platform is built in, read from EC2."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from aiplatform.errors import AccessError
from aiplatform.verify.model import Cloud, Json
from aiplatform.verify.problem import RefusedError

Tier = Literal["public", "private", "data", "controlPlane"]
TIERS: tuple[Tier, ...] = ("public", "private", "data", "controlPlane")
ANYWHERE = "0.0.0.0/0"
_ZONE = "availability-zone"
_TARGETS = (
    ("GatewayId", "igw-", "internetGateway"),
    ("NatGatewayId", "nat-", "natGateway"),
    ("TransitGatewayId", "tgw-", "transitGateway"),
)
"""Keys of a route, the beginning of their value, and the name of its target in the stack file."""


class Subnet(NamedTuple):
    """A subnet as EC2 describes it."""

    id: str
    cidr: str
    zone: str
    route: str
    route_table: str
    free: int
    """Addresses that are not in use."""

    tags: Mapping[str, str]
    owner: str

    def matches(self, wanted: str) -> bool:
        """Return whether it is the subnet of an ID, or has a tag that is written KEY=VALUE."""
        key, equals, value = wanted.partition("=")
        return self.id == wanted or (bool(equals) and self.tags.get(key) == value)

    def entry(self) -> dict[str, Json]:
        """Return the entry of the stack file."""
        return {
            "id": self.id,
            "cidr": self.cidr,
            "zone": self.zone,
            "route": self.route,
            "routeTableId": self.route_table,
        }


@dataclass(frozen=True)
class Vpc:
    """A VPC as EC2 describes it."""

    id: str
    cidr: str
    secondary: Sequence[str]
    dns_support: bool
    dns_hostnames: bool
    subnets: Sequence[Subnet]
    services: Sequence[str]
    """Services with an endpoint that the subnets can use."""

    service_cidrs: Sequence[str]
    owner: str
    account: str
    """Account of the caller."""

    skipped: Mapping[str, str] = field(default_factory=dict)
    """Subnets that cannot be used, with the reason."""


def read_vpc(cloud: Cloud, identifier: str, region: str, project: str) -> Vpc:
    """Read a VPC, without the endpoints that a project has created in it.

    Raises:
        AccessError: it does not exist in the region and account, or AWS refuses a request.
    """
    account = str(cloud.call("sts", "get_caller_identity")["Account"])
    try:
        (found,) = cloud.call("ec2", "describe_vpcs", VpcIds=[identifier])["Vpcs"]
    except RefusedError as error:
        if error.code.startswith("InvalidVpc"):
            raise AccessError(
                f"{identifier} is not a VPC in {region} of account {account}; set project.region to its region, or "
                "project.profile to a profile of its account"
            ) from error
        raise
    here = [{"Name": "vpc-id", "Values": [identifier]}]
    tables = _all(cloud, "describe_route_tables", "RouteTables", here)
    raw = _all(cloud, "describe_subnets", "Subnets", here)
    zones = {one["ZoneName"]: one["ZoneType"] for one in cloud.call("ec2", "describe_availability_zones")[_ZONES]}
    skipped = {str(one["SubnetId"]): why for one in raw if (why := _unusable(one, zones))}
    subnets = [_subnet(one, tables) for one in raw if one["SubnetId"] not in skipped]
    subnets.sort(key=lambda one: (one.zone, tuple(map(int, one.cidr.partition("/")[0].split(".")))))
    endpoints = _all(cloud, "describe_vpc_endpoints", "VpcEndpoints", here)
    services, places = _services(endpoints, region, project)
    networks = {str(one["SubnetId"]): str(one.get("CidrBlock")) for one in raw}
    return Vpc(
        id=identifier,
        cidr=str(found["CidrBlock"]),
        secondary=[
            str(one["CidrBlock"])
            for one in found.get("CidrBlockAssociationSet", ())
            if one["CidrBlockState"]["State"] == "associated" and one["CidrBlock"] != found["CidrBlock"]
        ],
        dns_support=_attribute(cloud, identifier, "enableDnsSupport"),
        dns_hostnames=_attribute(cloud, identifier, "enableDnsHostnames"),
        subnets=subnets,
        services=services,
        service_cidrs=sorted({networks[place] for place in places if place in networks}),
        owner=str(found.get("OwnerId", account)),
        account=account,
        skipped=skipped,
    )


_ZONES = "AvailabilityZones"


def _all(cloud: Cloud, operation: str, key: str, filters: Json) -> list[Json]:
    """Return the items of all pages of an answer."""
    more: dict[str, str] = {}
    items: list[Json] = []
    while True:
        answer = cloud.call("ec2", operation, Filters=filters, **more)
        items += answer[key]
        if not answer.get("NextToken"):
            return items
        more = {"NextToken": answer["NextToken"]}


def _attribute(cloud: Cloud, identifier: str, name: str) -> bool:
    answer = cloud.call("ec2", "describe_vpc_attribute", VpcId=identifier, Attribute=name)
    return bool(answer[name[0].upper() + name[1:]]["Value"])


def _unusable(subnet: Json, zones: Mapping[str, str]) -> str:
    if not subnet.get("CidrBlock"):
        return "it has no IPv4 addresses"
    kind = zones.get(str(subnet["AvailabilityZone"]), _ZONE)
    if kind != _ZONE or subnet.get("OutpostArn"):
        return f"EKS has no control plane in {subnet.get('OutpostArn') or subnet['AvailabilityZone']}"
    return ""


def _subnet(found: Json, tables: Iterable[Json]) -> Subnet:
    table = _table(str(found["SubnetId"]), tables)
    return Subnet(
        id=str(found["SubnetId"]),
        cidr=str(found["CidrBlock"]),
        zone=str(found["AvailabilityZone"]),
        route=default_route(table.get("Routes", ())),
        route_table=str(table.get("RouteTableId", "")),
        free=int(found.get("AvailableIpAddressCount", 0)),
        tags={str(one["Key"]): str(one["Value"]) for one in found.get("Tags", ())},
        owner=str(found.get("OwnerId", "")),
    )


def _table(subnet: str, tables: Iterable[Json]) -> Json:
    """Return the route table of a subnet: its own, or the main one of the VPC."""
    main: Json = {}
    for table in tables:
        for one in table.get("Associations", ()):
            if one.get("SubnetId") == subnet:
                return table
            if one.get("Main"):
                main = table
    return main


def default_route(routes: Iterable[Json]) -> str:
    """Return the target of the default route, as the stack file names it."""
    for route in routes:
        if route.get("DestinationCidrBlock") == ANYWHERE and route.get("State", "active") == "active":
            for key, begins, name in _TARGETS:
                if str(route.get(key) or "").startswith(begins):
                    return name
            return "other"
    return "none"


def _services(endpoints: Iterable[Json], region: str, project: str) -> tuple[list[str], set[str]]:
    """Return the services of endpoints that need no change of a client, and the subnets of interface endpoints."""
    begins = f"com.amazonaws.{region}."
    names: set[str] = set()
    places: set[str] = set()
    for one in endpoints:
        name = str(one["ServiceName"])
        usable = one["VpcEndpointType"] == "Gateway" or one.get("PrivateDnsEnabled")
        if {"Key": "Project", "Value": project} in one.get("Tags", ()):
            continue
        if name.startswith(begins) and str(one["State"]).lower() == "available" and usable:
            names.add(name.removeprefix(begins))
            places.update(map(str, one.get("SubnetIds", ())))
    return sorted(names), places


def chosen(vpc: Vpc, wanted: Mapping[Tier, Sequence[str]]) -> dict[Tier, list[Subnet]]:
    """Return the subnets of each tier: those that are wanted by ID or tag, and the others by their default route.

    Public subnets route to an internet gateway, private ones to anything else, and data subnets have no default route.
    Without a route in the VPC, its subnets are those of nodes. A tier that is chosen has no others.
    """
    picked = {
        tier: [one for one in vpc.subnets if any(map(one.matches, names))] for tier, names in wanted.items() if names
    }
    taken = {one.id for subnets in picked.values() for one in subnets}
    rest = [one for one in vpc.subnets if one.id not in taken]
    routed = [one for one in rest if one.route not in {"internetGateway", "none"}]
    inside = [one for one in rest if one.route == "none"]
    private = picked.get("private") or routed
    default: dict[Tier, list[Subnet]] = {
        "public": [one for one in rest if one.route == "internetGateway"],
        "private": routed or inside,
        "data": inside if private else [],
        "controlPlane": [],
    }
    return {tier: picked.get(tier, default[tier]) for tier in TIERS}


def section(vpc: Vpc, tiers: Mapping[Tier, Sequence[Subnet]], held: Mapping[str, Json]) -> dict[str, Json]:
    """Return the settings of `network` that describe the VPC; `held` are those of the stack file."""
    own = held.get("endpoints")
    endpoints = {**(own if isinstance(own, Mapping) else {}), **_endpoints(vpc)}
    used = [one for subnets in tiers.values() for one in subnets]
    shared = {one.owner for one in used} - {vpc.account}
    return {
        "vpcId": vpc.id,
        "cidr": vpc.cidr,
        **({"secondaryCidrs": list(vpc.secondary)} if vpc.secondary else {}),
        **({} if vpc.dns_support else {"dnsSupport": False}),
        **({} if vpc.dns_hostnames else {"dnsHostnames": False}),
        # Only the owner of a shared subnet can tag it.
        **({"tagSubnets": False} if shared else {}),
        "subnets": {tier: [one.entry() for one in subnets] for tier, subnets in tiers.items() if subnets},
        **({"endpoints": endpoints} if endpoints else {}),
    }


def _endpoints(vpc: Vpc) -> dict[str, Json]:
    cidrs = {"existingCidrs": list(vpc.service_cidrs)} if vpc.service_cidrs else {}
    return {**({"existing": list(vpc.services)} if vpc.services else {}), **cidrs}
