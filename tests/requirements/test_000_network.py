"""000: VPC, subnets, NAT, and tags."""

import pytest

from aiplatform.preview.plan import Resource
from tests.requirements.conftest import WhatIf
from tests.requirements.query import Planned

ZONES = ("us-west-2a", "us-west-2b", "us-west-2c")
PUBLIC = {"10.0.1.0/24": "us-west-2a", "10.0.2.0/24": "us-west-2b", "10.0.3.0/24": "us-west-2c"}
PRIVATE = {"10.0.11.0/24": "us-west-2a", "10.0.12.0/24": "us-west-2b", "10.0.13.0/24": "us-west-2c"}


def tier(plan: Planned, cidrs: dict[str, str]) -> list[Resource]:
    """The subnets with these addresses."""
    return [plan.one("aws:ec2/subnet:Subnet", cidrBlock=cidr) for cidr in cidrs]


def ids(plan: Planned, cidrs: dict[str, str]) -> set[str]:
    """Their ids."""
    return {plan.id(subnet) for subnet in tier(plan, cidrs)}


def zones_with_nat(plan: Planned) -> list[str]:
    """The zone of the subnet of each NAT gateway."""
    zones = {plan.id(subnet): subnet.inputs["availabilityZone"] for subnet in tier(plan, PUBLIC)}
    return sorted(zones[nat.inputs["subnetId"]] for nat in plan.all("aws:ec2/natGateway:NatGateway"))


@pytest.mark.requirement("000-net-01", "000-net-05", "000-net-07", "000-ver-07", "000-nam-06")
def test_vpc_has_the_addresses_name_and_dns_of_the_document(mlflow: Planned) -> None:
    vpc = mlflow.one("aws:ec2/vpc:Vpc").inputs
    assert vpc["cidrBlock"] == "10.0.0.0/16"
    assert vpc["tags"]["Name"] == "mdpg-mlops-vpc"
    assert (vpc["enableDnsHostnames"], vpc["enableDnsSupport"]) == (True, True)


@pytest.mark.requirement("000-net-02", "000-net-03", "000-net-04", "000-nam-06")
def test_each_of_three_zones_has_a_public_and_a_private_subnet(mlflow: Planned) -> None:
    vpc_id = mlflow.id(mlflow.one("aws:ec2/vpc:Vpc"))
    subnets = [subnet.inputs for subnet in mlflow.all("aws:ec2/subnet:Subnet")]
    assert {subnet["cidrBlock"]: subnet["availabilityZone"] for subnet in subnets} == {**PUBLIC, **PRIVATE}
    assert {subnet["vpcId"] for subnet in subnets} == {vpc_id}
    assert sorted({subnet["availabilityZone"] for subnet in subnets}) == list(ZONES)


@pytest.mark.requirement("000-net-03")
def test_nat_gateways_and_the_load_balancer_are_in_public_subnets(mlflow: Planned) -> None:
    assert {nat.inputs["subnetId"] for nat in mlflow.all("aws:ec2/natGateway:NatGateway")} == ids(mlflow, PUBLIC)
    assert set(mlflow.one("aws:lb/loadBalancer:LoadBalancer").inputs["subnets"]) == ids(mlflow, PUBLIC)


@pytest.mark.requirement("000-net-03")
def test_public_subnets_route_to_the_internet_gateway(mlflow: Planned) -> None:
    table = mlflow.tagged("aws:ec2/routeTable:RouteTable", "mdpg-mlops-vpc-public")
    route = mlflow.one("aws:ec2/route:Route", routeTableId=mlflow.id(table)).inputs
    assert route["destinationCidrBlock"] == "0.0.0.0/0"
    assert route["gatewayId"] == mlflow.id(mlflow.one("aws:ec2/internetGateway:InternetGateway"))
    joined = mlflow.all("aws:ec2/routeTableAssociation:RouteTableAssociation", routeTableId=mlflow.id(table))
    assert {association.inputs["subnetId"] for association in joined} == ids(mlflow, PUBLIC)


@pytest.mark.requirement("000-net-04")
def test_nodes_and_the_database_are_in_private_subnets(mlflow: Planned) -> None:
    for group in mlflow.all("eks:index:ManagedNodeGroup"):
        assert set(group.inputs["subnetIds"]) == ids(mlflow, PRIVATE)
    assert set(mlflow.one("aws:rds/subnetGroup:SubnetGroup").inputs["subnetIds"]) == ids(mlflow, PRIVATE)


@pytest.mark.requirement("000-net-06", "000-ver-09")
def test_each_zone_has_a_nat_gateway_that_its_private_subnet_uses(mlflow: Planned) -> None:
    assert zones_with_nat(mlflow) == list(ZONES)
    gateways = {mlflow.id(nat): nat.inputs["subnetId"] for nat in mlflow.all("aws:ec2/natGateway:NatGateway")}
    for private, public in zip(tier(mlflow, PRIVATE), tier(mlflow, PUBLIC), strict=True):
        joined = mlflow.one("aws:ec2/routeTableAssociation:RouteTableAssociation", subnetId=mlflow.id(private))
        route = mlflow.one("aws:ec2/route:Route", routeTableId=joined.inputs["routeTableId"]).inputs
        assert route["destinationCidrBlock"] == "0.0.0.0/0"
        assert gateways[route["natGatewayId"]] == mlflow.id(public)


@pytest.mark.requirement("000-net-10")
def test_nat_gateway_count_is_a_setting_of_three_or_one(mlflow: Planned, dev: Planned, what_if: WhatIf) -> None:
    assert len(mlflow.all("aws:ec2/natGateway:NatGateway")) == 3
    assert len(dev.all("aws:ec2/natGateway:NatGateway")) == 1
    single = what_if("network.nat=single")
    gateway = single.one("aws:ec2/natGateway:NatGateway")
    assert zones_with_nat(single) == ["us-west-2a"]
    routes = [route.inputs for route in single.all("aws:ec2/route:Route") if "natGatewayId" in route.inputs]
    assert [route["natGatewayId"] for route in routes] == [single.id(gateway)] * 3


@pytest.mark.requirement("000-tag-02", "000-tag-03")
def test_subnets_have_the_tags_of_kubernetes(mlflow: Planned) -> None:
    for cidrs, role in ((PUBLIC, "kubernetes.io/role/elb"), (PRIVATE, "kubernetes.io/role/internal-elb")):
        for subnet in tier(mlflow, cidrs):
            tags = {key: value for key, value in subnet.inputs["tags"].items() if key != "Name"}
            assert tags == {role: "1", "kubernetes.io/cluster/mdpg-mlops-eks": "shared"}


@pytest.mark.requirement("000-ver-08")
def test_subnet_names_begin_with_the_vpc_name(mlflow: Planned) -> None:
    names = [subnet.inputs["tags"]["Name"] for subnet in mlflow.all("aws:ec2/subnet:Subnet")]
    assert len(set(names)) == 6
    assert all(name.startswith("mdpg-mlops-vpc-") for name in names) is True


@pytest.mark.deviates("000-tag-01")
def test_resources_are_tagged_with_project_environment_and_manager(mlflow: Planned, what_if: WhatIf) -> None:
    # The document says ManagedBy = Terraform. Here Pulumi manages, and a tag that says otherwise would mislead.
    assert mlflow.provider_tags == {"Project": "MLOps Platform", "Environment": "production", "ManagedBy": "Pulumi"}
    aws = mlflow.one("pulumi:providers:aws").urn
    made = [resource for resource in mlflow.plan.resources if resource.type.startswith("aws:")]
    assert {resource.provider for resource in made} == {aws}
    assert what_if("project.environment=staging").provider_tags["Environment"] == "staging"


@pytest.mark.deviates("000-tag-01")
def test_instances_and_volumes_of_auto_scaling_have_the_same_tags(mlflow: Planned) -> None:
    for template in mlflow.all("aws:ec2/launchTemplate:LaunchTemplate"):
        specifications = {item["resourceType"]: item["tags"] for item in template.inputs["tagSpecifications"]}
        assert specifications.keys() == {"instance", "volume", "network-interface"}
        for tags in specifications.values():
            assert mlflow.provider_tags.items() <= tags.items()
