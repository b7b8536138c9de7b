"""Who reaches a language model: keys, tokens, connections, hosts and network policies."""

from aiplatform.preview.record import record_function
from components.platform import Platform
from config.tenants import Tenants
from config.workloads.vllm import internal_url
from tests.components.base import BOTH, recorded, settings_from, settings_of
from tests.components.vllm import (
    EXTERNAL,
    MODELS,
    MONITOR,
    ONE_NODE,
    POLICY,
    SECRET,
    SERVICE,
    STACK,
    every_container,
    ingress,
    of,
    templates,
)


def test_api_key_of_each_model_is_generated_by_aws() -> None:
    names = {one.inputs["name"] for one in recorded(STACK).all(SECRET)}
    assert {f"models/vllm/{model}/api-key" for model in MODELS} <= names
    for model in MODELS:
        for template in templates(model):
            (key,) = [one for one in template["spec"]["containers"][0]["env"] if one["name"] == "VLLM_API_KEY"]
            assert key["valueFrom"]["secretKeyRef"]["key"] == "api-key"
            assert "value" not in key


def test_hub_token_reaches_only_models_that_request_it() -> None:
    having = {
        model
        for model, given in every_container()
        if any(one["name"] == "HF_TOKEN" and "valueFrom" in one for one in given["env"])
    }
    assert having == {"llama"}
    synced = {one.name: one.inputs["spec"]["data"] for one in recorded(STACK).all(EXTERNAL) if "vllm" in one.name}
    assert [one["secretKey"] for one in synced["vllm-secrets-llama-keys"]] == ["api-key", "token"]
    assert [one["secretKey"] for one in synced["vllm-secrets-chat-keys"]] == ["api-key"]


@BOTH
def test_connections_hold_url_and_name_of_each_model(unknown: bool) -> None:
    recording = recorded(STACK, unknown)
    outputs = recording.plan.outputs
    assert outputs["vllm_llama_url"] == internal_url("llama") == "http://llama-server.vllm.svc.cluster.local:8000/v1"
    assert recording.settings.workloads.vllm is not None
    assert recording.settings.workloads.vllm.served_name("llama") == "meta-llama/Llama-3.1-8B-Instruct"
    assert recording.settings.workloads.vllm.served_name("chat") == "chat"


# ---- who reaches a model


def test_policy_allows_clients_prometheus_and_the_load_balancer_of_a_host() -> None:
    client = {"namespaceSelector": {"matchLabels": {"ai-platform/vllm-client": "true"}}}
    monitoring = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}
    (llama,) = ingress("llama")
    assert llama == {"from": [client, monitoring], "ports": [{"protocol": "TCP", "port": 8000}]}
    (chat,) = ingress("chat")
    assert [one for one in chat["from"] if "ipBlock" in one] == [
        {"ipBlock": {"cidr": cidr}} for cidr in recorded(STACK).settings.network.public_cidrs()
    ]


def test_policy_allows_tenants_only_where_set() -> None:
    tenant = {"namespaceSelector": {"matchExpressions": [{"key": "ai-platform/tenant", "operator": "Exists"}]}}
    assert all(tenant not in rule["from"] for model in MODELS for rule in ingress(model))


def test_policies_of_tenants_and_models_agree() -> None:
    settings = settings_of(STACK)
    assert settings.workloads.vllm is not None
    open_to_tenants = settings.workloads.vllm.model_copy(update={"tenants": True})
    changed = settings.model_copy(
        update={
            "tenants": settings_from(Tenants, {"range": {"last": 1}}),
            "workloads": settings.workloads.model_copy(update={"vllm": open_to_tenants}),
        }
    )
    plan = record_function(lambda: Platform("models", changed), stack=STACK)
    policies = {one.name: one.inputs["spec"] for one in plan.resources if one.type == POLICY}
    tenant = {"namespaceSelector": {"matchExpressions": [{"key": "ai-platform/tenant", "operator": "Exists"}]}}
    assert tenant in policies["vllm-chat-server"]["ingress"][0]["from"]
    (own,) = [spec for name, spec in policies.items() if name.endswith("own-tenant")]
    assert {
        "to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "vllm"}}}],
        "ports": [{"protocol": "TCP", "port": 8000}],
    } in own["egress"]


def test_egress_of_models_allows_hub_aws_and_their_own_group() -> None:
    for model in ONE_NODE:
        for rule in of(POLICY, f"{model}-server")["spec"]["egress"]:
            assert all("ipBlock" in peer for peer in rule["to"])
        (outside, *_) = of(POLICY, f"{model}-server")["spec"]["egress"]
        assert outside["to"][0]["ipBlock"]["except"][0] == "10.80.0.0/16"
    worker = of(POLICY, "large-worker")["spec"]
    (only,) = worker["ingress"]
    parts = {peer["podSelector"]["matchLabels"]["app.kubernetes.io/component"] for peer in only["from"]}
    assert parts == {"large", "large-worker"}


def test_public_route_covers_only_paths_that_require_a_key() -> None:
    (rule,) = [one for one in recorded(STACK).all("aws:lb/listenerRule:ListenerRule") if one.name == "vllm-chat"]
    paths = [one["pathPattern"]["values"] for one in rule.inputs["conditions"] if "pathPattern" in one]
    assert paths == [["/v1", "/v1/*"]]
    (group,) = [one for one in recorded(STACK).all("aws:lb/targetGroup:TargetGroup") if one.name == "vllm-chat"]
    assert group.inputs["healthCheck"]["path"] == "/health"


def test_policies_connect_prometheus_to_models_and_keda_to_prometheus() -> None:
    monitors = {one.inputs["metadata"]["name"]: one.inputs["spec"] for one in recorded(STACK).all(MONITOR)}
    for model in MODELS:
        (endpoint,) = monitors[model]["endpoints"]
        assert (endpoint["targetPort"], endpoint["path"]) == (8000, "/metrics")
        labels = of(SERVICE, f"{model}-server")["metadata"]["labels"]
        assert monitors[model]["selector"]["matchLabels"].items() <= labels.items()
    (prometheus,) = [
        one.inputs["spec"]
        for one in recorded(STACK).all(POLICY)
        if one.inputs["metadata"] == {"name": "prometheus", "namespace": "monitoring"}
    ]
    keda = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "keda"}}}
    assert any(keda in rule["from"] for rule in prometheus["ingress"])
    vllm = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "vllm"}}}
    assert any(
        vllm in rule["to"] and {"protocol": "TCP", "port": 8000} in rule["ports"] for rule in prometheus["egress"]
    )


# ---- how many
