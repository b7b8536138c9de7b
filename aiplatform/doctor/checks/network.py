"""The VPC's network against those that it could be connected to."""

from collections.abc import Iterator
from functools import partial
from ipaddress import IPv4Network, ip_network
from typing import Any

from aiplatform.doctor.question import Account, Answer, Question, Subject, fine, listed, wrong
from aiplatform.quotas.need import known

TITLE, ORDER = "Network", 70

VPC = "aws:ec2/vpc:Vpc"


def questions(subject: Subject) -> Iterator[Question]:
    """Yield a question about VPCs and peerings, transit gateways and VPN connections, for each VPC of the plan."""
    for one in subject.of(VPC):
        cidr = one.inputs.get("cidrBlock")
        if not known(cidr):
            continue
        network = ip_network(str(cidr))
        if isinstance(network, IPv4Network):
            yield Question(f"{cidr} overlaps no other VPC in {subject.region}", partial(_vpcs, subject, network))
            for what, routes in (("peering", _peerings), ("transit gateway", _transit), ("VPN connection", _vpns)):
                about = f"{cidr} overlaps no network of a {what}"
                yield Question(about, partial(_routed, subject.region, network, routes))


FIX = "set network.cidr to a free network before the first up; it cannot be changed later"


def _vpcs(subject: Subject, own: IPv4Network, account: Account) -> Answer:
    alike = []
    for one in account.listed(subject.region, "ec2", "describe_vpcs", "Vpcs"):
        tags = {tag["Key"]: tag["Value"] for tag in one.get("Tags", ())}
        if subject.owns(tags):
            continue
        blocks = [each["CidrBlock"] for each in one.get("CidrBlockAssociationSet", ())] or [one["CidrBlock"]]
        alike += [f"{one['VpcId']} ({block})" for block in blocks if own.overlaps(ip_network(block))]
    if alike:
        return wrong(f"overlaps {listed(alike)}, to which it can never be connected", FIX)
    return fine("it does not")


def _routed(region: str, own: IPv4Network, routes: Any, account: Account) -> Answer:  # noqa: ANN401, a function
    """Return whether a route leads to an overlapping network; the default route leads to none."""
    alike = [
        f"{name} ({cidr})"
        for name, cidr in routes(region, account)
        if cidr and ":" not in cidr and cidr != "0.0.0.0/0" and own.overlaps(ip_network(cidr, strict=False))
    ]
    return wrong(f"overlaps {listed(alike)}", FIX) if alike else fine("it does not")


def _peerings(region: str, account: Account) -> Iterator[tuple[str, str]]:
    for one in account.listed(region, "ec2", "describe_vpc_peering_connections", "VpcPeeringConnections"):
        if one.get("Status", {}).get("Code") in {"active", "pending-acceptance", "provisioning"}:
            for side in ("AccepterVpcInfo", "RequesterVpcInfo"):
                info = one.get(side, {})
                blocks = [each["CidrBlock"] for each in info.get("CidrBlockSet", ())] or [info.get("CidrBlock", "")]
                yield from ((f"{one['VpcPeeringConnectionId']}, {info.get('VpcId')}", block) for block in blocks)


def _transit(region: str, account: Account) -> Iterator[tuple[str, str]]:
    tables = account.listed(region, "ec2", "describe_transit_gateway_route_tables", "TransitGatewayRouteTables")
    for table in tables:
        name = table["TransitGatewayRouteTableId"]
        found = account.call(
            region,
            "ec2",
            "search_transit_gateway_routes",
            TransitGatewayRouteTableId=name,
            Filters=[{"Name": "state", "Values": ["active", "blackhole"]}],
        )
        yield from ((name, one.get("DestinationCidrBlock", "")) for one in found.get("Routes", ()))


def _vpns(region: str, account: Account) -> Iterator[tuple[str, str]]:
    for one in account.listed(region, "ec2", "describe_vpn_connections", "VpnConnections"):
        if one.get("State") in {"available", "pending"}:
            options = one.get("Options", {})
            yield from (
                (one["VpnConnectionId"], each.get("DestinationCidrBlock", "")) for each in one.get("Routes", ())
            )
            yield one["VpnConnectionId"], options.get("LocalIpv4NetworkCidr", "")
