"""LiteLLM: configuration, secrets, order of resources, and network policies."""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any
from unittest import mock

from aiplatform.preview.plan import Resource
from components.context.endpoints import Endpoint
from components.data.secret import Secret
from components.workloads.litellm.configuration import configuration as told
from components.workloads.litellm.jobs import limits
from config.secrets import SecretKey
from config.workloads.litellm import Litellm, VirtualKey
from config.workloads.litellm_models import Price, Provider, Route
from tests.components.base import BOTH, Recording, recorded, texts

STACK = "chat"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
JOB = "kubernetes:batch/v1:Job"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
EXTERNAL_SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"  # noqa: S105, a type


def pod(resource: Resource) -> Mapping[str, Any]:
    return resource.inputs["spec"]["template"]["spec"]


def server(unknown: bool = False) -> Mapping[str, Any]:
    container, metrics = pod(recorded(STACK, unknown).one(DEPLOYMENT, "litellm-server"))["containers"]
    assert metrics["name"] == "metrics"
    return container


def environment(container: Mapping[str, Any]) -> dict[str, Any]:
    return {item["name"]: item.get("value", item.get("valueFrom")) for item in container["env"]}


def configuration(unknown: bool = False) -> dict[str, Any]:
    data = recorded(STACK, unknown).inputs("kubernetes:core/v1:ConfigMap", "litellm-server")["data"]
    return json.loads(data["config.yaml"])


def source(recording: Recording, container: Mapping[str, Any], variable: str) -> tuple[str, str]:
    """The secret in Secrets Manager and its property that an environment variable comes from."""
    reference = environment(container)[variable]["secretKeyRef"]
    (kept,) = (
        item.inputs["spec"]
        for item in recording.all(EXTERNAL_SECRET)
        if item.inputs["spec"]["target"]["name"] == reference["name"]
    )
    (entry,) = (item["remoteRef"] for item in kept["data"] if item["secretKey"] == reference["key"])
    return entry["key"], entry["property"]


# --- the configuration ---


@BOTH
def test_configuration_reads_every_secret_from_a_variable_of_a_secret(unknown: bool) -> None:
    found = [text for text in texts(configuration(unknown)) if text.startswith("os.environ/")]
    known = environment(server(unknown))
    for variable in (text.partition("/")[2] for text in found):
        if variable not in {"REDIS_HOST", "REDIS_PORT"}:
            assert "secretKeyRef" in known[variable], variable
    for entry in configuration(unknown)["model_list"]:
        assert entry["litellm_params"]["api_key"].startswith("os.environ/"), entry["model_name"]
    assert configuration(unknown)["general_settings"]["master_key"] == "os.environ/LITELLM_MASTER_KEY"


def test_models_have_provider_names_and_prices_per_token() -> None:
    found = {entry["model_name"]: entry["litellm_params"] for entry in configuration()["model_list"]}
    assert found["gpt-5-mini"] == {"model": "openai/gpt-5-mini", "api_key": "os.environ/PROVIDER_OPENAI_API_KEY"}
    assert found["backup"] == {
        "model": "azure/mini",
        "api_key": "os.environ/PROVIDER_OURS_API_KEY",
        "api_base": "https://ours.openai.azure.com",
        "api_version": "2025-04-01-preview",
        "input_cost_per_token": 2.5e-07,
        "output_cost_per_token": 2e-06,
    }
    assert found["own"]["model"] == "openai/own-7b"
    assert found["own"]["api_base"] == "https://models.example.com/v1"
    assert (found["own"]["input_cost_per_token"], found["own"]["output_cost_per_token"]) == (0.0001, 0.0002)
    assert configuration()["router_settings"]["fallbacks"] == [{"failing": ["own"]}, {"gpt-5-mini": ["backup"]}]


def test_deployments_share_a_name_by_weight_and_take_over_failed_requests() -> None:
    found = [entry["litellm_params"] for entry in configuration()["model_list"] if entry["model_name"] == "shared"]
    assert [(one["model"], one["weight"]) for one in found] == [("openai/large", 9), ("openai/small", 1)]
    router = configuration()["router_settings"]
    assert router["enable_weighted_failover"] is True
    assert router["max_fallbacks"] == len(configuration()["model_list"])


def test_router_settings_are_those_of_litellm_without_deployments() -> None:
    route = Route(provider="openai", model="gpt-5-mini")
    openai = Provider(kind="openai", key=SecretKey(secret="openai"))  # noqa: S106, a key of `secrets`
    settings = Litellm(database="main", cache="counters", providers={"openai": openai}, models={"mini": route})
    assert json.loads(told(settings, {}))["router_settings"] == {"num_retries": 2, "fallbacks": []}


def test_budgets_are_counted_in_redis_and_refuse_on_failure() -> None:
    settings = configuration()["litellm_settings"]
    assert settings["cache"] is True
    assert settings["cache_params"]["type"] == "redis"
    assert settings["cache_params"]["ssl"] is True
    assert settings["cache_params"]["supported_call_types"] == [], "answers are nobody else's"
    assert configuration()["general_settings"]["fail_closed_budget_enforcement"] is True


def test_cache_user_reaches_exactly_the_keys_of_the_configuration() -> None:
    namespace = configuration()["litellm_settings"]["cache_params"]["namespace"]
    user = recorded(STACK).inputs("aws:elasticache/user:User", "cache-counters-litellm")
    assert f"~{namespace}:* resetchannels &{namespace}:*" in user["accessString"]
    others = recorded(STACK).inputs("aws:elasticache/user:User", "cache-counters-open-webui")["accessString"]
    assert "~open-webui:* resetchannels &open-webui:* &socketio*" in others


@BOTH
def test_schema_is_migrated_by_the_job_and_prices_are_those_of_the_version(unknown: bool) -> None:
    values = environment(server(unknown))
    assert values["DISABLE_SCHEMA_UPDATE"] == "true"
    assert values["LITELLM_LOCAL_MODEL_COST_MAP"] == "True"
    assert configuration()["general_settings"]["disable_prisma_schema_update"] is True
    job = recorded(STACK, unknown).one(JOB, "litellm-migration")
    assert job.urn in recorded(STACK, unknown).before(recorded(STACK, unknown).one(DEPLOYMENT, "litellm-server"))
    assert pod(job)["containers"][0]["image"] == server(unknown)["image"], "the schema is that of the servers' version"


def test_service_links_are_disabled() -> None:
    for kind, name in ((DEPLOYMENT, "litellm-server"), (JOB, "litellm-migration"), (JOB, "litellm-callers")):
        assert pod(recorded(STACK).one(kind, name))["enableServiceLinks"] is False
    assert environment(server())["REDIS_PORT"] == "6379"


# --- secrets ---


def test_salt_has_a_secret_of_its_own_that_is_never_replaced() -> None:
    recording = recorded(STACK)
    salt = source(recording, server(), "LITELLM_SALT_KEY")
    master = source(recording, server(), "LITELLM_MASTER_KEY")
    assert salt[0] != master[0], "a new master key leaves the salt"
    version = recording.one("aws:secretsmanager/secretVersion:SecretVersion", "litellm-secrets-salt")
    assert "secretString" in version.inputs
    assert salt[0].partition(":secret:")[2].startswith("chat/litellm/salt-key-")
    assert master[0].partition(":secret:")[2].startswith("chat/litellm/master-key-")


def test_urls_hold_no_password() -> None:
    assert environment(server())["DATABASE_URL"].startswith(
        "postgresql://litellm_app:$(DATABASE_PASSWORD)@chat-main-db."
    )
    assert environment(server())["DATABASE_URL"].endswith(":5432/litellm?sslmode=require")
    names = [item["name"] for item in server()["env"]]
    assert names.index("DATABASE_PASSWORD") < names.index("DATABASE_URL"), "Kubernetes knows what stands before"


def test_role_reads_its_own_secrets_and_those_of_providers() -> None:
    policy = json.loads(recorded(STACK).inputs("aws:iam/policy:Policy", "litellm-secrets")["policy"])
    (statement,) = policy["Statement"]
    names = {arn.partition(":secret:")[2].rpartition("-")[0] for arn in statement["Resource"]}
    assert names == {
        "chat/litellm/database",
        "chat/litellm/cache",
        "chat/litellm/master-key",
        "chat/litellm/salt-key",
        "chat/litellm/callers/pages",
        "chat/litellm/callers/batch",
        "chat/litellm/callers/free",
        "chat/litellm/callers/limited",
        "chat/litellm/callers/parallel",
        "chat/openai",
        "chat/azure",
        "chat/elsewhere",
    }


# --- callers ---


def test_key_limits_are_sent_in_full() -> None:
    # A limit that is removed must be reset.
    assert limits(VirtualKey(models=("one",), budget=5.5, per="day", requests_per_minute=6, parallel_requests=2)) == {
        "models": ["one"],
        "max_budget": 5.5,
        "budget_duration": "1d",
        "rpm_limit": 6,
        "tpm_limit": None,
        "max_parallel_requests": 2,
    }
    assert limits(VirtualKey()) == {
        "models": ["all-proxy-models"],
        "max_budget": None,
        "budget_duration": None,
        "rpm_limit": None,
        "tpm_limit": None,
        "max_parallel_requests": None,
    }


def test_keys_are_created_at_the_running_gateway() -> None:
    recording = recorded(STACK)
    job = recording.one(JOB, "litellm-callers")
    assert recording.one(DEPLOYMENT, "litellm-server").urn in recording.before(job)
    values = environment(pod(job)["containers"][0])
    assert set(json.loads(values["CALLERS"])) == {"pages", "batch", "free", "limited", "parallel"}
    assert values["LITELLM_URL"] == "http://litellm:4000"


# --- who reaches it, and whom it reaches ---


def policy(name: str) -> Mapping[str, Any]:
    (found,) = (item.inputs["spec"] for item in recorded(STACK).all(POLICY) if item.inputs["metadata"]["name"] == name)
    return found


def test_egress_allows_databases_cache_and_providers_only() -> None:
    rules = policy("litellm-server")["egress"]
    assert [rule["ports"][0]["port"] for rule in rules] == [5432, 6379, 443]
    assert rules[2]["to"] == [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.75.0.0/16", "169.254.0.0/16"]}}]
    assert [rule["ports"] for rule in policy("litellm-migration")["egress"]] == [[{"protocol": "TCP", "port": 5432}]]


def test_labelled_namespaces_reach_the_gateway_and_open_webui_is_one() -> None:
    peers = policy("litellm-server")["ingress"][0]["from"]
    label = {"ai-platform/litellm-client": "true"}
    assert {"namespaceSelector": {"matchLabels": label}} in peers
    labels = recorded(STACK).inputs("kubernetes:core/v1:Namespace", "open-webui-namespace")["metadata"]["labels"]
    assert label.items() <= labels.items()


def test_replicas_spread_over_two_zones_and_one_may_be_unavailable() -> None:
    recording = recorded(STACK)
    spread = pod(recording.one(DEPLOYMENT, "litellm-server"))["topologySpreadConstraints"]
    assert (spread[0]["topologyKey"], spread[0]["whenUnsatisfiable"]) == (
        "topology.kubernetes.io/zone",
        "DoNotSchedule",
    )
    assert recording.inputs("kubernetes:policy/v1:PodDisruptionBudget", "litellm-server")["spec"]["maxUnavailable"] == 1
    scaler = recording.inputs("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "litellm-server")["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 5)
    grace = pod(recording.one(DEPLOYMENT, "litellm-server"))["terminationGracePeriodSeconds"]
    assert grace > server()["lifecycle"]["preStop"]["sleep"]["seconds"]


# --- models of AWS ---

AWS = "assistants"
ACCOUNT = "123456789012"
CLAUDE = "anthropic.claude-haiku-4-5-20251001-v1:0"
PROFILE = "arn:aws:bedrock:us-west-2:111122223333:application-inference-profile/a1b2c3d4e5f6"
INVOKE = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]


def test_role_invokes_exactly_the_models_of_the_stack_file() -> None:
    policy = json.loads(recorded(AWS).inputs("aws:iam/policy:Policy", "litellm-models")["policy"])
    found = {one["Sid"]: one for one in policy["Statement"]}
    profiles = [
        PROFILE,
        f"arn:aws:bedrock:us-west-2:{ACCOUNT}:inference-profile/us.{CLAUDE}",
        f"arn:aws:bedrock:us-east-2:{ACCOUNT}:inference-profile/us.{CLAUDE}",
    ]
    assert {sid: one["Resource"] for sid, one in found.items()} == {
        "InvokeModels": [
            "arn:aws:bedrock:us-west-2::foundation-model/amazon.nova-lite-v1:0",
            "arn:aws:bedrock:us-west-2:111122223333:provisioned-model/abcdefabcdef",
        ],
        "InvokeInferenceProfiles": profiles,
        # In every region of the profiles, and only through them.
        "InvokeModelsOfInferenceProfiles": [f"arn:aws:bedrock:*::foundation-model/{CLAUDE}"],
        "InvokeEndpoints": [f"arn:aws:sagemaker:us-west-2:{ACCOUNT}:endpoint/tuned-7b"],
    }
    through = found["InvokeModelsOfInferenceProfiles"]["Condition"]
    assert through == {"StringEquals": {"bedrock:InferenceProfileArn": profiles}}
    assert found["InvokeEndpoints"]["Action"] == [
        "sagemaker:InvokeEndpoint",
        "sagemaker:InvokeEndpointWithResponseStream",
    ]
    assert [one["Action"] for sid, one in found.items() if sid != "InvokeEndpoints"] == [INVOKE] * 3


def test_gateways_call_aws_as_their_service_account_without_a_key() -> None:
    recording = recorded(AWS)
    assert pod(recording.one(DEPLOYMENT, "litellm-server"))["serviceAccountName"] == "litellm"
    assert pod(recording.one(JOB, "litellm-migration")).get("serviceAccountName") is None
    trust = json.loads(recording.inputs("aws:iam/role:Role", "litellm-models")["assumeRolePolicy"])
    (condition,) = (one["Condition"]["StringEquals"] for one in trust["Statement"])
    assert "system:serviceaccount:litellm:litellm" in condition.values()
    data = recording.inputs("kubernetes:core/v1:ConfigMap", "litellm-server")["data"]
    found = [entry["litellm_params"] for entry in json.loads(data["config.yaml"])["model_list"]]
    models = {(one["model"], one.get("model_id"), one.get("aws_region_name")) for one in found if "api_key" not in one}
    assert models == {
        (f"bedrock/us.{CLAUDE}", None, "us-west-2"),
        (f"bedrock/us.{CLAUDE}", None, "us-east-2"),
        (f"bedrock/us.{CLAUDE}", PROFILE, "us-west-2"),
        ("bedrock/amazon.nova-lite-v1:0", None, "us-west-2"),
        (
            "bedrock/amazon.nova-lite-v1:0",
            "arn:aws:bedrock:us-west-2:111122223333:provisioned-model/abcdefabcdef",
            "us-west-2",
        ),
        ("sagemaker_chat/Tuned-7B", None, "us-west-2"),
    }


def test_gateways_reach_endpoints_of_aws_in_the_vpc() -> None:
    (rules,) = (
        item.inputs["spec"]["egress"]
        for item in recorded(AWS).all(POLICY)
        if item.inputs["metadata"]["name"] == "litellm-server"
    )
    anywhere = {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}}
    assert {"to": [anywhere], "ports": [{"protocol": "TCP", "port": 443}]} in rules


def test_gateway_without_models_of_aws_has_no_role() -> None:
    assert pod(recorded(STACK).one(DEPLOYMENT, "litellm-server")).get("serviceAccountName") is None
    assert not [one for one in recorded(STACK).all("aws:iam/role:Role") if one.name == "litellm-models"]


# --- models of the stack itself ---


def endpoint(name: str, model: str) -> Endpoint:
    url = f"http://{name}-server.vllm.svc.cluster.local:8000/v1"
    return Endpoint(url, mock.create_autospec(Secret), "apiKey", "vllm", 8000, {}, model)


def test_adapters_have_routes_of_their_own_and_by_name() -> None:
    route = Route(vllm="chat", served_name="law", price=Price(input=1, output=2))
    settings = Litellm(database="main", cache="counters", models={"lawyer": route})
    chat = dataclasses.replace(endpoint("chat", "qwen3-8b"), other_models=("law",))
    found = {
        entry["model_name"]: entry["litellm_params"]["model"]
        for entry in json.loads(told(settings, {"chat": chat}))["model_list"]
    }
    assert found == {
        "qwen3-8b": "hosted_vllm/qwen3-8b",
        "law": "hosted_vllm/law",
        "lawyer": "hosted_vllm/law",
    }


def test_models_of_the_stack_are_listed_with_aliases_and_price() -> None:
    settings = Litellm(
        database="main",
        cache="counters",
        models={"cheap": Route(vllm="qwen", price=Price(input=1, output=2), fallbacks=("qwen3-8b",))},
    )
    found = json.loads(
        told(settings, {"qwen": endpoint("qwen", "qwen3-8b"), "big-one": endpoint("big-one", "big-one")})
    )
    models = {entry["model_name"]: entry["litellm_params"] for entry in found["model_list"]}
    assert set(models) == {"cheap", "qwen3-8b", "big-one"}
    assert models["big-one"] == {
        "model": "hosted_vllm/big-one",
        "api_base": "http://big-one-server.vllm.svc.cluster.local:8000/v1",
        "api_key": "os.environ/VLLM_BIG_ONE_API_KEY",
    }
    assert models["cheap"]["model"] == models["qwen3-8b"]["model"] == "hosted_vllm/qwen3-8b"
    assert (models["cheap"]["input_cost_per_token"], models["cheap"]["output_cost_per_token"]) == (1e-6, 2e-6)
    assert found["router_settings"]["fallbacks"] == [{"cheap": ["qwen3-8b"]}]
