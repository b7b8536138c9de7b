"""The VPC: NAT by mode, tiers of unequal size, endpoints, network ACLs, flow logs."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from aiplatform.preview.plan import UNKNOWN
from components.network.vpc import Network
from config.network import Network as NetworkSettings
from tests.components.base import BOTH, EVERY_STACK, Found, alone, recorded, settings_from

SUBNET, ROUTE, NAT = "aws:ec2/subnet:Subnet", "aws:ec2/route:Route", "aws:ec2/natGateway:NatGateway"
TABLE, ASSOCIATION = "aws:ec2/routeTable:RouteTable", "aws:ec2/routeTableAssociation:RouteTableAssociation"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
ZONES = ["us-west-2a", "us-west-2b", "us-west-2c"]


def network(settings: Mapping[str, Any], *, unknown: bool = False) -> Found:
    model = settings_from(NetworkSettings, settings)

    def build() -> None:
        made = Network(
            "net", model, vpc_name="shop-vpc", cluster_name="shop-eks", region="us-west-2", account_id="111122223333"
        )
        pulumi.export("private", made.private_subnets_in(["us-west-2a"]))
        pulumi.export("data", made.data_subnet_ids)
        pulumi.export("data_by_zone", made.data_subnet_of_each_zone())

    return alone(build, unknown=unknown)


def carved(**more: object) -> dict[str, Any]:
    return {"cidr": "10.0.0.0/16", "zones": ZONES, "flowLogs": None, **more}


def waits_for(found: Found, resource: str, type_: str) -> set[str]:
    """The logical names of what a resource refers to, also where no value is known."""
    (item,) = (
        item for item in found.plan.resources if item.name == resource and item.type in {ROUTE, NAT, ASSOCIATION}
    )
    return {found.by_urn[urn].name for urn in item.dependencies if found.by_urn[urn].type == type_}


@BOTH
@pytest.mark.parametrize(
    ("nat", "gateways", "through"),
    [
        ("perZone", ["net-us-west-2a", "net-us-west-2b", "net-us-west-2c"], ["a", "b", "c"]),
        ("single", ["net-us-west-2a"], ["a", "a", "a"]),
        ("none", [], []),
    ],
)
def test_nat_gateways_follow_the_mode_and_zones_use_their_own(
    nat: str, gateways: list[str], through: list[str], unknown: bool
) -> None:
    found = network(carved(nat=nat), unknown=unknown)
    assert [item.name for item in found.all(NAT)] == gateways
    assert len(found.all("aws:ec2/eip:Eip")) == len(gateways)
    routes = [item.name for item in found.all(ROUTE) if item.name.endswith("-nat")]
    assert routes == [f"net-private-{zone}-nat" for zone in ZONES[: len(through)]]
    for zone, gateway in zip(ZONES, through, strict=False):
        assert waits_for(found, f"net-private-{zone}-nat", NAT) == {f"net-us-west-2{gateway}"}
        assert found.inputs(ROUTE, f"net-private-{zone}-nat")["destinationCidrBlock"] == "0.0.0.0/0"
    for gateway in gateways:
        assert waits_for(found, gateway, SUBNET) == {gateway.replace("net-", "net-public-")}


@BOTH
def test_public_subnets_share_a_route_table_and_private_ones_have_one_per_zone(unknown: bool) -> None:
    found = network(carved(), unknown=unknown)
    assert [item.name for item in found.all(TABLE)] == [*(f"net-private-{zone}" for zone in ZONES), "net-public"]
    for zone in ZONES:
        assert waits_for(found, f"net-public-{zone}", TABLE) == {"net-public"}
        assert waits_for(found, f"net-private-{zone}", TABLE) == {f"net-private-{zone}"}
        assert waits_for(found, f"net-private-{zone}", SUBNET) == {f"net-private-{zone}"}
    assert found.inputs(ROUTE, "net-public-internet")["destinationCidrBlock"] == "0.0.0.0/0"


@BOTH
def test_subnets_have_the_role_tag_of_load_balancers(unknown: bool) -> None:
    found = network(carved(), unknown=unknown)
    for item in found.all(SUBNET):
        tier, tag = ("public", "elb") if "-public-" in item.name else ("private", "internal-elb")
        assert item.inputs["tags"] == {
            "Name": f"shop-vpc-{tier}-{item.inputs['availabilityZone']}",
            f"kubernetes.io/role/{tag}": "1",
            "kubernetes.io/cluster/shop-eks": "shared",
        }
        assert item.inputs["mapPublicIpOnLaunch"] is False, "nodes never get a public address"
        assert (item.inputs["vpcId"] == UNKNOWN) == unknown
    vpc = found.inputs("aws:ec2/vpc:Vpc")
    assert (vpc["enableDnsHostnames"], vpc["enableDnsSupport"]) == (True, True), "private DNS of endpoints needs both"
    assert vpc["tags"] == {"Name": "shop-vpc"}


DATA_BY_HAND = {
    "cidr": "10.0.0.0/16",
    "flowLogs": None,
    "nat": "none",
    "subnets": {
        "private": [{"cidr": "10.0.16.0/20", "zone": "us-west-2a"}, {"cidr": "10.0.32.0/20", "zone": "us-west-2b"}],
        "data": [
            {"cidr": "10.0.1.0/24", "zone": "us-west-2b"},
            {"cidr": "10.0.2.0/24", "zone": "us-west-2a", "name": "vault"},
            {"cidr": "10.0.3.0/24", "zone": "us-west-2a"},
        ],
    },
}


@BOTH
def test_data_subnets_have_their_own_route_table_without_internet(unknown: bool) -> None:
    found = network(carved(dataSubnets=True, endpoints={"gateway": ["s3"]}), unknown=unknown)
    for zone in ZONES:
        assert waits_for(found, f"net-data-{zone}", TABLE) == {"net-data"}
        assert waits_for(found, f"net-data-{zone}", SUBNET) == {f"net-data-{zone}"}
    assert found.inputs(TABLE, "net-data")["tags"] == {"Name": "shop-vpc-data"}
    table = found.one(TABLE, "net-data").urn
    assert [item.name for item in found.all(ROUTE) if table in item.dependencies] == []
    assert "routes" not in found.inputs(TABLE, "net-data")
    # Of the gateway endpoint it has what AWS itself puts there.
    assert table in found.one(ENDPOINT, "net-endpoints-s3").dependencies


@BOTH
def test_data_subnets_have_no_load_balancer_tag(unknown: bool) -> None:
    found = network(carved(dataSubnets=True), unknown=unknown)
    data = {item.name: item.inputs for item in found.all(SUBNET) if "-data-" in item.name}
    assert {name: inputs["tags"] for name, inputs in data.items()} == {
        f"net-data-{zone}": {"Name": f"shop-vpc-data-{zone}"} for zone in ZONES
    }
    assert [inputs["cidrBlock"] for inputs in data.values()] == ["10.0.192.0/24", "10.0.193.0/24", "10.0.194.0/24"]
    assert {inputs["mapPublicIpOnLaunch"] for inputs in data.values()} == {False}


@pytest.mark.parametrize(
    ("settings", "all_of_them", "one_a_zone"),
    [
        (DATA_BY_HAND, ["data-us-west-2b", "data-us-west-2a", "data-us-west-2a-2"], ["us-west-2b", "us-west-2a"]),
        (carved(), [f"private-{zone}" for zone in ZONES], ZONES),
        (carved(dataSubnets=True), [f"data-{zone}" for zone in ZONES], ZONES),
    ],
    ids=["by hand", "none", "carved"],
)
def test_data_is_in_data_subnets_or_else_in_private_subnets(
    settings: dict[str, Any], all_of_them: list[str], one_a_zone: list[str]
) -> None:
    found = network(settings)
    ids = {item.inputs["subnetId"]: item.name.removeprefix("net-") for item in found.all(ASSOCIATION)}
    assert [ids[subnet] for subnet in found.plan.outputs["data"]] == all_of_them
    by_zone = {zone: ids[subnet] for zone, subnet in found.plan.outputs["data_by_zone"].items()}
    tier = all_of_them[0].partition("-")[0]
    assert by_zone == {zone: f"{tier}-{zone}" for zone in one_a_zone}


@BOTH
def test_data_tier_does_not_change_other_tiers(unknown: bool) -> None:
    without, with_data = (network(carved(dataSubnets=asked), unknown=unknown) for asked in (False, True))
    kept = {item.urn: item.inputs for item in without.plan.resources if item.type in {SUBNET, ROUTE, TABLE, NAT}}
    assert {urn: with_data.by_urn[urn].inputs for urn in kept} == kept
    added = {item.name for item in with_data.plan.resources if item.urn not in without.by_urn}
    assert added == {"net-data", *(f"net-data-{zone}" for zone in ZONES)}


@BOTH
def test_control_plane_subnets_are_small_and_without_internet(unknown: bool) -> None:
    without, found = (network(carved(controlPlaneSubnets=asked), unknown=unknown) for asked in (False, True))
    kept = {item.urn: item.inputs for item in without.plan.resources if item.type in {SUBNET, ROUTE, TABLE, NAT}}
    assert {urn: found.by_urn[urn].inputs for urn in kept} == kept
    added = {item.name for item in found.plan.resources if item.urn not in without.by_urn}
    assert added == {"net-control-plane", *(f"net-control-plane-{zone}" for zone in ZONES)}
    table = found.one(TABLE, "net-control-plane").urn
    assert [item.name for item in found.all(ROUTE) if table in item.dependencies] == []
    subnet = found.inputs(SUBNET, f"net-control-plane-{ZONES[0]}")
    assert (subnet["cidrBlock"], subnet["tags"]) == ("10.0.224.0/28", {"Name": f"shop-vpc-control-plane-{ZONES[0]}"})


@BOTH
def test_data_tier_can_have_its_own_network_acl(unknown: bool) -> None:
    acl = {"ingress": [{"number": 100, "cidr": "10.0.0.0/17", "fromPort": 5432, "toPort": 5432}]}
    found = network(carved(dataSubnets=True, networkAcls={"data": acl}), unknown=unknown)
    guarded = found.one("aws:ec2/networkAcl:NetworkAcl", "net-data-acl")
    subnets = {found.by_urn[urn].name for urn in guarded.dependencies if found.by_urn[urn].type == SUBNET}
    assert subnets == {f"net-data-{zone}" for zone in ZONES}
    assert guarded.inputs["tags"] == {"Name": "shop-vpc-data-acl"}


@BOTH
def test_default_security_group_has_no_rules(unknown: bool) -> None:
    group = network(carved(), unknown=unknown).inputs("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
    assert not group.get("ingress")
    assert not group.get("egress")


UNEQUAL = {
    "cidr": "10.0.0.0/16",
    "flowLogs": None,
    "nat": "perZone",
    "subnets": {
        "public": [{"cidr": "10.0.0.0/24", "zone": "us-west-2b"}],
        "private": [
            {"cidr": "10.0.16.0/20", "zone": "us-west-2a"},
            {"cidr": "10.0.32.0/20", "zone": "us-west-2a", "name": "gpu"},
            {"cidr": "10.0.48.0/20", "zone": "us-west-2b"},
        ],
    },
    "endpoints": {"gateway": ["s3"], "interface": ["ecr.api"]},
}


@BOTH
def test_subnets_of_one_zone_share_its_route_table(unknown: bool) -> None:
    found = network(UNEQUAL, unknown=unknown)
    names = {item.name: item.inputs["tags"]["Name"] for item in found.all(SUBNET)}
    assert names == {
        "net-public-us-west-2b": "shop-vpc-public-us-west-2b",
        "net-private-us-west-2a": "shop-vpc-private-us-west-2a",
        "net-private-us-west-2a-2": "gpu",
        "net-private-us-west-2b": "shop-vpc-private-us-west-2b",
    }
    for subnet in ("net-private-us-west-2a", "net-private-us-west-2a-2"):
        assert waits_for(found, subnet, TABLE) == {"net-private-us-west-2a"}
    assert [item.name for item in found.all(NAT)] == ["net-us-west-2b"], "only there is a public subnet"
    assert waits_for(found, "net-private-us-west-2a-nat", NAT) == {"net-us-west-2b"}


@BOTH
def test_interface_endpoint_has_one_subnet_per_zone(unknown: bool) -> None:
    # AWS refuses two.
    found = network(UNEQUAL, unknown=unknown)
    endpoint = found.one(ENDPOINT, "net-endpoints-ecr-api")
    subnets = {found.by_urn[urn].name for urn in endpoint.dependencies if found.by_urn[urn].type == SUBNET}
    assert subnets == {"net-private-us-west-2a", "net-private-us-west-2b"}
    assert endpoint.inputs["serviceName"] == "com.amazonaws.us-west-2.ecr.api"
    assert endpoint.inputs["privateDnsEnabled"] is True
    (rule,) = found.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert {key: rule.inputs[key] for key in ("cidrIpv4", "fromPort", "toPort", "ipProtocol")} == {
        "cidrIpv4": "10.0.0.0/16",
        "fromPort": 443,
        "toPort": 443,
        "ipProtocol": "tcp",
    }


@BOTH
def test_gateway_endpoint_is_in_every_route_table(unknown: bool) -> None:
    # Traffic of the others would pay for NAT.
    found = network(carved(endpoints={"gateway": ["s3", "dynamodb"]}), unknown=unknown)
    for service in ("s3", "dynamodb"):
        endpoint = found.one(ENDPOINT, f"net-endpoints-{service}")
        tables = {urn for urn in endpoint.dependencies if found.by_urn[urn].type == TABLE}
        assert tables == {item.urn for item in found.all(TABLE)}
        assert endpoint.inputs["vpcEndpointType"] == "Gateway"
    assert found.all("aws:ec2/securityGroup:SecurityGroup") == [], "a gateway has none"


@BOTH
def test_network_acl_rules_have_the_format_of_aws(unknown: bool) -> None:
    acls = {
        "public": {
            "ingress": [
                {"number": 100, "cidr": "0.0.0.0/0", "fromPort": 443, "toPort": 443},
                {"number": 110, "cidr": "10.0.0.0/16", "protocol": "all"},
                {"number": 120, "cidr": "0.0.0.0/0", "protocol": "icmp", "action": "deny"},
            ],
            "egress": [{"number": 100, "cidr": "0.0.0.0/0", "protocol": "udp", "fromPort": 53, "toPort": 53}],
        }
    }
    found = network(carved(networkAcls=acls), unknown=unknown)
    keys = ("ruleNumber", "egress", "protocol", "ruleAction", "cidrBlock", "fromPort", "toPort", "icmpType", "icmpCode")
    rules = {
        item.name.removeprefix("net-public-acl-"): tuple(item.inputs.get(key) for key in keys)
        for item in found.all("aws:ec2/networkAclRule:NetworkAclRule")
    }
    assert rules == {
        "ingress-100": (100, False, "tcp", "allow", "0.0.0.0/0", 443, 443, None, None),
        "ingress-110": (110, False, "-1", "allow", "10.0.0.0/16", None, None, None, None),
        "ingress-120": (120, False, "icmp", "deny", "0.0.0.0/0", 0, 65535, -1, -1),
        "egress-100": (100, True, "udp", "allow", "0.0.0.0/0", 53, 53, None, None),
    }
    acl = found.one("aws:ec2/networkAcl:NetworkAcl")
    subnets = {found.by_urn[urn].name for urn in acl.dependencies if found.by_urn[urn].type == SUBNET}
    assert subnets == {f"net-public-{zone}" for zone in ZONES}, "the private tier keeps the VPC's own"


@BOTH
def test_flow_logs_have_a_group_with_retention(unknown: bool) -> None:
    logs = {
        "traffic": "REJECT",
        "retentionDays": 7,
        "aggregationSeconds": 60,
        "logGroup": "/shop/flow",
        "logGroupClass": "INFREQUENT_ACCESS",
    }
    found = network(carved(flowLogs=logs), unknown=unknown)
    group = found.inputs("aws:cloudwatch/logGroup:LogGroup")
    assert (group["name"], group["retentionInDays"]) == ("/shop/flow", 7)
    assert group["logGroupClass"] == "INFREQUENT_ACCESS"
    flow = found.inputs("aws:ec2/flowLog:FlowLog")
    assert (flow["trafficType"], flow["maxAggregationInterval"]) == ("REJECT", 60)
    assert network(carved()).all("aws:ec2/flowLog:FlowLog") == []


def test_subnets_of_a_zone_are_those_of_node_groups() -> None:
    found = network(UNEQUAL)
    assert len(found.plan.outputs["private"]) == 2


@EVERY_STACK
@BOTH
def test_public_subnets_route_to_the_internet_and_private_ones_do_not(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    for item in recording.all(ROUTE):
        assert ("gatewayId" in item.inputs) == (item.name == "network-public-internet")
        to_nat = "natGatewayId" in item.inputs or "networkInterfaceId" in item.inputs
        assert to_nat == item.name.endswith("-nat")


def test_network_has_the_values_of_the_document() -> None:
    recording = recorded("mlflow")
    subnets = {item.inputs["cidrBlock"]: item.inputs["availabilityZone"] for item in recording.all(SUBNET)}
    assert subnets == {
        **{f"10.0.{number}.0/24": zone for number, zone in zip((1, 2, 3), ZONES, strict=True)},
        **{f"10.0.{number}.0/24": zone for number, zone in zip((11, 12, 13), ZONES, strict=True)},
    }
    assert len(recording.all(NAT)) == 3
