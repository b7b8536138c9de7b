"""003: the network, the control plane, the file system and the buckets that both environments share."""

import ipaddress
import json

import pytest

from catalog.reading.problems import SettingsError
from tests.requirements.conftest import planned
from tests.requirements.query import Planned

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
SUBNET, NAT, ROUTE = "aws:ec2/subnet:Subnet", "aws:ec2/natGateway:NatGateway", "aws:ec2/route:Route"
CLUSTER, GROUP = "eks:index:Cluster", "aws:ec2/securityGroup:SecurityGroup"
JOINED = "aws:ec2/routeTableAssociation:RouteTableAssociation"
FILES, TARGET = "aws:efs/fileSystem:FileSystem", "aws:efs/mountTarget:MountTarget"
POINT, BUCKET = "aws:efs/accessPoint:AccessPoint", "aws:s3/bucket:Bucket"


def tier(plan: Planned, name: str) -> dict[str, str]:
    """The id of the subnet of a tier in each zone."""
    found = {
        subnet.inputs["availabilityZone"]: plan.id(subnet)
        for subnet in plan.all(SUBNET)
        if subnet.inputs["tags"]["Name"].startswith(f"pingvas-vpc-{name}-")
    }
    assert sorted(found) == list(ZONES)
    return found


# --- the network ---


@pytest.mark.requirement("003-net-03", "003-net-04")
def test_vpc_in_us_east_1_has_the_documented_cidr_over_three_zones(pingvas: Planned) -> None:
    assert pingvas.region == "us-east-1"
    vpc = pingvas.one("aws:ec2/vpc:Vpc").inputs
    assert vpc["cidrBlock"] == "10.0.0.0/16"
    subnets = [ipaddress.ip_network(subnet.inputs["cidrBlock"]) for subnet in pingvas.all(SUBNET)]
    assert len(subnets) == 9
    assert all(subnet.subnet_of(ipaddress.ip_network("10.0.0.0/16")) for subnet in subnets)
    for name in ("public", "private", "data"):
        assert tuple(sorted(tier(pingvas, name))) == ZONES


@pytest.mark.requirement("003-net-01", "003-net-05", "003-cst-25")
def test_one_nat_gateway_serves_all_private_subnets(pingvas: Planned) -> None:
    # The difference table of the document says 6 to 3; Terraform and the costs say one, which is what is built.
    gateway = pingvas.one(NAT)
    assert gateway.inputs["subnetId"] == tier(pingvas, "public")["us-east-1a"]
    through = {route.inputs["routeTableId"] for route in pingvas.all(ROUTE, natGatewayId=pingvas.id(gateway))}
    tables = {
        pingvas.one(JOINED, subnetId=subnet).inputs["routeTableId"] for subnet in tier(pingvas, "private").values()
    }
    assert len(tables) == 3
    assert through == tables


@pytest.mark.requirement("003-net-01", "003-net-06", "003-cst-25")
def test_three_nat_gateways_are_a_setting() -> None:
    plan = planned("pingvas", "network.nat=perZone")
    public, private = tier(plan, "public"), tier(plan, "private")
    gateways = {plan.id(gateway): gateway.inputs["subnetId"] for gateway in plan.all(NAT)}
    assert set(gateways.values()) == set(public.values())
    for zone in ZONES:
        table = plan.one(JOINED, subnetId=private[zone]).inputs["routeTableId"]
        assert gateways[plan.one(ROUTE, routeTableId=table).inputs["natGatewayId"]] == public[zone]


@pytest.mark.requirement("003-net-02")
def test_environments_share_one_nat_gateway_and_a_free_s3_endpoint(pingvas: Planned) -> None:
    assert len(pingvas.all("aws:ec2/internetGateway:InternetGateway")) == 1
    assert len(pingvas.all("aws:ec2/eip:Eip")) == 1
    endpoint = pingvas.one("aws:ec2/vpcEndpoint:VpcEndpoint").inputs
    assert (endpoint["serviceName"], endpoint["vpcEndpointType"]) == ("com.amazonaws.us-east-1.s3", "Gateway")
    tables = {pingvas.id(table) for table in pingvas.all("aws:ec2/routeTable:RouteTable")}
    assert set(endpoint["routeTableIds"]) == tables


@pytest.mark.requirement("003-net-04")
def test_data_subnets_are_separate_and_without_internet(pingvas: Planned) -> None:
    data = tier(pingvas, "data")
    (table,) = {pingvas.one(JOINED, subnetId=subnet).inputs["routeTableId"] for subnet in data.values()}
    assert pingvas.all(ROUTE, routeTableId=table) == []
    assert not set(data.values()) & set(tier(pingvas, "private").values())


# --- the control plane ---


@pytest.mark.deviates("003-clu-02")
def test_control_plane_is_in_private_subnets_and_open_to_named_networks(pingvas: Planned) -> None:
    cluster = pingvas.one(CLUSTER).inputs
    # Public subnets are there for the load balancer; the control plane's interfaces need private ones alone.
    assert set(cluster["privateSubnetIds"]) == set(tier(pingvas, "private").values())
    assert "publicSubnetIds" not in cluster
    assert (cluster["endpointPrivateAccess"], cluster["endpointPublicAccess"]) == (True, True)
    assert cluster["publicAccessCidrs"] == ["203.0.113.0/24"]
    with pytest.raises(SettingsError, match=r"publicCidrs"):
        planned("pingvas", "cluster.endpoint.publicCidrs=[0.0.0.0/0]")


@pytest.mark.requirement("003-clu-03")
def test_kubernetes_is_in_standard_support_and_the_documented_version_is_refused(pingvas: Planned) -> None:
    cluster = pingvas.one(CLUSTER).inputs
    assert cluster["version"] in {"1.35", "1.36"}
    assert cluster["upgradePolicy"] == {"supportType": "STANDARD"}
    with pytest.raises(SettingsError, match=r"support of Kubernetes 1\.28 ended on .*; use 1\.36 or 1\.35"):
        planned("pingvas", "cluster.version='1.28'")


@pytest.mark.requirement("003-nam-02", "003-tag-01")
def test_cluster_is_named_and_tagged_for_both_environments(pingvas: Planned) -> None:
    cluster = pingvas.one(CLUSTER).inputs
    assert cluster["name"] == pingvas.outputs["cluster_name"] == "pingvas-shared-eks"
    assert cluster["clusterTags"]["Name"] == "pingvas-shared-eks"
    assert pingvas.provider_tags["Environment"] == "shared"
    provider = pingvas.one("pulumi:providers:aws").urn
    assert pingvas.one(CLUSTER).provider == provider


@pytest.mark.requirement("003-tag-02")
def test_system_group_and_its_instances_have_the_documented_name(pingvas: Planned) -> None:
    group = pingvas.one("eks:index:ManagedNodeGroup", nodeGroupName="pingvas-shared-eks-system").inputs
    assert group["tags"]["Name"] == "pingvas-shared-eks-system-shared"
    template = next(
        found
        for found in pingvas.all("aws:ec2/launchTemplate:LaunchTemplate")
        if pingvas.id(found) == group["launchTemplate"]["id"]
    )
    names = {item["resourceType"]: item["tags"]["Name"] for item in template.inputs["tagSpecifications"]}
    assert names["instance"] == "pingvas-shared-eks-system-shared"


# --- the file system ---


@pytest.mark.requirement("003-sto-03", "003-sto-04")
def test_one_encrypted_file_system_has_the_shared_models(pingvas: Planned) -> None:
    inputs = pingvas.one(FILES).inputs
    assert inputs["tags"]["Name"] == "pingvas-models-shared-efs"
    assert inputs["encrypted"] is True
    assert pingvas.outputs["efs_id"] == pingvas.id(pingvas.one(FILES))
    point = pingvas.one(POINT).inputs
    assert point["fileSystemId"] == pingvas.outputs["efs_id"]
    assert point["rootDirectory"]["path"] == "/models"
    assert point["posixUser"]["uid"] > 0, "never root"


@pytest.mark.requirement("003-sto-01")
def test_each_zone_has_a_mount_target_that_only_nodes_reach(pingvas: Planned) -> None:
    targets = [target.inputs for target in pingvas.all(TARGET)]
    assert sorted(target["subnetId"] for target in targets) == sorted(tier(pingvas, "data").values())
    assert {target["fileSystemId"] for target in targets} == {pingvas.outputs["efs_id"]}
    group = pingvas.tagged(GROUP, "pingvas-models-shared-efs-sg")
    assert [target["securityGroups"] for target in targets] == [[pingvas.id(group)]] * 3
    assert pingvas.openings(group, "in") == {("tcp", 2049, 2049, "pingvas-shared-eks-node-sg")}
    assert pingvas.openings(group, "out") == set()


@pytest.mark.requirement("003-sto-01")
def test_efs_driver_is_installed_with_a_role_of_its_two_service_accounts(pingvas: Planned) -> None:
    addon = pingvas.one("eks:index:Addon", addonName="aws-efs-csi-driver").inputs
    role = "pingvas-efs-csi-controller"
    assert addon["serviceAccountRoleArn"].endswith(f":role/{role}")
    assert pingvas.attached(role) == ["arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy"]
    (statement,) = json.loads(pingvas.role(role).inputs["assumeRolePolicy"])["Statement"]
    issuer = pingvas.outputs["cluster_oidc_issuer_url"].removeprefix("https://")
    assert statement["Condition"]["StringEquals"][f"{issuer}:sub"] == [
        "system:serviceaccount:kube-system:efs-csi-controller-sa",
        "system:serviceaccount:kube-system:efs-csi-node-sa",
    ]


@pytest.mark.requirement("003-sto-01")
def test_file_system_is_mounted_over_tls_by_access_points_and_never_as_root(pingvas: Planned) -> None:
    policy = json.loads(pingvas.one("aws:efs/fileSystemPolicy:FileSystemPolicy").inputs["policy"])
    allow, deny = policy["Statement"]
    assert (allow["Effect"], allow["Action"]) == (
        "Allow",
        ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
    )
    points = [pingvas.attribute(point, "arn") for point in pingvas.all(POINT)]
    assert allow["Condition"]["StringEquals"] == {"elasticfilesystem:AccessPointArn": points}
    assert (deny["Effect"], deny["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


# --- buckets ---


@pytest.mark.requirement("003-sto-02", "003-sto-04")
def test_image_buckets_are_per_environment_and_models_and_logs_share_one(pingvas: Planned) -> None:
    names = {bucket.inputs["bucket"] for bucket in pingvas.all(BUCKET)}
    shared = {"pingvas-models-shared", "pingvas-logs-shared"}
    assert names >= {"pingvas-dev-images", "pingvas-prod-images", *shared}
    assert {name for name in names if name.endswith("-images")} == {"pingvas-dev-images", "pingvas-prod-images"}
    assert {name for name in names if name.endswith("-shared")} == shared
    for name in names:
        block = pingvas.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", bucket=name).inputs
        assert all(block[key] is True for key in block if key != "bucket")
