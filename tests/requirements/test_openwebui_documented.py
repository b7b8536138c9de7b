"""004: the document's values that the stack openwebui has by a setting."""

import pytest

from tests.requirements.query import Planned

PROVIDER = "pulumi:providers:aws"
ZONE = "topology.kubernetes.io/zone"


@pytest.mark.deviates("004-wkl-01")
def test_one_zone_a_server_is_a_setting(documented: Planned) -> None:
    zones = {
        name: documented.manifest("Deployment", name, name)["spec"]["template"]["spec"]["nodeSelector"]
        for name in ("open-webui", "litellm")
    }
    assert zones == {"open-webui": {ZONE: "ap-northeast-2a"}, "litellm": {ZONE: "ap-northeast-2c"}}


@pytest.mark.deviates("004-nam-02", "004-tag-01")
def test_names_of_the_examples_and_tags_of_the_document_are_settings(documented: Planned) -> None:
    assert documented.one("aws:ec2/vpc:Vpc").inputs["tags"]["Name"] == "openwebui-vpc-dev"
    subnets = {one.inputs["tags"]["Name"] for one in documented.all("aws:ec2/subnet:Subnet")}
    assert "openwebui-public-subnet-dev-a" in subnets
    groups = {one.inputs.get("name") for one in documented.all("aws:ec2/securityGroup:SecurityGroup")}
    assert "openwebui-eks-sg-dev" in groups
    assert documented.one("eks:index:Cluster").inputs["name"] == "openwebui-eks-dev"
    nodes = {one.inputs["nodeGroupName"] for one in documented.all("eks:index:ManagedNodeGroup")}
    assert "openwebui-primary-nodes-dev" in nodes
    assert documented.one("aws:lb/loadBalancer:LoadBalancer").inputs["name"] == "openwebui-alb-dev"
    wanted = {"Project": "openwebui", "Environment": "dev", "Owner": "team-name", "ManagedBy": "terraform"}
    assert wanted.items() <= documented.provider_tags.items()


@pytest.mark.deviates("004-bak-01")
def test_bucket_of_the_state_is_a_setting(documented: Planned) -> None:
    name = "openwebui-terraform-state-k4v7q2"
    assert len(documented.all("aws:s3/bucket:Bucket", bucket=name)) == 1
    versioning = documented.one("aws:s3/bucketVersioning:BucketVersioning", bucket=name).inputs
    assert versioning["versioningConfiguration"] == {"status": "Enabled"}
    (rule,) = documented.one(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", bucket=name
    ).inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}


@pytest.mark.deviates("004-bak-02", "004-net-10")
def test_lifecycle_of_the_state_and_ssh_from_an_admin_network_are_settings(documented: Planned) -> None:
    lifecycle = documented.one(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", bucket="openwebui-terraform-state-k4v7q2"
    ).inputs["rules"]
    moved = [one for rule in lifecycle for one in rule.get("transitions", ())]
    moved.sort(key=lambda one: one["days"])
    assert moved == [{"days": 90, "storageClass": "STANDARD_IA"}, {"days": 365, "storageClass": "GLACIER"}]
    own = documented.id(documented.tagged("aws:ec2/networkAcl:NetworkAcl", "openwebui-vpc-dev-public-acl"))
    rules = [one.inputs for one in documented.all("aws:ec2/networkAclRule:NetworkAclRule", networkAclId=own)]
    opened = {
        (rule["cidrBlock"], rule["fromPort"])
        for rule in rules
        if not rule["egress"] and rule.get("toPort") in (22, 80, 443)
    }
    assert opened == {("0.0.0.0/0", 80), ("0.0.0.0/0", 443), ("203.0.113.0/24", 22)}
    assert [(rule["protocol"], rule["cidrBlock"]) for rule in rules if rule["egress"]] == [("-1", "0.0.0.0/0")]


@pytest.mark.deviates("004-net-15")
def test_single_region_with_one_nat_gateway_is_a_setting(documented: Planned) -> None:
    assert len(documented.all("aws:ec2/natGateway:NatGateway")) == 1
    assert [one.inputs["region"] for one in documented.all(PROVIDER)] == ["ap-northeast-2"]
    named = {one.inputs["region"] for one in documented.plan.resources if one.inputs.get("region")}
    assert named == {"ap-northeast-2"}
    assert documented.all("aws:s3/bucketReplicationConfig:BucketReplicationConfig") == []
