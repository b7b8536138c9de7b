"""EC2 servers: inbound rules, permissions, and data that outlives a replacement."""

import json
from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any

import pytest

from aiplatform.preview.plan import UNKNOWN, Resource
from components.instances.user_data import LIMIT
from config.instances import SSH_PORT, Server
from tests.components.base import BOTH, EVERY_STACK, Recording, recorded, settings_from

INSTANCE, VOLUME = "aws:ec2/instance:Instance", "aws:ebs/volume:Volume"
ATTACHMENT = "aws:ec2/volumeAttachment:VolumeAttachment"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
GROUP, RECORD, ZONE = "aws:ec2/securityGroup:SecurityGroup", "aws:route53/record:Record", "aws:route53/zone:Zone"
SERVERS = "servers"


def server(name: str, *, unknown: bool = False) -> Mapping[str, Any]:
    return recorded(SERVERS, unknown).inputs(INSTANCE, f"instance-{name}")


def document(name: str) -> dict[str, Any]:
    text = server(name)["userData"]
    assert text.startswith("#cloud-config\n"), "cloud-init looks at the first line"
    found: dict[str, Any] = json.loads(text.partition("\n")[2])
    return found


def written(name: str) -> dict[str, str]:
    return {file["path"]: file["content"] for file in document(name)["write_files"]}


def container(name: str, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written(name)[f"/etc/platform/containers/{kind}.json"])
    return found


def policy(key: str) -> dict[str, dict[str, Any]]:
    text = recorded(SERVERS).inputs("aws:iam/rolePolicy:RolePolicy", f"instance-{key}")["policy"]
    return {statement["Sid"]: statement for statement in json.loads(text)["Statement"]}


def group_names(recording: Recording) -> dict[str, str]:
    """The logical name of the security group behind each id."""
    return {rule.inputs["securityGroupId"]: rule.name for rule in recording.all(INGRESS)}


def rules(recording: Recording, type_: str, name: str) -> Resource:
    return recording.one(type_, f"instances-{name}")


# --- SSH to nodes ---


@BOTH
@pytest.mark.requirement("001-scy-05")
def test_nodes_have_the_key_pair_and_allow_ssh_from_the_bastion_only(unknown: bool) -> None:
    found = recorded(SERVERS, unknown)
    assert found.inputs("aws:ec2/launchTemplate:LaunchTemplate", "nodes-workers")["keyName"] == "plant-keys"
    assert "remoteAccess" not in found.inputs("eks:index:ManagedNodeGroup", "nodes-workers"), (
        "EKS opens it to the world"
    )
    nodes = recorded(SERVERS).inputs(INGRESS, "cluster-security-groups-nodes-from-nodes")["securityGroupId"]
    ssh = [
        rule
        for rule in recorded(SERVERS).all(INGRESS)
        if rule.inputs["securityGroupId"] == nodes
        and rule.inputs.get("fromPort", 0) <= SSH_PORT <= rule.inputs.get("toPort", -1)
    ]
    assert [rule.name for rule in ssh] == ["instances-bastion-to-ssh"]
    bastion = rules(recorded(SERVERS), INGRESS, "bastion-22-198.51.100.7-32").inputs["securityGroupId"]
    assert ssh[0].inputs["referencedSecurityGroupId"] == bastion


# --- machines ---


@BOTH
@pytest.mark.requirement("001-wkl-03")
def test_instance_has_its_type_subnet_and_encrypted_volumes(unknown: bool) -> None:
    found = server("vllm-vllm", unknown=unknown)
    assert found["instanceType"] == "g5.xlarge"
    assert found["rootBlockDevice"] == {
        "encrypted": True,
        "volumeType": "gp3",
        "volumeSize": 100,
        "deleteOnTermination": True,
    }
    assert server("api-api-1", unknown=unknown)["rootBlockDevice"]["volumeSize"] == 30
    assert server("bastion-bastion", unknown=unknown)["rootBlockDevice"]["volumeSize"] == 20
    assert found["tags"]["Name"] == "plant-vllm"
    assert server("api-api-2", unknown=unknown)["tags"] == {"Name": "plant-api-2", "Team": "ai"}


def test_spot_instance_has_a_persistent_request_which_a_schedule_can_stop() -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/interruption-behavior.html"""
    assert server("vllm-vllm")["instanceMarketOptions"] == {
        "marketType": "spot",
        "spotOptions": {"instanceInterruptionBehavior": "stop", "spotInstanceType": "persistent"},
    }
    assert "instanceMarketOptions" not in server("api-api-1")


def test_spot_instance_is_replaced_by_another_capacity_or_type() -> None:
    """https://github.com/hashicorp/terraform-provider-aws/issues/38141"""
    assert "SPOT=g5.xlarge" in written("vllm-vllm")["/etc/platform/server.conf"].splitlines()
    assert "SPOT" not in written("api-api-1")["/etc/platform/server.conf"]


@EVERY_STACK
@BOTH
def test_imdsv2_is_required_and_containers_cannot_reach_it(stack: str, unknown: bool) -> None:
    for found in recorded(stack, unknown).all(INSTANCE):
        assert found.inputs["metadataOptions"] == {
            "httpEndpoint": "enabled",
            "httpTokens": "required",
            "httpPutResponseHopLimit": 1,
        }


@pytest.mark.requirement("001-net-08")
def test_instances_are_distributed_over_the_subnets_of_their_tier() -> None:
    recording = recorded(SERVERS)
    subnets = {
        recording.inputs("aws:ec2/subnet:Subnet", f"network-{tier}-ap-northeast-2{zone}")["cidrBlock"]: (tier, zone)
        for tier, zone in (("public", "a"), ("public", "b"), ("private", "a"), ("private", "b"))
    }
    assert set(subnets) == {"10.90.1.0/24", "10.90.2.0/24", "10.90.3.0/24", "10.90.4.0/24"}
    parents = {
        name: sorted(
            urn.rpartition("::")[2]
            for urn in recording.one(INSTANCE, f"instance-{name}").dependencies
            if "aws:ec2/subnet:Subnet" in urn
        )
        for name in ("bastion-bastion", "vllm-vllm", "api-api-1", "api-api-2")
    }
    assert {name: found[-1] for name, found in parents.items() if found} == {
        "bastion-bastion": "network-public-ap-northeast-2a",
        "vllm-vllm": "network-public-ap-northeast-2b",
        "api-api-1": "network-private-ap-northeast-2a",
        "api-api-2": "network-private-ap-northeast-2b",
    }
    assert [server(name)["associatePublicIpAddress"] for name in parents] == [True, True, False, False]


def test_ami_is_looked_up_for_al2023_and_gpu_and_a_given_one_is_kept() -> None:
    asked = {name: settings_from(Server, {"instanceType": name, "zones": ["us-west-2a"]}) for name in TYPES}
    assert {name: one.ami_parameter() for name, one in asked.items()} == TYPES
    assert server("api-api-1")["ami"] == "ami-0123456789abcdef0"
    assert server("vllm-vllm")["ami"] != server("bastion-bastion")["ami"]
    tokens = [token for token, _ in recorded(SERVERS).invokes if token.startswith("aws:ssm/")]
    assert tokens == ["aws:ssm/getParameter:getParameter"] * 2


_BASE = "/aws/service/deeplearning/ami/{}/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id"
TYPES = {
    "t3.micro": "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
    "t4g.micro": "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
    "g5.xlarge": _BASE.format("x86_64"),
    "g5g.xlarge": _BASE.format("arm64"),
}


# --- what stays ---


@BOTH
@pytest.mark.requirement("001-sto-02")
def test_data_volume_is_a_separate_resource(unknown: bool) -> None:
    # It outlives the instance.
    recording = recorded(SERVERS, unknown)
    volume = recording.one(VOLUME)
    assert volume.inputs == {
        "availabilityZone": "ap-northeast-2b",
        "encrypted": True,
        "kmsKeyId": "arn:aws:kms:ap-northeast-2:123456789012:key/1",
        "type": "gp3",
        "size": 200,
        "iops": 4000,
        "throughput": 250,
        "finalSnapshot": True,
        "tags": {"Name": "plant-vllm-data"},
    }
    instance = recording.one(INSTANCE, "instance-vllm-vllm")
    assert instance.urn not in recording.before(volume), "a volume that waits for its instance would go with it"
    attachment = recording.one(ATTACHMENT)
    assert attachment.inputs["stopInstanceBeforeDetaching"] is True
    assert {instance.urn, volume.urn} <= set(attachment.dependencies)


@BOTH
def test_instances_have_private_dns_names(unknown: bool) -> None:
    recording = recorded(SERVERS, unknown)
    zone = recording.one(ZONE)
    assert zone.inputs["name"] == "plant.internal"
    assert len(zone.inputs["vpcs"]) == 1, "a zone without a VPC would be public"
    records = {item.inputs["name"]: item.inputs for item in recording.all(RECORD)}
    assert set(records) == {
        "bastion.plant.internal",
        "vllm.plant.internal",
        "api.plant.internal",
        "api-1.plant.internal",
        "api-2.plant.internal",
    }
    assert {item["type"] for item in records.values()} == {"A"}
    assert len(records["api.plant.internal"]["records"]) == 2
    if not unknown:
        first, second = (records[f"api-{number}.plant.internal"]["records"][0] for number in (1, 2))
        assert records["api.plant.internal"]["records"] == [first, second]
        assert first != second


@BOTH
@pytest.mark.requirement("001-nod-07")
def test_bastion_keeps_its_public_address_and_exports_it(unknown: bool) -> None:
    recording = recorded(SERVERS, unknown)
    assert recording.one("aws:ec2/eipAssociation:EipAssociation", "instance-bastion-bastion")
    assert "bastion_public_ip" in recording.plan.outputs
    assert server("bastion-bastion", unknown=unknown)["keyName"] == "plant-keys"
    assert "keyName" not in server("vllm-vllm", unknown=unknown)


# --- who gets in ---


@EVERY_STACK
@BOTH
@pytest.mark.requirement("001-scy-06", "001-scy-10")
def test_no_port_of_an_instance_is_open_to_the_internet(stack: str, unknown: bool) -> None:
    for rule in recorded(stack, unknown).all(INGRESS):
        if rule.name.startswith("instances-") and "cidrIpv4" in rule.inputs:
            assert IPv4Network(rule.inputs["cidrIpv4"]).prefixlen >= 8, rule.urn


@BOTH
@pytest.mark.requirement("001-scy-06", "001-net-10", "001-net-16")
def test_inbound_rules_are_those_of_the_stack_file(unknown: bool) -> None:
    recording = recorded(SERVERS, unknown)
    found = {
        rule.name: (rule.inputs["ipProtocol"], rule.inputs["fromPort"], rule.inputs["toPort"])
        for rule in recording.all(INGRESS)
        if rule.name.startswith("instances-")
    }
    assert found == {
        "instances-bastion-22-198.51.100.7-32": ("tcp", 22, 22),
        "instances-vllm-8002-nodes": ("tcp", 8002, 8002),
        "instances-vllm-8002-api": ("tcp", 8002, 8002),
        "instances-vllm-22-bastion": ("tcp", 22, 22),
        "instances-api-8000-8001-nodes": ("tcp", 8000, 8001),
        "instances-api-8000-8001-10.90.1.0-24": ("tcp", 8000, 8001),
        "instances-bastion-to-api": ("tcp", 443, 443),
        "instances-bastion-to-ssh": ("tcp", 22, 22),
    }
    if unknown:
        return
    nodes = recording.inputs(INGRESS, "cluster-security-groups-nodes-from-nodes")["securityGroupId"]
    vllm = recording.inputs(INGRESS, "instances-vllm-8002-nodes")
    assert vllm["referencedSecurityGroupId"] == nodes
    bastion = recording.inputs(INGRESS, "instances-bastion-22-198.51.100.7-32")["securityGroupId"]
    assert recording.inputs(INGRESS, "instances-vllm-22-bastion")["referencedSecurityGroupId"] == bastion
    to_nodes = recording.inputs(INGRESS, "instances-bastion-to-ssh")
    assert (to_nodes["securityGroupId"], to_nodes["referencedSecurityGroupId"]) == (nodes, bastion)


@BOTH
@pytest.mark.requirement("001-scy-11")
def test_egress_allows_the_vpc_and_named_internet_ports(unknown: bool) -> None:
    recording = recorded(SERVERS, unknown)
    found = {
        rule.name: (rule.inputs["ipProtocol"], rule.inputs.get("fromPort"), rule.inputs["cidrIpv4"])
        for rule in recording.all(EGRESS)
        if rule.name.startswith("instances-")
    }
    inside, https = ("-1", None, "10.90.0.0/16"), ("tcp", 443, "0.0.0.0/0")
    assert found == {
        "instances-bastion-to-vpc": inside,
        "instances-bastion-to-internet-443": https,
        "instances-bastion-to-internet-80": ("tcp", 80, "0.0.0.0/0"),
        "instances-vllm-to-vpc": inside,
        "instances-vllm-to-internet-443": https,
        "instances-api-to-vpc": inside,
        "instances-api-to-internet-443": https,
    }


@BOTH
def test_instance_depends_on_its_rules_and_route(unknown: bool) -> None:
    # Its first boot would fail.
    recording = recorded(SERVERS, unknown)
    for found in recording.all(INSTANCE):
        before = recording.before(found)
        key = found.name.split("-")[1]
        wanted = [rule.urn for rule in recording.all(EGRESS) if rule.name.startswith(f"instances-{key}-")]
        assert set(wanted) <= before, found.name
        assert {route.urn for route in recording.all("aws:ec2/route:Route")} <= before, found.name


# --- what it may do ---


@pytest.mark.requirement("001-wkl-08")
def test_instance_role_allows_named_repositories_secrets_and_its_own_logs() -> None:
    api, vllm = policy("api"), policy("vllm")
    assert set(api) == {"LogIn", "Pull", "WriteLogs"}
    assert api["Pull"]["Resource"] == ["arn:aws:ecr:ap-northeast-2:123456789012:repository/plant/api"]
    assert set(vllm) == {"ReadSecrets", "WriteLogs"}, "its image is in no repository of the account"
    (secret,) = vllm["ReadSecrets"]["Resource"]
    assert ":secret:plant/model-hub-" in secret
    assert vllm["WriteLogs"]["Resource"] == [
        "arn:aws:logs:ap-northeast-2:123456789012:log-group:/aws/ec2/plant-vllm:log-stream:*"
    ]


@pytest.mark.requirement("001-ops-02")
def test_bastion_has_its_cluster_policy_and_no_aws_permissions() -> None:
    recording = recorded(SERVERS)
    assert set(policy("bastion")) == {"WriteKubeconfig"}
    association = recording.inputs("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "instance-bastion")
    assert association["policyArn"].endswith("/AmazonEKSViewPolicy")
    assert association["principalArn"] == "arn:aws:iam::123456789012:role/plant-bastion-instance"


@BOTH
def test_session_manager_reaches_every_instance(unknown: bool) -> None:
    recording = recorded(SERVERS, unknown)
    attached = {
        item.name: item.inputs["policyArn"]
        for item in recording.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if item.name.startswith("instance-")
    }
    policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    assert attached == {
        f"instance-{key}-AmazonSSMManagedInstanceCore": policy_arn for key in ("bastion", "vllm", "api")
    }


# --- what runs there ---


@pytest.mark.requirement("001-wkl-05", "001-wkl-08")
def test_model_server_publishes_its_port_with_gpu_and_volume() -> None:
    found = container("vllm-vllm", "server")
    assert found["image"] == "docker.io/vllm/vllm-openai:v0.11.2"
    assert found["registry"] == "", "a registry of others needs no token of ECR"
    assert found["arguments"] == [
        "--init",
        "--log-driver=awslogs",
        "--log-opt=awslogs-region=ap-northeast-2",
        "--log-opt=awslogs-group=/aws/ec2/plant-vllm",
        "--log-opt=awslogs-stream=vllm/server",
        "--publish=8002:8000",
        "--gpus=all",
        "--shm-size=8g",
        "--volume=/models/hub:/models",
    ]
    assert found["command"] == ["--model", "Qwen/Qwen3-8B", "--max-model-len", "8192"]
    ((arn, key),) = found["secrets"].values()
    assert ":secret:plant/model-hub-" in arn
    assert key == "token"


@pytest.mark.requirement("001-wkl-06", "001-wkl-07", "001-sto-05")
def test_containers_of_one_repository_have_separate_names() -> None:
    prod, dev = container("api-api-2", "prod"), container("api-api-2", "dev")
    registry = "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com"
    assert (prod["image"], prod["registry"]) == (f"{registry}/plant/api:prod-20250714-1752", registry)
    assert "--publish=8000:8000" in prod["arguments"]
    assert "--memory=2g" in prod["arguments"]
    assert "--publish=8001:8001" in dev["arguments"]
    assert "--log-opt=awslogs-stream=api-2/dev" in dev["arguments"], "each instance keeps a stream of its own"


@EVERY_STACK
def test_user_data_fits_ec2_and_holds_no_secret(stack: str) -> None:
    for found in recorded(stack).all(INSTANCE):
        text = found.inputs["userData"]
        assert len(text.encode()) <= LIMIT, found.name
        # How AWS CLI and Docker log in, and the property of a secret that a container names.
        known = ("--password-stdin", "get-login-password", '\\"password\\"\\n')
        for said in known:
            text = text.replace(said, "")
        assert "password" not in text, found.name


def test_first_preview_leaves_only_user_data_with_new_values_unknown() -> None:
    assert server("vllm-vllm", unknown=True)["userData"] == UNKNOWN, "its volume has no id yet"
    assert server("bastion-bastion", unknown=True)["userData"] == server("bastion-bastion")["userData"]


@pytest.mark.requirement("001-ops-02")
def test_bastion_installs_the_kubectl_of_the_cluster_version_and_no_docker() -> None:
    lines = written("bastion-bastion")["/etc/platform/server.conf"].splitlines()
    assert "KUBECTL=v1.35.9" in lines
    assert "CLUSTER=plant-eks" in lines
    assert "DOCKER=''" in lines
    assert "KUBECTL=''" in written("vllm-vllm")["/etc/platform/server.conf"]


@EVERY_STACK
@BOTH
def test_private_zone_is_absent_without_instances(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    private = [item for item in recording.all(ZONE) if "vpcs" in item.inputs]
    assert len(private) == bool(recording.settings.instances)
