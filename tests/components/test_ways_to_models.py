"""Connections to models: applications directly, and users through the gateway."""

import json
from typing import Any

from tests.components.base import BOTH, recorded

STACK = "assistants"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
EXTERNAL_SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"  # noqa: S105, a type
PORT = [{"protocol": "TCP", "port": 8002}]


def policy(name: str) -> dict[str, Any]:
    """The spec of a policy, by namespace and name."""
    namespace, _, own = name.partition("/")
    (found,) = (
        one.inputs["spec"]
        for one in recorded(STACK).all(POLICY)
        if (one.inputs["metadata"]["namespace"], one.inputs["metadata"]["name"]) == (namespace, own)
    )
    return dict(found)


def models_asked(namespace: str) -> list[str]:
    """The models that all pods of an environment reach."""
    return [
        peer["podSelector"]["matchLabels"]["app.kubernetes.io/component"]
        for rule in policy(f"{namespace}/deny-to-other-environments")["egress"]
        for peer in rule["to"]
        if peer.get("namespaceSelector", {}).get("matchLabels") == {"kubernetes.io/metadata.name": "vllm"}
        and peer["podSelector"]["matchLabels"]["app.kubernetes.io/name"] == "vllm"
        and rule["ports"] == PORT
    ]


def askers(model: str) -> list[dict[str, str]]:
    """The labels of the namespaces that a model answers."""
    (rule,) = policy(f"vllm/{model}-server")["ingress"]
    assert rule["ports"] == PORT
    return [peer["namespaceSelector"]["matchLabels"] for peer in rule["from"]]


def container(environment: str, *, unknown: bool = False) -> dict[str, Any]:
    found = recorded(STACK, unknown).inputs("kubernetes:apps/v1:Deployment", f"{environment}-agent")
    (only,) = found["spec"]["template"]["spec"]["containers"]
    return dict(only)


# --- applications of environments ---


def test_environment_egress_allows_the_port_of_named_models_only() -> None:
    assert models_asked("production") == ["chat", "code-helper"]
    assert models_asked("helpers-staging") == ["chat"]
    assert models_asked("elsewhere") == []


def test_model_ingress_allows_the_environments_that_name_it() -> None:
    # Both sides need a policy.
    clients = {"ai-platform/vllm-client": "true"}
    assert askers("chat") == [clients, {"environment": "production"}, {"environment": "staging"}]
    assert askers("code-helper") == [clients, {"environment": "production"}]


@BOTH
def test_keys_are_in_a_secret_and_other_values_in_a_config_map(unknown: bool) -> None:
    names = [next(iter(one.values()))["name"] for one in container("production", unknown=unknown)["envFrom"]]
    assert names == ["model-keys", "connections"]
    assert "envFrom" not in container("elsewhere")
    data = recorded(STACK, unknown).inputs("kubernetes:core/v1:ConfigMap", "production-connections")["data"]
    assert data == {
        "CHAT_MODEL_URL": "http://chat-server.vllm.svc.cluster.local:8002/v1",
        "CHAT_MODEL_NAME": "qwen3-8b",
        "CODE_HELPER_MODEL_URL": "http://code-helper-server.vllm.svc.cluster.local:8002/v1",
        "CODE_HELPER_MODEL_NAME": "code-helper",
    }


def keys(environment: str) -> dict[str, tuple[str, str]]:
    """The variables of an environment's keys, each with the secret and the property from which it comes."""
    found = recorded(STACK).inputs(EXTERNAL_SECRET, f"{environment}-secrets-model-keys")
    assert found["spec"]["target"]["name"] == "model-keys"
    # arn:aws:secretsmanager:<region>:<account>:secret:<name>-<six letters>
    return {
        one["secretKey"]: (one["remoteRef"]["key"].split(":")[-1][:-7], one["remoteRef"]["property"])
        for one in found["spec"]["data"]
    }


def test_keys_are_copied_from_the_secrets_of_the_models() -> None:
    assert keys("staging") == {"CHAT_MODEL_API_KEY": ("helpers/vllm/chat/api-key", "apiKey")}
    assert keys("production") == {
        "CHAT_MODEL_API_KEY": ("helpers/vllm/chat/api-key", "apiKey"),
        "CODE_HELPER_MODEL_API_KEY": ("helpers/vllm/code-helper/api-key", "apiKey"),
    }
    found = recorded(STACK).inputs(EXTERNAL_SECRET, "staging-secrets-model-keys")
    assert found["metadata"]["namespace"] == "helpers-staging"


def test_environment_role_reads_keys_of_its_models_only() -> None:
    (statement,) = json.loads(recorded(STACK).inputs("aws:iam/policy:Policy", "staging-secrets")["policy"])["Statement"]
    resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
    assert [one.split(":")[-1][:-7] for one in resources] == ["helpers/vllm/chat/api-key"]


def test_pods_wait_for_the_keys_and_restart_with_another_key_or_address() -> None:
    recording = recorded(STACK)
    agent = recording.one("kubernetes:apps/v1:Deployment", "production-agent")
    waits = {urn.rpartition("::")[2] for urn in agent.dependencies}
    assert {"production-secrets-model-keys", "production-connections"} <= waits
    annotations = agent.inputs["spec"]["template"]["metadata"]["annotations"]
    assert annotations.keys() == {"ai-platform/models-secret-version", "ai-platform/connections"}


# --- the gateway and the pages ---


def test_environment_uses_a_gateway_key_and_cannot_bypass_its_budget() -> None:
    assert keys("counted") == {"GATEWAY_API_KEY": ("helpers/litellm/callers/desk", "apiKey")}
    data = recorded(STACK).inputs("kubernetes:core/v1:ConfigMap", "counted-connections")["data"]
    assert data == {"GATEWAY_URL": "http://litellm.litellm.svc.cluster.local:4000/v1"}
    assert models_asked("counted") == []
    gateway = {
        "to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "litellm"}}}],
        "ports": [{"protocol": "TCP", "port": 4000}],
    }
    assert gateway in policy("counted/deny-to-other-environments")["egress"]
    for other in ("production", "elsewhere"):
        assert gateway not in policy(f"{other}/deny-to-other-environments")["egress"]
    web, _ = policy("litellm/litellm-server")["ingress"]
    named = [peer["namespaceSelector"]["matchLabels"] for peer in web["from"] if "namespaceSelector" in peer]
    assert named == [{"ai-platform/litellm-client": "true"}, {"environment": "counted"}]


def test_gateway_lists_models_by_name_with_address_and_key() -> None:
    data = recorded(STACK).inputs("kubernetes:core/v1:ConfigMap", "litellm-server")["data"]
    found = {one["model_name"]: one["litellm_params"] for one in json.loads(data["config.yaml"])["model_list"]}
    of_aws = {"accounted", "helper", "nova", "reserved", "tuned"}
    assert set(found) == {"chat", "qwen3-8b", "code-helper", "gpt-5-mini", *of_aws}
    for name, model, key in (
        ("chat", "qwen3-8b", "VLLM_CHAT_API_KEY"),
        ("code-helper", "code-helper", "VLLM_CODE_HELPER_API_KEY"),
    ):
        server = "chat" if name == "chat" else name
        assert found[name]["model"] == f"hosted_vllm/{model}"
        assert found[name]["api_base"] == f"http://{server}-server.vllm.svc.cluster.local:8002/v1"
        assert found[name]["api_key"] == f"os.environ/{key}"


def test_model_port_is_the_same_in_policies_and_services() -> None:
    to_models = [
        rule["ports"]
        for rule in policy("litellm/litellm-server")["egress"]
        if {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "vllm"}}} in rule["to"]
    ]
    assert to_models == [PORT]
    for model in ("chat", "code-helper"):
        service = recorded(STACK).inputs("kubernetes:core/v1:Service", f"vllm-{model}")
        assert [one["port"] for one in service["spec"]["ports"]] == [8002]


def test_open_webui_reaches_the_gateway_and_no_model() -> None:
    rules = policy("open-webui/open-webui-server")["egress"]
    named = [peer["namespaceSelector"]["matchLabels"] for rule in rules for peer in rule["to"] if "ipBlock" not in peer]
    assert {"kubernetes.io/metadata.name": "litellm"} in named
    assert {"kubernetes.io/metadata.name": "vllm"} not in named
