"""Open WebUI: state shared by replicas, order of resources, and network policies."""

import ast
import json
from collections.abc import Mapping
from typing import Any
from unittest import mock

from aiplatform.preview.plan import Resource
from catalog.open_webui import TABLE, VERSION, variables
from catalog.versions import OPEN_WEBUI_IMAGE
from components.context.endpoints import Endpoint
from components.data.secret import Secret
from components.workloads.open_webui.workload import asked
from tests.components.base import BOTH, recorded

STACK = "chat"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
JOB = "kubernetes:batch/v1:Job"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
ADDRESS = "https://chat.example.com"


def pod(resource: Resource) -> Mapping[str, Any]:
    return resource.inputs["spec"]["template"]["spec"]


def server(unknown: bool = False) -> Mapping[str, Any]:
    (container,) = pod(recorded(STACK, unknown).one(DEPLOYMENT, "open-webui-server"))["containers"]
    return container


def environment(container: Mapping[str, Any]) -> dict[str, Any]:
    return {item["name"]: item.get("value", item.get("valueFrom")) for item in container["env"]}


@BOTH
def test_replicas_share_connections_files_vectors_and_one_key(unknown: bool) -> None:
    values = environment(server(unknown))
    assert (values["WEBSOCKET_MANAGER"], values["ENABLE_WEBSOCKET_SUPPORT"]) == ("redis", "True")
    assert values["WEBSOCKET_REDIS_URL"] == values["REDIS_URL"]
    assert (values["STORAGE_PROVIDER"], values["S3_BUCKET_NAME"]) == ("s3", "chat-files")
    assert values["VECTOR_DB"] == "pgvector"
    assert "secretKeyRef" in values["WEBUI_SECRET_KEY"]
    assert "secretKeyRef" in values["OPENAI_API_KEY"]


def test_urls_hold_no_password_and_require_tls() -> None:
    values = environment(server())
    assert values["REDIS_URL"].startswith("rediss://$(REDIS_USERNAME):$(REDIS_PASSWORD)@master.chat-counters.")
    assert values["DATABASE_URL"].startswith("postgresql://open_webui_app:$(DATABASE_PASSWORD)@chat-main-db.")
    assert values["DATABASE_URL"].endswith("/open_webui?sslmode=require")
    assert values["PGVECTOR_DB_URL"] == values["DATABASE_URL"]
    names = [item["name"] for item in server()["env"]]
    for before, after in (("DATABASE_PASSWORD", "DATABASE_URL"), ("REDIS_PASSWORD", "REDIS_URL")):
        assert names.index(before) < names.index(after), "Kubernetes knows what stands before"


@BOTH
def test_migration_job_precedes_servers_which_do_not_migrate(unknown: bool) -> None:
    recording = recorded(STACK, unknown)
    job = recording.one(JOB, "open-webui-migration")
    assert environment(server(unknown))["ENABLE_DB_MIGRATIONS"] == "False"
    assert environment(pod(job)["containers"][0])["ENABLE_DB_MIGRATIONS"] == "True"
    assert pod(job)["containers"][0]["image"] == server(unknown)["image"]
    assert job.urn in recording.before(recording.one(DEPLOYMENT, "open-webui-server"))


def test_master_user_creates_the_extension_before_the_migration() -> None:
    recording = recorded(STACK)
    job = recording.one(JOB, "open-webui-database-user")
    (container,) = pod(job)["containers"]
    assert environment(container)["APP_EXTENSIONS"] == "vector"
    assert "/sql/extension.sql" in container["command"][2]
    assert "extension.sql" in recording.inputs("kubernetes:core/v1:ConfigMap", "open-webui-database-user")["data"]
    assert job.urn in recording.before(recording.one(JOB, "open-webui-migration"))
    assert environment(server())["PGVECTOR_CREATE_EXTENSION"] == "false"
    other = recording.one(JOB, "litellm-database-user")
    assert "APP_EXTENSIONS" not in environment(pod(other)["containers"][0])


def test_signup_is_disabled_and_settings_of_administrators_are_kept() -> None:
    values = environment(server())
    assert (values["ENABLE_SIGNUP"], values["DEFAULT_USER_ROLE"]) == ("False", "pending")
    assert values["ENABLE_PERSISTENT_CONFIG"] == "True"
    assert "secretKeyRef" in values["WEBUI_ADMIN_PASSWORD"]


def test_cors_allows_its_own_origin_only_and_cookies_require_https() -> None:
    values = environment(server())
    assert (values["WEBUI_URL"], values["CORS_ALLOW_ORIGIN"]) == (ADDRESS, ADDRESS)
    assert values["WEBUI_SESSION_COOKIE_SECURE"] == values["WEBUI_AUTH_COOKIE_SECURE"] == "True"


def test_models_come_from_the_gateway_with_a_virtual_key() -> None:
    values = environment(server())
    assert values["OPENAI_API_BASE_URL"] == "http://litellm.litellm.svc.cluster.local:4000/v1"
    assert values["ENABLE_OLLAMA_API"] == "False"
    assert (values["RAG_EMBEDDING_ENGINE"], values["RAG_EMBEDDING_MODEL"]) == ("openai", "embed")
    assert values["RAG_OPENAI_API_BASE_URL"] == values["OPENAI_API_BASE_URL"]
    assert values["RAG_OPENAI_API_KEY"] == values["OPENAI_API_KEY"]
    policy = json.loads(recorded(STACK).inputs("aws:iam/policy:Policy", "open-webui-secrets")["policy"])
    names = {arn.partition(":secret:")[2].rpartition("-")[0] for arn in policy["Statement"][0]["Resource"]}
    assert "chat/litellm/callers/pages" in names
    assert not names & {"chat/litellm/callers/batch", "chat/litellm/master-key"}


def test_server_writes_to_its_volume_only_and_sends_no_telemetry() -> None:
    values = environment(server())
    mounts = {one["mountPath"] for one in server()["volumeMounts"]}
    for variable in ("HOME", "DATA_DIR", "STATIC_DIR"):
        assert any(values[variable] == path or values[variable].startswith(f"{path}/") for path in mounts), variable
    assert server()["securityContext"]["readOnlyRootFilesystem"] is True
    assert (values["ANONYMIZED_TELEMETRY"], values["ENABLE_VERSION_UPDATE_CHECK"]) == ("false", "False")


def test_role_allows_files_below_its_own_prefix_of_the_bucket() -> None:
    policy = json.loads(recorded(STACK).inputs("aws:iam/policy:Policy", "open-webui-files")["policy"])
    listing, keeping = policy["Statement"]
    assert listing["Condition"] == {"StringLike": {"s3:prefix": ["open-webui", "open-webui/*"]}}
    assert keeping["Resource"] == ["arn:aws:s3:::chat-files/open-webui/*"]
    assert environment(server())["S3_KEY_PREFIX"] == "open-webui"


def test_policy_allows_the_load_balancer_only() -> None:
    (policy,) = (
        item.inputs["spec"]
        for item in recorded(STACK).all(POLICY)
        if item.inputs["metadata"]["name"] == "open-webui-server"
    )
    (rule,) = policy["ingress"]
    assert all("ipBlock" in peer for peer in rule["from"])
    assert rule["ports"] == [{"protocol": "TCP", "port": 8080}]
    gateway = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "litellm"}}}
    assert {"to": [gateway], "ports": [{"protocol": "TCP", "port": 4000}]} in policy["egress"]


def test_replicas_spread_over_two_zones_and_one_may_be_unavailable() -> None:
    recording = recorded(STACK)
    spread = pod(recording.one(DEPLOYMENT, "open-webui-server"))["topologySpreadConstraints"]
    assert (spread[0]["topologyKey"], spread[0]["whenUnsatisfiable"]) == (
        "topology.kubernetes.io/zone",
        "DoNotSchedule",
    )
    budget = recording.inputs("kubernetes:policy/v1:PodDisruptionBudget", "open-webui-server")["spec"]
    assert budget["maxUnavailable"] == 1


OTHERS = {
    "HOME": "of every process",
    "HF_HUB_OFFLINE": "of the Hub's client",
    "DATABASE_PASSWORD": "for DATABASE_URL",
    "REDIS_USERNAME": "for REDIS_URL",
    "REDIS_PASSWORD": "for REDIS_URL",
    "SCARF_NO_ANALYTICS": "of packages that count downloads",
    "DO_NOT_TRACK": "of packages that count downloads",
    "ANONYMIZED_TELEMETRY": "of the packages it uses",
}


def settings() -> Mapping[str, Any]:
    (container,) = pod(recorded(STACK).one(DEPLOYMENT, "open-webui-server"))["initContainers"]
    return container


def test_settings_of_the_stack_file_are_written_before_each_start() -> None:
    assert settings()["command"][:2] == ["python", "-c"]
    ast.parse(settings()["command"][2])
    given = environment(settings())
    assert {name: value for name, value in given.items() if name != "SETTINGS"} == environment(server())
    assert settings()["image"] == server()["image"]
    assert settings()["resources"] == server()["resources"], "they add nothing to the pod's requests"


def test_written_settings_are_those_that_variables_decide() -> None:
    # A default of another variable is not: OPENAI_API_BASE_URL is one of AUDIO_STT_OPENAI_API_BASE_URL.
    assert json.loads(environment(settings())["SETTINGS"]) == [
        "ollama.enable",
        "openai.api_base_urls",
        "openai.api_keys",
        "rag.embedding_engine",
        "rag.embedding_model",
        "rag.openai.api_base_url",
        "rag.openai.api_key",
        "ui.default_user_role",
        "ui.enable_signup",
        "webui.url",
    ]


def test_permission_is_written_within_the_others() -> None:
    assert variables()["USER_PERMISSIONS_CHAT_DELETE"] == ("user.permissions:chat.delete",)
    assert variables()["ENABLE_SIGNUP"] == ("ui.enable_signup",)
    assert variables()["ENABLE_WEBSOCKET_SUPPORT"] == ()


@BOTH
def test_every_variable_is_known_to_the_image(unknown: bool) -> None:
    # A misspelt one would be ignored.
    assert OPEN_WEBUI_IMAGE.endswith(f":v{VERSION}"), "the table is of the version that runs"
    assert f"open-webui {VERSION} " in TABLE.read_text(encoding="utf-8").splitlines()[0]
    known = set(variables())
    job = recorded(STACK, unknown).one(JOB, "open-webui-migration")
    given = {**environment(server(unknown)), **environment(pod(job)["containers"][0])}
    assert set(given) - known - set(OTHERS) == set()


def test_models_come_from_a_model_server_without_a_gateway() -> None:
    url = "http://qwen-server.vllm.svc.cluster.local:8002/v1"
    model = Endpoint(url, mock.create_autospec(Secret), "apiKey", "vllm", 8002, {}, "qwen3-8b")
    settings = mock.Mock(virtual_key=None, vllm="qwen")
    assert asked(settings, mock.Mock(endpoints={"qwen": model})) is model


def test_taints_are_tolerated_only_where_set() -> None:
    assert (
        recorded(STACK).inputs(DEPLOYMENT, "open-webui-server")["spec"]["template"]["spec"].get("tolerations") is None
    )
