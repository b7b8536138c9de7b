"""001: the AI servers, the bastion, and the function that stops and starts them."""

import json
from typing import Any

import pytest

from catalog.reading.problems import SettingsError
from config.loader import load_file
from tests.config.base import ROOT, STACK_FILES, TODAY
from tests.requirements.conftest import planned
from tests.requirements.query import Planned, ec2_type

INSTANCE, GROUP = "aws:ec2/instance:Instance", "aws:ec2/securityGroup:SecurityGroup"
REGISTRY = "084375578827.dkr.ecr.ap-northeast-2.amazonaws.com"
IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
GPU_IMAGE = "/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id"
AI_SERVERS = {"nemo-vllm": "vllm", "nemo-ai-prod": "ai-prod", "nemo-ai-dev": "ai-dev"}
BASTION = "nemo-bastion"


def zone_and_subnet(nemo: Planned, name: str) -> tuple[str, str]:
    """Where an instance stands."""
    wanted = nemo.tagged(INSTANCE, name).inputs["subnetId"]
    (subnet,) = [one.inputs for one in nemo.all("aws:ec2/subnet:Subnet") if nemo.id(one) == wanted]
    return subnet["availabilityZone"], subnet["cidrBlock"]


def files(nemo: Planned, name: str) -> dict[str, str]:
    """The files that a server writes at its first boot."""
    text = nemo.tagged(INSTANCE, name).inputs["userData"]
    return {one["path"]: one["content"] for one in json.loads(text.partition("\n")[2])["write_files"]}


def container(nemo: Planned, name: str, kind: str) -> dict[str, Any]:
    """What Docker is told of a server's container."""
    found: dict[str, Any] = json.loads(files(nemo, name)[f"/etc/platform/containers/{kind}.json"])
    return found


def said(nemo: Planned, name: str, kind: str) -> str:
    """The same as text."""
    return json.dumps(container(nemo, name, kind))


# --- AI servers ---


@pytest.mark.requirement("001-nod-02", "001-wkl-03", "001-wkl-07", "001-ops-11")
def test_gpu_server_and_two_api_servers_are_in_the_second_public_subnet(nemo: Planned) -> None:
    assert [gpu["Name"] for gpu in ec2_type("g5.xlarge")["GpuInfo"]["Gpus"]] == ["A10G"]
    types = {name: nemo.tagged(INSTANCE, name).inputs["instanceType"] for name in AI_SERVERS}
    assert types == {"nemo-vllm": "g5.xlarge", "nemo-ai-prod": "t3.medium", "nemo-ai-dev": "t3.medium"}
    for name in AI_SERVERS:
        assert zone_and_subnet(nemo, name) == ("ap-northeast-2b", "10.0.2.0/24")


@pytest.mark.requirement("001-wkl-03")
def test_zone_that_may_lack_the_gpu_type_is_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    elsewhere = planned("nemo", "instances.vllm.zones=[ap-northeast-2b]", "instances.vllm.data.sizeGib=120")
    assert "instances.vllm.zones[0]: ap-northeast-2b does not offer g5.xlarge, as of 2026-11" in capsys.readouterr().err
    assert elsewhere.one("aws:ebs/volume:Volume").inputs["size"] == 120


@pytest.mark.requirement("001-wkl-05")
@pytest.mark.deviates("001-wkl-04")
def test_vllm_is_published_on_8002_from_a_pinned_image_with_a_key(nemo: Planned) -> None:
    found = said(nemo, "nemo-vllm", "server")
    assert '"docker.io/vllm/vllm-openai:v0.33.0"' in found
    assert "8002:8000" in found
    assert "latest" not in found
    with pytest.raises(SettingsError, match="without :latest"):
        planned("nemo", "instances.vllm.containers.server.image=docker.io/vllm/vllm-openai:latest")
    # After the image's own `vllm serve`.
    assert container(nemo, "nemo-vllm", "server")["command"][:2] == ["Qwen/Qwen3-8B", "--served-model-name"]
    assert "VLLM_API_KEY" in found


@pytest.mark.requirement("001-wkl-06", "001-sto-01")
def test_each_api_runs_on_its_port_and_server(nemo: Planned) -> None:
    for name, port, tag in (("ai-prod", 8000, "prod-20250714-1752"), ("ai-dev", 8001, "dev-20250714-1752")):
        found = said(nemo, f"nemo-{name}", name)
        assert f"{port}:{port}" in found
        assert f"{REGISTRY}/ai:{tag}" in found


@pytest.mark.requirement("001-sto-01")
def test_ai_images_are_pulled_from_the_account_registry_only(nemo: Planned) -> None:
    for name in ("ai-prod", "ai-dev"):
        pull = next(one for one in nemo.statements(f"nemo-{name}-instance") if one["Sid"] == "Pull")
        assert [arn.rpartition(":")[2] for arn in pull["Resource"]] == ["repository/ai"]
    assert "Pull" not in {one["Sid"] for one in nemo.statements("nemo-vllm-instance")}, "it comes from Docker Hub"


@pytest.mark.requirement("001-wkl-08")
def test_servers_run_docker_and_the_gpu_server_an_image_with_drivers(nemo: Planned) -> None:
    images = {name: nemo.tagged(INSTANCE, name).inputs["ami"] for name in AI_SERVERS}
    assert images["nemo-ai-prod"] == images["nemo-ai-dev"] != images["nemo-vllm"]
    assert _parameters(nemo)["vllm"] == GPU_IMAGE
    assert container(nemo, "nemo-vllm", "server")["arguments"].count("--gpus=all") == 1
    for name in AI_SERVERS:
        assert any("docker" in content for content in files(nemo, name).values()), name


@pytest.mark.requirement("001-sto-02")
def test_models_are_stored_on_an_encrypted_volume_that_outlives_the_server(nemo: Planned) -> None:
    volume = nemo.one("aws:ebs/volume:Volume")
    assert (volume.inputs["size"], volume.inputs["type"], volume.inputs["encrypted"]) == (100, "gp3", True)
    attachment = nemo.one("aws:ec2/volumeAttachment:VolumeAttachment").inputs
    assert attachment["volumeId"] == nemo.id(volume)
    assert attachment["instanceId"] == nemo.id(nemo.tagged(INSTANCE, "nemo-vllm"))
    assert "/models" in said(nemo, "nemo-vllm", "server")
    assert volume.inputs["availabilityZone"] == "ap-northeast-2b"


@pytest.mark.requirement("001-ops-08")
def test_ai_servers_registry_and_certificate_have_their_own_components(nemo: Planned) -> None:
    def owner(type_: str) -> set[str]:
        return {one.urn.split("$")[-2] for one in nemo.all(type_)}

    assert owner(INSTANCE) == {"ai-platform:instances:Server"}
    assert owner("aws:ecr/repository:Repository") == {"ai-platform:data:Repository"}
    assert owner("aws:acm/certificate:Certificate") == {"ai-platform:ingress:Certificate"}


# --- bastion ---


@pytest.mark.requirement("001-nod-01", "001-nod-07")
def test_bastion_is_a_t2_medium_in_the_first_public_subnet_with_key_and_eip(nemo: Planned) -> None:
    bastion = nemo.tagged(INSTANCE, BASTION)
    assert (bastion.inputs["instanceType"], bastion.inputs["keyName"]) == ("t2.medium", "keypair-kube-master")
    assert zone_and_subnet(nemo, BASTION) == ("ap-northeast-2a", "10.0.1.0/24")
    held = nemo.one("aws:ec2/eipAssociation:EipAssociation").inputs
    address = nemo.tagged("aws:ec2/eip:Eip", BASTION)
    assert (held["instanceId"], held["allocationId"]) == (nemo.id(bastion), nemo.attribute(address, "allocationId"))
    assert nemo.outputs["bastion_public_ip"] == nemo.attribute(address, "publicIp")


@pytest.mark.requirement("001-nod-08")
def test_bastion_uses_the_newest_amazon_linux_2023(nemo: Planned) -> None:
    text = (STACK_FILES / "Pulumi.nemo.yaml").read_text(encoding="utf-8")
    assert text.count("ami-0662f4965dfc70aca") == 0
    assert text.count("ami:") == 0
    assert _parameters(nemo) == {"bastion": IMAGE, "ai-prod": IMAGE, "ai-dev": IMAGE, "vllm": GPU_IMAGE}


def _parameters(nemo: Planned) -> dict[str, str | None]:
    """The public parameter that the AMI of each server comes from."""
    servers = load_file(STACK_FILES, nemo.plan.stack, today=TODAY).settings.instances
    return {name: server.ami_parameter() for name, server in servers.items()}


@pytest.mark.requirement("001-ops-02")
def test_bastion_has_kubectl_and_aws_cli_and_reads_the_cluster(nemo: Planned) -> None:
    script = "".join(files(nemo, BASTION).values()) + nemo.tagged(INSTANCE, BASTION).inputs["userData"]
    assert ("kubectl" in script, "update-kubeconfig" in script) == (True, True)
    entry = nemo.one("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", principalArn=_role(BASTION)).inputs
    assert entry["policyArn"].endswith("/AmazonEKSViewPolicy")
    control_plane = nemo.tagged(GROUP, "nemo_EKS_kluster-cluster-sg")
    assert ("tcp", 443, 443, "nemo-bastion-sg") in nemo.openings(control_plane, "in")


def _role(name: str) -> str:
    return f"arn:aws:iam::084375578827:role/{name}-instance"


@pytest.mark.requirement("001-scy-10")
def test_bastion_allows_ssh_from_named_networks_and_never_the_internet(nemo: Planned) -> None:
    assert nemo.openings(nemo.tagged(GROUP, "nemo-bastion-sg"), "in") == {("tcp", 22, 22, "203.0.113.0/24")}
    with pytest.raises(SettingsError, match=r"0\.0\.0\.0/0 opens port 22 to the internet"):
        planned("nemo", 'instances.bastion.allowFrom=[{"port": 22, "cidrs": ["0.0.0.0/0"]}]')


@pytest.mark.requirement("001-scy-11")
def test_bastion_egress_allows_aws_and_packages_only(nemo: Planned) -> None:
    assert nemo.openings(nemo.tagged(GROUP, "nemo-bastion-sg"), "out") == {
        ("-1", None, None, "10.0.0.0/16"),
        ("tcp", 443, 443, "0.0.0.0/0"),
        ("tcp", 80, 80, "0.0.0.0/0"),
    }


# --- sleep ---


@pytest.mark.requirement("001-sch-01", "001-sch-02")
@pytest.mark.deviates("001-sch-04")
def test_one_function_starts_and_stops_by_the_action_of_its_event(nemo: Planned) -> None:
    function = nemo.one("aws:lambda/function:Function").inputs
    assert (function["name"], function["runtime"]) == ("eks-ec2-startstop", "python3.13")
    events = {
        json.dumps(json.loads(one.inputs["target"]["input"]), sort_keys=True)
        for one in nemo.all("aws:scheduler/schedule:Schedule")
    }
    assert {json.loads(event)["action"] for event in events} == {"start", "stop"}
    assert set(function["environment"]["variables"]) == {"TARGETS"}, "no ACTION: one function does both"
    targets = json.loads(function["environment"]["variables"]["TARGETS"])
    assert set(targets["instances"]) == {"bastion", "vllm", "ai-prod", "ai-dev"}
    assert all(one.startswith("i-") for ids in targets["instances"].values() for one in ids)


@pytest.mark.requirement("001-sch-03")
def test_eventbridge_scheduler_calls_the_function_in_the_time_zone_of_seoul(nemo: Planned) -> None:
    found = [one.inputs for one in nemo.all("aws:scheduler/schedule:Schedule")]
    assert {one["scheduleExpressionTimezone"] for one in found} == {"Asia/Seoul"}
    assert {one["scheduleExpression"] for one in found} == {"cron(0 7 * * ? *)", "cron(0 1 * * ? *)"}
    assert {one["target"]["arn"].rpartition(":")[2] for one in found} == {"eks-ec2-startstop"}
    page = (ROOT / "docs" / "nemo.md").read_text(encoding="utf-8")
    assert page.count("aws lambda invoke --function-name eks-ec2-startstop") == 1


@pytest.mark.requirement("001-sch-05")
def test_node_group_scales_to_zero_and_back_and_servers_stop_by_id(nemo: Planned) -> None:
    targets = json.loads(nemo.one("aws:lambda/function:Function").inputs["environment"]["variables"]["TARGETS"])
    assert targets["nodeGroups"] == {"nemo_node_group": {"minSize": 3, "desiredSize": 3, "maxSize": 3}}
    assert targets["cluster"] == "nemo_EKS_kluster"
    ids = {nemo.id(one) for one in nemo.all(INSTANCE)}
    assert {one for held in targets["instances"].values() for one in held} == ids


@pytest.mark.requirement("001-iam-07", "001-ops-07")
def test_function_may_resize_its_group_stop_its_servers_and_write_its_log(nemo: Planned) -> None:
    may = {one["Sid"]: (one["Action"], one["Resource"]) for one in nemo.statements("nemo-startstop")}
    group = "arn:aws:eks:ap-northeast-2:084375578827:nodegroup/nemo_EKS_kluster/nemo_node_group/*"
    assert may["ResizeNodeGroups"] == (["eks:UpdateNodegroupConfig"], [group])
    actions, servers = may["StopAndStartServers"]
    assert sorted(actions) == ["ec2:StartInstances", "ec2:StopInstances"]
    assert {arn.rpartition("/")[2] for arn in servers} == {nemo.id(one) for one in nemo.all(INSTANCE)}
    assert set(may) == {"ResizeNodeGroups", "StopAndStartServers", "WriteLogs"}
    for type_ in ("aws:lambda/function:Function", "aws:iam/rolePolicy:RolePolicy"):
        owners = [one.urn.split("$")[-2] for one in nemo.all(type_) if "sleep-function" in one.name]
        assert owners == ["ai-platform:schedule:StartStop"]
