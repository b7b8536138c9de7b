"""A platform in a VPC that a company already has: the stack `inside`."""

import json
from dataclasses import replace
from ipaddress import IPv4Network
from unittest import mock

import pulumi
import pytest

from aiplatform.diff.line import Side
from aiplatform.diff.sections import reach as connections
from aiplatform.preview.monitor import RecordingMonitor
from aiplatform.preview.write import plan_json
from aiplatform.quotas.need import Index
from aiplatform.reach.context import context_of
from components.network.given import subnet_differences, vpc_differences
from config.network import Subnet
from tests.components.base import BOTH, recorded
from tests.components.test_network import network

STACK = "inside"
VPC = "vpc-0a1b2c3d4e5f60718"
PRIVATE = ["subnet-0b00000000000000a", "subnet-0b00000000000000b"]
PUBLIC = ["subnet-0a00000000000000a", "subnet-0a00000000000000b"]
DATA = ["subnet-0c00000000000000a", "subnet-0c00000000000000b"]
MADE = [
    f"aws:ec2/{kind}"
    for kind in (
        "vpc:Vpc",
        "subnet:Subnet",
        "internetGateway:InternetGateway",
        "natGateway:NatGateway",
        "eip:Eip",
        "routeTable:RouteTable",
        "route:Route",
        "routeTableAssociation:RouteTableAssociation",
        "defaultSecurityGroup:DefaultSecurityGroup",
        "flowLog:FlowLog",
        "vpcEndpoint:VpcEndpoint",
    )
]
TAG = "aws:ec2/tag:Tag"
EXISTING = {
    "vpcId": VPC,
    "cidr": "10.0.0.0/16",
    "subnets": {
        "private": [
            {"id": one, "cidr": f"10.0.{index}.0/24", "zone": f"us-west-2{zone}", "routeTableId": f"rtb-0000000{index}"}
            for index, (one, zone) in enumerate(zip(PRIVATE, "ab", strict=True))
        ]
    },
}


@BOTH
def test_existing_vpc_has_no_network_that_is_created(unknown: bool) -> None:
    recording = recorded(STACK, unknown)
    assert {one: len(recording.all(one)) for one in MADE} == dict.fromkeys(MADE, 0)


def test_resources_are_in_the_existing_subnets_of_their_tier() -> None:
    recording = recorded(STACK)
    assert recording.inputs("eks:index:ManagedNodeGroup", "nodes-all")["subnetIds"] == PRIVATE
    assert recording.inputs("eks:index:Cluster")["privateSubnetIds"] == PRIVATE
    assert recording.inputs("aws:rds/subnetGroup:SubnetGroup")["subnetIds"] == DATA
    assert {group.inputs["vpcId"] for group in recording.all("aws:ec2/securityGroup:SecurityGroup")} == {VPC}
    assert recording.plan.outputs["vpc_id"] == VPC
    assert "vpc_id" not in recording.plan.after_up


def test_load_balancer_tags_of_existing_subnets_are_set_and_the_shared_one_stays() -> None:
    tags = recorded(STACK).all(TAG)
    roles = {(one.inputs["resourceId"], one.inputs["key"]) for one in tags if one.retain_on_delete}
    assert roles == {
        *((one, "kubernetes.io/role/elb") for one in PUBLIC),
        *((one, "kubernetes.io/role/internal-elb") for one in PRIVATE),
    }
    own = {
        (one.inputs["resourceId"], one.inputs["key"], one.inputs["value"]) for one in tags if not one.retain_on_delete
    }
    assert own == {(one, "kubernetes.io/cluster/inside-eks", "shared") for one in [*PUBLIC, *PRIVATE]}


@BOTH
def test_subnets_of_another_account_get_no_tags(unknown: bool) -> None:
    assert network({**EXISTING, "tagSubnets": False}, unknown=unknown).all(TAG) == []


def test_plan_lists_what_it_reads_apart_from_resources() -> None:
    plan = recorded(STACK).plan
    written = json.loads("".join(plan_json(plan)))
    reads = {(one["type"], one["inputs"]["id"]) for one in written["reads"]}
    assert reads == {("aws:ec2/vpc:Vpc", VPC), *(("aws:ec2/subnet:Subnet", one) for one in [*PUBLIC, *PRIVATE, *DATA])}
    assert not {one["urn"] for one in written["reads"]} & {one["urn"] for one in written["resources"]}
    assert "reads" not in json.loads("".join(plan_json(recorded("dev").plan)))


def test_endpoints_are_created_in_route_tables_and_subnets_that_exist() -> None:
    found = network({**EXISTING, "endpoints": {"gateway": ["s3"], "interface": ["sts"]}, "flowLogs": {}})
    s3, sts = (found.one("aws:ec2/vpcEndpoint:VpcEndpoint", f"net-endpoints-{name}").inputs for name in ("s3", "sts"))
    assert s3["routeTableIds"] == ["rtb-00000000", "rtb-00000001"]
    assert (sts["subnetIds"], sts["vpcId"]) == (PRIVATE, VPC)
    assert found.one("aws:ec2/flowLog:FlowLog").inputs["vpcId"] == VPC


def test_connections_use_the_networks_of_existing_subnets() -> None:
    plan = json.loads("".join(plan_json(recorded(STACK).plan)))
    found = context_of([*plan["resources"], *plan["reads"]])
    assert found.vpc == IPv4Network("10.70.0.0/20")
    assert list(map(str, found.private)) == ["100.64.0.0/19", "100.64.32.0/19"]
    assert list(map(str, found.data)) == ["10.70.4.0/24", "10.70.5.0/24"]
    side = Side(plan)
    assert connections.lines(side, side) == []


def test_pods_with_internet_access_reach_no_network_of_the_existing_vpc() -> None:
    policies = recorded(STACK).all("kubernetes:networking.k8s.io/v1:NetworkPolicy")
    everything = [
        block["except"]
        for one in policies
        for rule in one.inputs["spec"].get("egress") or ()
        for peer in rule.get("to") or ()
        if (block := peer.get("ipBlock")) and block["cidr"] == "0.0.0.0/0" and len(block["except"]) > 1
    ]
    assert all({"10.70.0.0/20", "100.64.0.0/16"} <= set(networks) for networks in everything)


def test_addresses_of_existing_subnets_are_counted() -> None:
    subnets = Index(recorded(STACK).plan).subnets
    assert {one: subnets[one].inputs["cidrBlock"] for one in PRIVATE} == {
        PRIVATE[0]: "100.64.0.0/19",
        PRIVATE[1]: "100.64.32.0/19",
    }


@pytest.mark.parametrize(
    ("differing", "line"),
    [
        ({"cidrBlock": "10.9.0.0/16"}, f"network: {VPC} has the network 10.9.0.0/16, and network.cidr is 10.0.0.0/16"),
        (
            {"enableDnsSupport": False},
            f"network: {VPC} has enableDnsSupport false, and network.dnsSupport is true",
        ),
        ({"availabilityZone": "us-west-2c"}, f"network: {PRIVATE[0]} is in the zone us-west-2c, and not us-west-2a"),
        ({"vpcId": "vpc-00000000"}, f"network: {PRIVATE[0]} is in vpc-00000000, and not {VPC}"),
    ],
)
def test_changed_vpc_fails_the_preview_in_one_line(differing: dict[str, object], line: str) -> None:
    answers = RecordingMonitor.ReadResource

    def changed(self: RecordingMonitor, request: object) -> object:
        answer = answers(self, request)  # type: ignore[arg-type]
        of_vpc = ":Vpc" in request.type  # type: ignore[attr-defined]
        known = {name: value for name, value in differing.items() if (name in {"availabilityZone", "vpcId"}) != of_vpc}
        return replace(answer, object={**answer.object, **known})

    with mock.patch.object(RecordingMonitor, "ReadResource", changed), pytest.raises(pulumi.RunError) as failed:
        network(EXISTING)
    assert str(failed.value) == f"{line}; run `aiplatform adopt vpc` again"


def test_differences_of_a_subnet_are_reported_together() -> None:
    wanted = Subnet(cidr="10.0.0.0/24", zone="us-west-2a", id=PRIVATE[0])  # type: ignore[arg-type]
    found = {"vpc": VPC, "cidr": "10.0.1.0/24", "zone": "us-west-2b"}
    assert subnet_differences(wanted, VPC, found) == [
        "has the network 10.0.1.0/24, and not 10.0.0.0/24",
        "is in the zone us-west-2b, and not us-west-2a",
    ]
    settings = recorded(STACK).settings.network
    same = {"cidr": "10.70.0.0/20", "support": True, "hostnames": True}
    assert vpc_differences(settings, same) == []
