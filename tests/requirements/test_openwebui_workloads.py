"""004: Open WebUI, LiteLLM, their database, secrets and images on the stack openwebui."""

import pytest

from config.loader import load_file
from config.settings import Settings
from tests.config.base import STACK_FILES, TODAY
from tests.requirements.query import Json, Planned

DATABASE, CACHE = "aws:rds/instance:Instance", "aws:elasticache/replicationGroup:ReplicationGroup"
ZONE = "topology.kubernetes.io/zone"
NAMES = ("litellm", "open-webui")


@pytest.fixture(scope="module")
def settings() -> Settings:
    """Its settings."""
    return load_file(STACK_FILES, "openwebui", today=TODAY).settings


def pod(plan: Planned, name: str) -> Json:
    """The pod of a server."""
    return plan.manifest("Deployment", name, name)["spec"]["template"]["spec"]


def server(plan: Planned, name: str) -> Json:
    """Its first container."""
    return pod(plan, name)["containers"][0]


def secret_variables(plan: Planned, name: str) -> set[str]:
    """The variables of a server that come out of secrets."""
    return {one["name"] for one in server(plan, name)["env"] if "secretKeyRef" in one.get("valueFrom", {})}


@pytest.mark.requirement("004-ver-10")
@pytest.mark.deviates("004-wkl-01")
def test_replicas_spread_over_both_zones(openwebui: Planned) -> None:
    for name in NAMES:
        assert openwebui.manifest("HorizontalPodAutoscaler", name, name)["spec"]["minReplicas"] == 2
        spread = {one["topologyKey"]: one["maxSkew"] for one in pod(openwebui, name)["topologySpreadConstraints"]}
        assert spread[ZONE] == 1
        assert openwebui.manifest("PodDisruptionBudget", name, name)["spec"]["maxUnavailable"] == 1
    database, cache = openwebui.one(DATABASE).inputs, openwebui.one(CACHE).inputs
    assert (database["multiAz"], cache["multiAzEnabled"], cache["numCacheClusters"]) == (True, True, 2)


@pytest.mark.requirement("004-bak-10")
@pytest.mark.deviates("004-wkl-01")
def test_no_pod_stores_data_on_a_zonal_volume(openwebui: Planned) -> None:
    assert openwebui.manifests("StatefulSet") == openwebui.manifests("PersistentVolumeClaim") == []
    for name in NAMES:
        kinds = {kind for one in pod(openwebui, name).get("volumes", []) for kind in one if kind != "name"}
        assert kinds <= {"emptyDir", "configMap", "secret"}
    database = openwebui.one(DATABASE).inputs
    assert (database["engine"], database["engineVersion"], database["multiAz"]) == ("postgres", "17", True)
    assert database["instanceClass"] == "db.t4g.small"


@pytest.mark.requirement("004-wkl-02")
def test_open_webui_has_the_parts_that_the_diagram_leaves_out(openwebui: Planned) -> None:
    values = {one["name"]: one.get("value") for one in server(openwebui, "open-webui")["env"]}
    assert "WEBUI_SECRET_KEY" in secret_variables(openwebui, "open-webui")
    # Its persistent volume is a bucket and a database: replicas in two zones cannot share a disk.
    assert (values["STORAGE_PROVIDER"], values["S3_BUCKET_NAME"]) == ("s3", "openwebui-files-dev")
    assert (values["VECTOR_DB"], values["WEBSOCKET_MANAGER"]) == ("pgvector", "redis")
    assert values["OPENAI_API_BASE_URL"] == "http://litellm.litellm.svc.cluster.local:4000/v1"
    assert server(openwebui, "open-webui")["ports"] == [{"name": "http", "containerPort": 8080}]


@pytest.mark.requirement("004-wkl-02")
def test_gateway_has_a_master_key_a_salt_key_and_the_provider_keys(openwebui: Planned) -> None:
    wanted = {"LITELLM_MASTER_KEY", "LITELLM_SALT_KEY", "PROVIDER_OPENAI_API_KEY"}
    assert wanted <= secret_variables(openwebui, "litellm")
    assert {"name": "http", "containerPort": 4000} in server(openwebui, "litellm")["ports"]


@pytest.mark.requirement("004-sct-01", "004-wkl-02")
def test_secrets_are_in_secrets_manager_and_reach_pods_by_external_secrets(openwebui: Planned) -> None:
    kept = {one.inputs["name"] for one in openwebui.all("aws:secretsmanager/secret:Secret")}
    assert {
        "openwebui/openai",
        "openwebui/litellm/master-key",
        "openwebui/litellm/salt-key",
        "openwebui/litellm/database",
        "openwebui/open-webui/server",
        "openwebui/open-webui/database",
        "openwebui/open-webui/administrator",
    } <= kept
    targets = {one["metadata"]["name"] for one in openwebui.manifests("ExternalSecret")}
    for name in NAMES:
        used = {
            one["valueFrom"]["secretKeyRef"]["name"]
            for one in server(openwebui, name)["env"]
            if "secretKeyRef" in one.get("valueFrom", {})
        }
        assert used <= targets
    assert openwebui.one(DATABASE).inputs["manageMasterUserPassword"] is True
    assert openwebui.manifests("Secret") == []
    for store in openwebui.manifests("SecretStore"):
        assert store["spec"]["provider"]["aws"]["service"] == "SecretsManager"


@pytest.mark.requirement("004-sct-01")
def test_each_server_may_read_its_own_secrets_only(openwebui: Planned) -> None:
    for name in NAMES:
        (statement,) = openwebui.statements(f"openwebui-{name}-secrets-dev")
        paths = {resource.partition(":secret:")[2].rpartition("-")[0] for resource in statement["Resource"]}
        others = {path for path in paths if not path.startswith(f"openwebui/{name}/")}
        assert others == ({"openwebui/openai"} if name == "litellm" else {"openwebui/litellm/callers/open-webui"})


@pytest.mark.deviates("004-sto-01")
def test_images_objects_and_logs_are_outside_the_vpc(openwebui: Planned) -> None:
    repositories = {one.inputs["name"] for one in openwebui.all("aws:ecr/repository:Repository")}
    assert repositories == {"openwebui/open-webui"}
    buckets = {one.inputs["bucket"] for one in openwebui.all("aws:s3/bucket:Bucket")}
    assert "openwebui-files-dev" in buckets
    groups = {one.inputs["name"] for one in openwebui.all("aws:cloudwatch/logGroup:LogGroup")}
    assert {"/aws/application/openwebui", "/aws/ec2/openwebui", "/aws/vpc/flowlogs"} <= groups
    # The lock of the state is Pulumi's own, a file beside it: a table would have nothing to lock.
    assert openwebui.all("aws:dynamodb/table:Table") == []


@pytest.mark.requirement("004-sto-02")
def test_volumes_are_plain_gp3_and_backups_are_kept_a_week(openwebui: Planned, settings: Settings) -> None:
    types = {
        one["ebs"]["volumeType"]
        for template in openwebui.all("aws:ec2/launchTemplate:LaunchTemplate")
        for one in template.inputs["blockDeviceMappings"]
    }
    classes = {one["parameters"]["type"] for one in openwebui.manifests("StorageClass")}
    assert types == classes == {openwebui.one(DATABASE).inputs["storageType"]} == {"gp3"}
    assert settings.backups is not None
    assert max(plan.keep_days for plan in settings.backups.plans.values()) == 7
    assert openwebui.one(DATABASE).inputs["backupRetentionPeriod"] == 7


def test_administrator_approves_users_and_spending_is_limited(settings: Settings) -> None:
    workloads = settings.workloads
    assert workloads.open_webui is not None
    assert workloads.litellm is not None
    assert (workloads.open_webui.sign_up, workloads.open_webui.new_users) == (False, "pending")
    assert workloads.litellm.virtual_keys["open-webui"].budget == 50
    assert sorted(workloads.litellm.models) == ["gpt-5-mini", "text-embedding-3-small"]
