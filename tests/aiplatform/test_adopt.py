"""`aiplatform adopt vpc` against moto's EC2."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import boto3  # type: ignore[import-untyped]
import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]
from moto import mock_aws
from typer.testing import CliRunner, Result

from aiplatform.adopt.text import with_section
from aiplatform.adopt.vpc import Subnet, Vpc, default_route, section
from aiplatform.cli.main import app
from config.loader import load_file
from tests.config.base import ROOT

REGION = "eu-central-1"
STACK = """\
# The platform of acme.
config:
  ai-platform:project:
    name: acme
    environment: test
    region: eu-central-1
  ai-platform:network:
    # Agreed with the network team.
    cidr: 10.0.0.0/16
    zones: [eu-central-1a, eu-central-1b]
    nat: single
    # Kept as it is.
    privateDomain: acme.internal
  # Internal.
  ai-platform:cluster:
    endpoint: {public: false}
  ai-platform:nodeGroups:
    cpu:
      instanceTypes: [m7i.large]
      scaling: {min: 2, desired: 2, max: 4}
"""


class Company:
    """A VPC with public, private and data subnets in two zones."""

    def __init__(self) -> None:
        self.ec2: Any = boto3.client("ec2", REGION)
        self.vpc = self.ec2.create_vpc(CidrBlock="10.120.0.0/16")["Vpc"]["VpcId"]
        self.ec2.associate_vpc_cidr_block(VpcId=self.vpc, CidrBlock="100.64.0.0/16")
        self.ec2.modify_vpc_attribute(VpcId=self.vpc, EnableDnsHostnames={"Value": True})
        self.public = [self.subnet("10.120.0.0/24", "a", "edge"), self.subnet("10.120.1.0/24", "b", "edge")]
        self.private = [self.subnet("100.64.0.0/19", "a", "nodes"), self.subnet("100.64.32.0/19", "b", "nodes")]
        self.data = [self.subnet("10.120.8.0/24", "a", "data"), self.subnet("10.120.9.0/24", "b", "data")]
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        self.table(self.public, GatewayId=gateway)
        address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        nat = self.ec2.create_nat_gateway(SubnetId=self.public[0], AllocationId=address)["NatGateway"]["NatGatewayId"]
        self.table_of_nodes = self.table(self.private, NatGatewayId=nat)

    def subnet(self, cidr: str, letter: str, tier: str) -> str:
        tags = [{"ResourceType": "subnet", "Tags": [{"Key": "Tier", "Value": tier}]}]
        zone = f"{REGION}{letter}"
        made = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=cidr, AvailabilityZone=zone, TagSpecifications=tags)
        return str(made["Subnet"]["SubnetId"])

    def table(self, subnets: list[str], **target: str) -> str:
        table = str(self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"])
        self.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", **target)
        for subnet in subnets:
            self.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        return table

    def endpoint(self, service: str, kind: str, **more: object) -> None:
        name = f"com.amazonaws.{REGION}.{service}"
        self.ec2.create_vpc_endpoint(VpcId=self.vpc, ServiceName=name, VpcEndpointType=kind, **more)


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(key, "testing")
    # Reading the images of EC2 takes most of the time.
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    (tmp_path / "Pulumi.yaml").write_bytes((ROOT / "Pulumi.yaml").read_bytes())
    (tmp_path / "Pulumi.acme.yaml").write_text(STACK, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with mock_aws():
        yield Company()


def adopt(vpc: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["adopt", "vpc", vpc, "--stack", "acme", *arguments])


def written() -> str:
    return Path("Pulumi.acme.yaml").read_text(encoding="utf-8")


def test_vpc_is_described_in_the_stack_file_with_its_comments(company: Company) -> None:
    company.endpoint("s3", "Gateway", RouteTableIds=[company.table_of_nodes])
    company.endpoint("sts", "Interface", SubnetIds=company.data[:1], PrivateDnsEnabled=True)
    company.endpoint("sqs", "Interface", SubnetIds=company.public[:1], PrivateDnsEnabled=False)
    assert adopt(company.vpc).exit_code == 0
    settings = load_file(Path.cwd(), "acme").settings.network
    assert (settings.vpc_id, settings.vpc_cidrs()) == (company.vpc, ["10.120.0.0/16", "100.64.0.0/16"])
    tiers = settings.tiers()
    assert [(one.id, one.route) for one in tiers.public] == [(one, "internetGateway") for one in company.public]
    assert [(one.id, one.route) for one in tiers.private] == [(one, "natGateway") for one in company.private]
    assert {one.route_table_id for one in tiers.private} == {company.table_of_nodes}
    assert [(one.id, one.route) for one in tiers.data] == [(one, "none") for one in company.data]
    # The endpoint without private DNS names helps only clients that know its own name.
    assert settings.endpoints.existing == ("s3", "sts")
    assert list(map(str, settings.endpoints.existing_cidrs)) == ["10.120.8.0/24"]
    lines = written().splitlines()
    comments = [one for one in STACK.splitlines() if one.strip().startswith("#")]
    assert [one for one in lines if one.strip().startswith("#")] == comments
    assert "    privateDomain: acme.internal" in lines
    assert not [one for one in lines if "nat:" in one or "zones:" in one]
    assert lines[-6:] == STACK.splitlines()[-6:]


def test_adopting_again_changes_only_what_differs(company: Company) -> None:
    adopt(company.vpc)
    Path("Pulumi.acme.yaml").write_text(written().replace("zone: eu-central-1a,", "zone:   eu-central-1a,"))
    before = written()
    again = adopt(company.vpc)
    assert (again.exit_code, written()) == (0, before)
    assert "unchanged" in again.output
    third = company.subnet("10.120.2.0/24", "c", "edge")
    more = adopt(company.vpc)
    # A subnet that is new in the VPC is not one of the platform's.
    assert (more.exit_code, written()) == (0, before)
    assert f"{third} is not used" in more.output
    company.endpoint("ecr.api", "Interface", SubnetIds=company.data, PrivateDnsEnabled=True)
    adopt(company.vpc)
    assert [one for one in written().splitlines() if one not in before.splitlines()] == [
        "    endpoints: {existing: [ecr.api], existingCidrs: [10.120.8.0/24, 10.120.9.0/24]}"
    ]


def test_endpoints_of_the_platform_are_not_described_as_existing(company: Company) -> None:
    own = STACK.replace("    # Kept", "    endpoints: {interface: [sts]}\n    # Kept")
    Path("Pulumi.acme.yaml").write_text(own, encoding="utf-8")
    tags = [{"ResourceType": "vpc-endpoint", "Tags": [{"Key": "Project", "Value": "acme"}]}]
    company.endpoint("sts", "Interface", SubnetIds=company.private, PrivateDnsEnabled=True, TagSpecifications=tags)
    assert adopt(company.vpc).exit_code == 0
    endpoints = load_file(Path.cwd(), "acme").settings.network.endpoints
    assert (endpoints.interface, endpoints.existing, endpoints.gateway) == (("sts",), (), ())


def test_subnets_are_chosen_by_tag_or_id(company: Company) -> None:
    result = adopt(company.vpc, "--private", "Tier=nodes", "--public", company.public[1], "--json")
    assert result.exit_code == 0
    found = {tier: [one["id"] for one in subnets] for tier, subnets in json.loads(result.stdout)["subnets"].items()}
    assert found == {
        "public": company.public[1:],
        "private": company.private,
        "data": company.data,
        "controlPlane": [],
    }


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--private", "Tier=nix"], "--private Tier=nix: {vpc} has no such subnet; it has "),
        (["--private", "subnet-0a1b2c3d"], "--private subnet-0a1b2c3d: {vpc} has no such subnet; it has "),
        (["--private", "{private}"], "network.subnets.private: covers only eu-central-1a; EKS and RDS require two"),
    ],
)
def test_wrong_choice_is_refused_and_nothing_is_written(arguments: list[str], line: str, company: Company) -> None:
    result = adopt(company.vpc, *(one.format(private=company.private[0]) for one in arguments))
    assert result.exit_code == 2
    assert line.format(vpc=company.vpc) in result.output
    assert written() == STACK


@pytest.mark.usefixtures("company")
def test_vpc_of_another_region_is_one_line_and_status_3() -> None:
    elsewhere = boto3.client("ec2", "us-east-1").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    result = adopt(elsewhere)
    assert (result.exit_code, result.output) == (
        3,
        f"{elsewhere} is not a VPC in eu-central-1 of account 123456789012; set project.region to its region, or "
        "project.profile to a profile of its account\n",
    )
    assert written() == STACK


@pytest.mark.parametrize("code", ["UnauthorizedOperation", "RequestLimitExceeded", "ExpiredToken"])
def test_refused_request_is_one_line_and_status_3(code: str, company: Company) -> None:
    refused = ClientError({"Error": {"Code": code, "Message": "no"}}, "DescribeSubnets")
    with mock.patch("botocore.client.BaseClient._make_api_call", side_effect=refused):
        result = adopt(company.vpc)
    assert result.exit_code == 3
    assert len(result.output.splitlines()) == 1
    assert code in result.output


def test_vpc_that_cannot_have_the_platform_gets_a_line_for_each_mistake(company: Company) -> None:
    vpc = company.ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    company.ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": False})
    company.ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/24", AvailabilityZone=f"{REGION}a")
    result = adopt(vpc)
    assert result.exit_code == 2
    for says in ("network.dnsHostnames: is off", "network.subnets.private: covers only", "without NAT gateways, AWS"):
        assert says in result.output
    assert written() == STACK


def test_dry_run_checks_and_writes_nothing(company: Company) -> None:
    result = adopt(company.vpc, "--dry-run")
    assert (result.exit_code, written()) == (0, STACK)
    assert "not written" in result.output


def test_subnets_that_another_account_shares_are_not_tagged() -> None:
    shared = Subnet("subnet-1", "10.0.0.0/24", "us-west-2a", "natGateway", "rtb-1", 1, {}, owner="444455556666")
    vpc = Vpc("vpc-1", "10.0.0.0/16", [], True, True, [shared], [], [], owner="444455556666", account="111122223333")
    assert section(vpc, {"private": [shared]}, {})["tagSubnets"] is False
    own = shared._replace(owner="111122223333")
    assert "tagSubnets" not in section(vpc, {"private": [own]}, {})


@pytest.mark.parametrize(
    ("route", "target"),
    [
        ({"GatewayId": "igw-1"}, "internetGateway"),
        ({"NatGatewayId": "nat-1"}, "natGateway"),
        ({"TransitGatewayId": "tgw-1"}, "transitGateway"),
        ({"GatewayId": "vgw-1"}, "other"),
        ({"VpcEndpointId": "vpce-1"}, "other"),
        ({"NatGatewayId": "nat-1", "State": "blackhole"}, "none"),
        ({"GatewayId": "local", "DestinationCidrBlock": "10.0.0.0/16"}, "none"),
    ],
)
def test_default_route_is_named_by_its_target(route: dict[str, str], target: str) -> None:
    assert default_route([{"DestinationCidrBlock": "0.0.0.0/0", **route}]) == target


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "config:\n  ai-platform:network: {cidr: 10.0.0.0/16, nat: single, name: x}\n  ai-platform:cluster: {}\n",
            "config:\n  ai-platform:network:\n    vpcId: vpc-1\n    name: x\n  ai-platform:cluster: {}\n",
        ),
        (
            "config:\n  ai-platform:network:\n  ai-platform:cluster: {}",
            "config:\n  ai-platform:network:\n    vpcId: vpc-1\n  ai-platform:cluster: {}",
        ),
        (
            "config:\n    ai-platform:cluster:\n        name: x\nencryptionsalt: v1\n",
            "config:\n    ai-platform:cluster:\n        name: x\n    ai-platform:network:\n      vpcId: vpc-1\n"
            "encryptionsalt: v1\n",
        ),
        (
            "config:\n  ai-platform:network:\n    vpcId: vpc-1 # ours\n    # nat\n    nat: single\n",
            "config:\n  ai-platform:network:\n    vpcId: vpc-1 # ours\n    # nat\n",
        ),
    ],
)
def test_section_is_written_into_any_form_of_a_stack_file(before: str, after: str) -> None:
    assert with_section(before, "network", {"vpcId": "vpc-1"}, without={"nat", "cidr"}) == after
