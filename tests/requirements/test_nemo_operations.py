"""001: components and their resources, monitoring and backups, and the servers' work moved into the cluster."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from aiplatform.fit.fit import fit
from aiplatform.preview.record import record
from config.loader import Loaded, load_file
from config.settings import NAMESPACE
from tests.config.base import ROOT, STACK_FILES, TODAY
from tests.requirements.query import Planned

INSTANCE, GROUP = "aws:ec2/instance:Instance", "aws:ec2/securityGroup:SecurityGroup"
PAGE = (ROOT / "docs" / "nemo.md").read_text(encoding="utf-8")


def owners(nemo: Planned, type_: str, *, named: str = "") -> set[str]:
    """The components that hold the resources of a type."""
    return {one.urn.split("$")[-2] for one in nemo.all(type_) if named in one.name}


# --- modules ---


@pytest.mark.requirement("001-ops-03")
def test_network_component_owns_vpc_subnets_routes_and_gateways(nemo: Planned) -> None:
    for type_ in (
        "vpc:Vpc",
        "subnet:Subnet",
        "routeTable:RouteTable",
        "internetGateway:InternetGateway",
        "natGateway:NatGateway",
    ):
        assert owners(nemo, f"aws:ec2/{type_}") == {"ai-platform:network:Network"}


@pytest.mark.requirement("001-ops-04")
def test_cluster_components_own_the_cluster_nodes_roles_and_groups(nemo: Planned) -> None:
    assert owners(nemo, "eks:index:Cluster") == {"ai-platform:cluster:Cluster"}
    assert owners(nemo, "eks:index:ManagedNodeGroup") == {"ai-platform:cluster:NodeGroup"}
    assert owners(nemo, GROUP, named="cluster-") == {"ai-platform:cluster:ClusterSecurityGroups"}
    roles = {one.inputs["name"]: one.urn.split("$")[-2] for one in nemo.all("aws:iam/role:Role")}
    assert roles["nemo_EKS_kluster-cluster"] == "ai-platform:cluster:Cluster"
    assert roles["nemo_EKS_kluster-node"] == "ai-platform:cluster:NodeRole"


@pytest.mark.requirement("001-ops-05")
def test_database_and_bastion_own_their_security_groups(nemo: Planned) -> None:
    for type_ in ("aws:rds/instance:Instance", "aws:rds/subnetGroup:SubnetGroup"):
        assert owners(nemo, type_) == {"ai-platform:data:Database"}
    assert owners(nemo, GROUP, named="database-main") == {"ai-platform:data:Database"}
    assert owners(nemo, INSTANCE, named="bastion") == {"ai-platform:instances:Server"}
    assert owners(nemo, GROUP, named="bastion") == {"ai-platform:instances:Instances"}


@pytest.mark.requirement("001-ops-06")
def test_ingress_component_owns_zone_and_record_and_the_controller_its_role(nemo: Planned) -> None:
    assert owners(nemo, "aws:route53/zone:Zone", named="ingress") == {"ai-platform:ingress:Zone"}
    (record_,) = nemo.all("aws:route53/record:Record", name="onurivit01.store")
    assert "ai-platform:ingress:Ingress" in record_.urn
    release = nemo.one("kubernetes:helm.sh/v3:Release", name="aws-load-balancer-controller")
    role = nemo.role("nemo-alb-ingress-controller")
    assert {one.urn.partition("ai-platform:addons:LoadBalancerController")[1] for one in (release, role)} == {
        "ai-platform:addons:LoadBalancerController"
    }


# --- what is watched and kept ---


@pytest.mark.requirement("001-obs-01")
def test_control_plane_and_containers_are_logged_and_alarms_notify(nemo: Planned) -> None:
    cluster = nemo.one("eks:index:Cluster").inputs
    assert set(cluster["enabledClusterLogTypes"]) == {"api", "audit", "authenticator", "controllerManager", "scheduler"}
    kept = {one.inputs["name"]: one.inputs["retentionInDays"] for one in nemo.all("aws:cloudwatch/logGroup:LogGroup")}
    assert kept["/aws/eks/nemo_EKS_kluster/cluster"] == 365, "the audit log of a platform in production"
    assert kept["/aws/containerinsights/nemo_EKS_kluster/application"] == 30
    assert {kept[f"/aws/ec2/nemo-{name}"] for name in ("vllm", "ai-prod", "ai-dev")} == {30}
    topic = nemo.one("aws:sns/topic:Topic")
    alarms = {one.inputs["name"]: one.inputs for one in nemo.all("aws:cloudwatch/metricAlarm:MetricAlarm")}
    assert {name: (one["metricName"], one["threshold"]) for name, one in alarms.items()} == {
        "nemo-cpu": ("node_cpu_utilization", 80),
        "nemo-memory": ("node_memory_utilization", 85),
        "nemo-pods": ("pod_status_failed", 1),
        "nemo-database-disk": ("FreeStorageSpace", 2_000_000_000),
        "nemo-vllm": ("StatusCheckFailed", 1),
    }
    assert {tuple(one["alarmActions"]) for one in alarms.values()} == {(nemo.attribute(topic, "arn"),)}
    assert nemo.one("aws:sns/topicSubscription:TopicSubscription").inputs["endpoint"] == "platform@example.com"


@pytest.mark.requirement("001-ver-01")
def test_database_and_volumes_are_backed_up_for_a_week(nemo: Planned) -> None:
    database = nemo.one("aws:rds/instance:Instance").inputs
    assert (database["backupRetentionPeriod"], database["tags"]["Backup"]) == (7, "nemo")
    assert nemo.manifest("StorageClass", "gp3")["parameters"]["tagSpecification_1"] == "Backup=nemo"
    (rule,) = nemo.one("aws:backup/plan:Plan").inputs["rules"]
    assert (rule["schedule"], rule["scheduleExpressionTimezone"]) == ("cron(0 0 * * ? *)", "Asia/Seoul")
    assert rule["lifecycle"]["deleteAfter"] == 7
    selection = nemo.one("aws:backup/selection:Selection").inputs
    assert selection["conditions"][0]["stringEquals"] == [{"key": "aws:ResourceTag/Backup", "value": "nemo"}]


@pytest.mark.requirement("001-ver-01")
@pytest.mark.parametrize(
    "look",
    [
        "aiplatform verify --stack nemo --part platform",
        "kubectl get nodes -L topology.kubernetes.io/zone",
        "kubectl -n production get deployments",
        "kubectl -n kafka get pods",
        "--query 'DBInstances[0].[MultiAZ,StorageEncrypted]'",
        "https://onurivit01.store/",
        "vllm:8002 ai-prod:8000 ai-dev:8001",
        "deploy/argocd-image-updater",
        "To test the schedule",
    ],
)
def test_checks_that_the_document_lacks_are_documented(look: str) -> None:
    assert PAGE.count(look) == 1


# --- the servers' work in the cluster ---


def moved_file(folder: Path) -> Loaded:
    """The shipped stack file with the sections of docs/nemo.md in the places of its own."""
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    document = yaml.safe_load((STACK_FILES / "Pulumi.nemo.yaml").read_text(encoding="utf-8"))
    document["config"].update(yaml.safe_load(block)["config"])
    # JSON is YAML, and leaves no doubt about an account that begins with a zero.
    (folder / "Pulumi.nemo.yaml").write_text(json.dumps(document, indent=1), encoding="utf-8")
    return load_file(folder, "nemo", today=TODAY)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The changed stack file."""
    return moved_file(tmp_path_factory.mktemp("moved"))


@pytest.fixture(scope="module")
def moved(loaded: Loaded) -> Planned:
    """Its plan, by the same program."""
    config = {f"{NAMESPACE}:{section}": json.dumps(value) for section, value in loaded.sections.items()}
    plan = record(ROOT, project=NAMESPACE, stack="nemo", config=config, account="084375578827")
    return Planned(plan, {}, {}, "084375578827")


def first_container(planned_: Planned, name: str, namespace: str) -> dict[str, Any]:
    """The first container of a Deployment."""
    return dict(planned_.manifest("Deployment", name, namespace)["spec"]["template"]["spec"]["containers"][0])


def test_model_moves_from_its_server_to_a_gpu_node_by_the_stack_file(moved: Planned) -> None:
    assert [one.inputs["tags"]["Name"] for one in moved.all(INSTANCE)] == ["nemo-bastion"]
    group = moved.one("eks:index:ManagedNodeGroup", nodeGroupName="nemo_gpu_group").inputs
    assert (group["instanceTypes"], group["amiType"]) == (["g5.xlarge"], "AL2023_x86_64_NVIDIA")
    pod = moved.manifest("Deployment", "qwen3-8b", "vllm")["spec"]["template"]["spec"]
    server = first_container(moved, "qwen3-8b", "vllm")
    before = yaml.safe_load((STACK_FILES / "Pulumi.nemo.yaml").read_text(encoding="utf-8"))["config"][
        "ai-platform:instances"
    ]
    assert server["image"] == before["vllm"]["containers"]["server"]["image"]
    assert server["resources"]["limits"]["nvidia.com/gpu"] == "1"
    command = [*server.get("command", ()), *server.get("args", ())]
    assert any("Qwen/Qwen3-8B" in part for part in command)
    assert any("8192" in part for part in command)
    assert {one["key"] for one in pod["tolerations"]} == {"nvidia.com/gpu"}
    sizes = [one["spec"]["resources"]["requests"]["storage"] for one in moved.manifests("PersistentVolumeClaim")]
    assert sizes == ["100Gi"], "the weights lie on a volume, as they did"


def test_two_apis_become_one_application_in_two_environments(moved: Planned) -> None:
    for namespace, tag in (("production", "prod-20250714-1752"), ("development", "dev-20250714-1752")):
        found = first_container(moved, "ai", namespace)
        assert found["image"] == f"084375578827.dkr.ecr.ap-northeast-2.amazonaws.com/ai:{tag}"
        plain = {one["name"]: one.get("value") for one in found["env"]}
        assert plain["VLLM_URL"] == "$(QWEN3_8B_MODEL_URL)"
        url = moved.manifest("ConfigMap", "connections", namespace)["data"]["QWEN3_8B_MODEL_URL"]
        assert url == "http://qwen3-8b-server.vllm.svc.cluster.local:8000/v1"
        sources = [source for one in found["envFrom"] for source in one]
        assert sources == ["secretRef", "configMapRef"], "what $(...) stands for comes before the variables"
        assert plain["KAFKA_BOOTSTRAP_SERVERS"] == "kafka-bootstrap.kafka.svc.cluster.local:9092"
        egress = json.dumps(
            [
                policy["spec"]["egress"]
                for policy in moved.manifests("NetworkPolicy")
                if policy["metadata"]["namespace"] == namespace and "egress" in policy["spec"]
            ]
        )
        assert ("8000" in egress, "9092" in egress) == (True, True)
    backend = {one["name"]: one.get("value") for one in first_container(moved, "backend", "production")["env"]}
    assert backend["AI_API_URL"] == "http://ai.production.svc.cluster.local:8000"


def test_every_pod_of_the_move_fits_and_the_plan_has_no_findings(loaded: Loaded, moved: Planned) -> None:
    found = fit(moved.plan, loaded.settings)
    assert {level: [one.workload.identity for one in at.pending()] for level, at in found.levels.items()} == {
        "minimum": [],
        "expected": [],
        "maximum": [],
    }
    # The document's VPC has two public subnets and nodes in three zones (001-net-02, 001-net-04).
    told = (" before you deploy", "add one for each zone of the private tier")
    assert [line for line in loaded.warnings if not line.endswith(told)] == []
    assert [line for line in loaded.warnings if " does not offer " in line] == [], "the zone of the nodes sells the GPU"


def test_other_resources_are_unchanged_by_the_move(nemo: Planned, moved: Planned) -> None:
    for type_ in ("aws:rds/instance:Instance", "aws:ec2/vpc:Vpc", "aws:lambda/function:Function", "eks:index:Cluster"):
        (before,), (after,) = nemo.all(type_), moved.all(type_)
        assert (before.urn, before.inputs.get("name")) == (after.urn, after.inputs.get("name"))
    targets = json.loads(moved.one("aws:lambda/function:Function").inputs["environment"]["variables"]["TARGETS"])
    assert (set(targets["instances"]), set(targets["nodeGroups"])) == (
        {"bastion"},
        {"nemo_node_group", "nemo_gpu_group"},
    )
