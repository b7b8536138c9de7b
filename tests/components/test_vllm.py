"""Language models: arguments of vLLM, placement, network policies and scaling."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from aiplatform.fit.pods import objects, workloads
from aiplatform.preview.plan import Resource
from aiplatform.preview.record import record_function
from catalog.quantities import GPU
from catalog.versions import VLLM_IMAGE
from components.platform import Platform
from config.model_memory import OLDEST_CAPABILITY
from config.parts import installed
from config.tenants import Tenants
from config.workloads.vllm import internal_url
from tests.components.base import BOTH, Recording, recorded, settings_from, settings_of

STACK = "vllm"
DEPLOYMENT, SERVICE = "kubernetes:apps/v1:Deployment", "kubernetes:core/v1:Service"
GROUPS = "kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet"
SCALED, BUDGET = "kubernetes:keda.sh/v1alpha1:ScaledObject", "kubernetes:policy/v1:PodDisruptionBudget"
POLICY, MONITOR = "kubernetes:networking.k8s.io/v1:NetworkPolicy", "kubernetes:monitoring.coreos.com/v1:ServiceMonitor"
SECRET, EXTERNAL = "aws:secretsmanager/secret:Secret", "kubernetes:external-secrets.io/v1:ExternalSecret"
RELEASE = "kubernetes:helm.sh/v3:Release"
ONE_NODE = ("chat", "llama", "coder", "night")
MODELS = (*ONE_NODE, "large")


def of(type_: str, name: str, *, unknown: bool = False) -> Mapping[str, Any]:
    """The object of a kind with this name in the models' namespace."""
    (found,) = [
        one.inputs
        for one in recorded(STACK, unknown).all(type_)
        if one.inputs["metadata"]["namespace"] == "vllm" and one.inputs["metadata"]["name"] == name
    ]
    return found


def templates(model: str, *, unknown: bool = False) -> list[Mapping[str, Any]]:
    """The pod templates of a model: one, or those of the leader and the workers."""
    if model in ONE_NODE:
        return [of(DEPLOYMENT, model, unknown=unknown)["spec"]["template"]]
    group = of(GROUPS, model, unknown=unknown)["spec"]["leaderWorkerTemplate"]
    return [group["leaderTemplate"], group["workerTemplate"]]


def container(model: str) -> Mapping[str, Any]:
    """The container that answers."""
    found: Mapping[str, Any] = templates(model)[0]["spec"]["containers"][0]
    return found


WITH_SEVERAL = ("lora-modules", "served-model-name")
"""Options whose values follow them."""


def options_of(given: Mapping[str, Any]) -> list[str]:
    """The options of a container, without the adapters that follow one of them."""
    return [one for one in given["args"][1:] if one.startswith("--")]


def arguments(given: Mapping[str, Any]) -> dict[str, str]:
    """What a container says to vLLM, by option."""
    return {name.removeprefix("--"): value for name, _, value in (one.partition("=") for one in options_of(given))}


def every_container() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each container of each model."""
    for model in MODELS:
        for template in templates(model):
            yield model, template["spec"]["containers"][0]


# ---- what vLLM is told


@pytest.fixture(scope="module")
def options() -> Mapping[str, Any]:
    """The options that vLLM's own parser takes."""
    text = (Path(__file__).parent / "vllm-options.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def test_options_are_those_of_the_pinned_version(options: Mapping[str, Any]) -> None:
    assert VLLM_IMAGE.endswith(f":v{options['version']}"), "tests/components/vllm_options.py prints those of another"


def test_arguments_are_options_of_vllm_with_a_value_where_required(options: Mapping[str, Any]) -> None:
    for model, given in every_container():
        assert given["command"] == ["vllm", "serve"]
        assert not given["args"][0].startswith("-")
        for argument in options_of(given):
            name, equals, value = argument.removeprefix("--").partition("=")
            takes = options["options"].get(name)
            assert takes is not None, f"{model}: --{name}"
            assert bool(equals or name in WITH_SEVERAL) == bool(takes), f"{model}: {argument}"
            assert not isinstance(takes, list) or value in takes, f"{model}: {argument}"


def test_no_option_is_given_twice() -> None:
    for _, given in every_container():
        names = [argument.partition("=")[0] for argument in options_of(given)]
        assert len(set(names)) == len(names)


def test_arguments_have_the_computed_values() -> None:
    """All that decides how much memory is taken, and nothing of it left to vLLM's own choice."""
    told = arguments(container("llama"))
    assert container("llama")["args"][0] == "meta-llama/Llama-3.1-8B-Instruct"
    assert told == {
        "served-model-name": "",
        "port": "8000",
        "dtype": "bfloat16",
        "max-model-len": "16384",
        "max-num-seqs": "256",
        "max-num-batched-tokens": "2048",
        "gpu-memory-utilization": "0.9",
        "tensor-parallel-size": "1",
        "pipeline-parallel-size": "1",
        "shutdown-timeout": "600",
        "quantization": "fp8",
        "enable-lora": "",
        "lora-modules": "",
        "max-loras": "1",
        "max-lora-rank": "32",
        "disable-fastapi-docs": "",
        "chat-template": "/vllm-workspace/examples/tool_chat_template_llama3.1_json.jinja",
        "tool-call-parser": "llama3_json",
        "disable-log-requests": "",
        "enable-auto-tool-choice": "",
        "max-logprobs": "5",
    }


def test_adapters_are_values_of_one_option() -> None:
    # The parser keeps the last --lora-modules: https://docs.vllm.ai/en/v0.33.0/features/lora/
    given = container("llama")["args"]
    first = given.index("--lora-modules")
    assert given[first + 1 : first + 3] == ["law=acme/llama-law", "tax=acme/llama-tax"]
    assert given[first + 3].startswith("--")


def test_aliases_are_values_of_the_served_name() -> None:
    given = container("llama")["args"]
    first = given.index("--served-model-name")
    assert given[first + 1 : first + 5] == ["meta-llama/Llama-3.1-8B-Instruct", "llama", "tools", "--enable-lora"]
    assert arguments(container("chat"))["served-model-name"] == "chat"


@BOTH
def test_chat_template_is_a_file_of_the_pod_and_a_change_restarts_it(unknown: bool) -> None:
    (template,) = templates("chat", unknown=unknown)
    told = arguments(template["spec"]["containers"][0])
    folder, _, file = told["chat-template"].rpartition("/")
    mounts = {one["name"]: one for one in template["spec"]["containers"][0]["volumeMounts"]}
    assert (mounts["templates"]["mountPath"], mounts["templates"]["readOnly"]) == (folder, True)
    (source,) = (one["configMap"]["name"] for one in template["spec"]["volumes"] if one["name"] == "templates")
    assert "message.content" in of("kubernetes:core/v1:ConfigMap", source)["data"][file]
    assert len(template["metadata"]["annotations"]["ai-platform/configuration"]) == 16
    assert "ai-platform/configuration" not in templates("llama")[0]["metadata"]["annotations"]


def test_prompts_are_logged_only_if_set() -> None:
    logged = {model: "enable-log-requests" in arguments(container(model)) for model in MODELS}
    assert logged == {model: model == "chat" for model in MODELS}
    assert all(("disable-log-requests" in arguments(container(model))) != logged[model] for model in MODELS)


def test_series_have_the_model_as_a_label() -> None:
    for model in MODELS:
        (endpoint,) = of(MONITOR, model)["spec"]["endpoints"]
        assert endpoint["relabelings"] == [{"targetLabel": "model", "replacement": model}]


def test_speculation_is_one_json_value() -> None:
    value = json.loads(arguments(container("chat"))["speculative-config"])
    assert value == {"method": "ngram", "num_speculative_tokens": 2}


def test_revision_is_pinned_and_published_quantization_is_left_to_the_model() -> None:
    assert arguments(container("chat"))["revision"] == "b968826d9c46dd6066d109eabc6255188de91218"
    assert "quantization" not in arguments(container("coder"))


def test_service_links_are_disabled() -> None:
    # A Service named vllm would be read as its port.
    for model in MODELS:
        for template in templates(model):
            assert template["spec"]["enableServiceLinks"] is False
    assert {one.inputs["metadata"]["name"] for one in recorded(STACK).all(SERVICE)} >= {f"{m}-server" for m in MODELS}
    assert all(one.inputs["metadata"]["name"] != "vllm" for one in recorded(STACK).all(SERVICE))


# ---- pods


def test_pods_request_gpus_and_select_gpu_nodes() -> None:
    for model in ONE_NODE:
        pod = templates(model)[0]["spec"]
        asked = pod["containers"][0]["resources"]
        assert asked["requests"][GPU] == asked["limits"][GPU] == "1"
        assert pod["nodeSelector"] == {"karpenter.sh/nodepool": "small"}
        assert pod["tolerations"] == [{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}]
    large = templates("large")[0]["spec"]
    assert large["nodeSelector"] == {"eks.amazonaws.com/nodegroup": "multi"}
    assert {one["key"] for one in large["tolerations"]} == {"team", "nvidia.com/gpu"}


def test_shared_memory_is_a_memory_volume_within_the_limit() -> None:
    for model in MODELS:
        for template in templates(model):
            (shared,) = [one for one in template["spec"]["volumes"] if one["name"] == "shared-memory"]
            assert shared["emptyDir"]["medium"] == "Memory"
            mounts = {one["name"]: one["mountPath"] for one in template["spec"]["containers"][0]["volumeMounts"]}
            assert mounts["shared-memory"] == "/dev/shm"  # noqa: S108, the path that processes use
    (chat,) = [one for one in templates("chat")[0]["spec"]["volumes"] if one["name"] == "shared-memory"]
    assert chat["emptyDir"]["sizeLimit"] == "2Gi"
    assert container("chat")["resources"]["limits"]["memory"] == "12Gi"


def test_startup_probe_and_await_allow_the_configured_minutes() -> None:
    for model, minutes in (("chat", 30), ("large", 120)):
        startup = container(model)["startupProbe"]
        assert startup["periodSeconds"] * startup["failureThreshold"] == minutes * 60
        assert startup["httpGet"]["path"] == "/health"
    chat = of(DEPLOYMENT, "chat")
    assert chat["spec"]["progressDeadlineSeconds"] > 30 * 60
    assert int(chat["metadata"]["annotations"]["pulumi.com/timeoutSeconds"]) > chat["spec"]["progressDeadlineSeconds"]


def test_running_answers_are_completed_before_the_pod_stops() -> None:
    for model in MODELS:
        pod = templates(model)[0]["spec"]
        first = pod["containers"][0]
        sleep, drain = first["lifecycle"]["preStop"]["sleep"]["seconds"], int(arguments(first)["shutdown-timeout"])
        assert sleep + drain < pod["terminationGracePeriodSeconds"]


def test_autoscalers_leave_the_nodes_of_running_models() -> None:
    kept = {"cluster-autoscaler.kubernetes.io/safe-to-evict": "false"}
    for model in MODELS:
        for template in templates(model):
            assert template["metadata"]["annotations"].items() >= kept.items()
            assert "karpenter.sh/do-not-disrupt" not in template["metadata"]["annotations"]


def test_workers_outlive_the_responses_of_their_server() -> None:
    server, worker = (one["spec"]["containers"][0]["lifecycle"]["preStop"] for one in templates("large"))
    drain = int(arguments(templates("large")[0]["spec"]["containers"][0])["shutdown-timeout"])
    assert worker["sleep"]["seconds"] == server["sleep"]["seconds"] + drain


def test_rollout_stops_the_old_pod_first() -> None:
    # No spare GPU exists.
    for model in ONE_NODE:
        rolling = of(DEPLOYMENT, model)["spec"]["strategy"]["rollingUpdate"]
        assert rolling == {"maxSurge": 0, "maxUnavailable": 1}
    rolling = of(GROUPS, "large")["spec"]["rolloutStrategy"]["rollingUpdateConfiguration"]
    assert rolling == {"maxSurge": 0, "maxUnavailable": 1}


def test_pods_run_as_non_root_and_write_to_volumes_only() -> None:
    for model in MODELS:
        for template in templates(model):
            spec = template["spec"]
            (only,) = spec["containers"]
            assert only["securityContext"]["readOnlyRootFilesystem"] is True
            assert spec["securityContext"]["runAsUser"] == 2000
            assert spec["automountServiceAccountToken"] is False
            variables = {one["name"]: one.get("value") for one in only["env"]}
            assert variables["HOME"] == "/tmp"  # noqa: S108, a volume of the pod
            assert variables["VLLM_NO_USAGE_STATS"] == "1"


# ---- weights


def test_weights_have_the_configured_volume() -> None:
    volumes = {
        model: {one["name"]: one for one in templates(model)[0]["spec"]["volumes"]}.get("models") for model in MODELS
    }
    assert volumes["chat"] == {"name": "models", "persistentVolumeClaim": {"claimName": "chat-weights"}}
    assert volumes["coder"] == {"name": "models", "persistentVolumeClaim": {"claimName": "coder-weights"}}
    assert volumes["llama"] == {"name": "models", "emptyDir": {"sizeLimit": "60Gi"}}
    assert volumes["night"] is None
    claims = {
        one.inputs["metadata"]["name"]: one.inputs["spec"]
        for one in recorded(STACK).all("kubernetes:core/v1:PersistentVolumeClaim")
    }
    assert claims["chat-weights"]["accessModes"] == ["ReadWriteMany"]
    assert claims["coder-weights"]["resources"]["requests"]["storage"] == "20Gi"
    assert container("llama")["resources"]["requests"]["ephemeral-storage"] == "60Gi"


def test_shared_weights_are_mounted_through_the_access_point() -> None:
    (volume,) = recorded(STACK).all("kubernetes:core/v1:PersistentVolume")
    assert volume.inputs["metadata"]["name"] == "models-vllm-chat"
    assert volume.inputs["spec"]["csi"]["driver"] == "efs.csi.aws.com"
    assert volume.inputs["spec"]["persistentVolumeReclaimPolicy"] == "Retain"


@BOTH
def test_weights_on_an_instance_store_select_nodes_that_use_it(unknown: bool) -> None:
    groups = recorded(STACK, unknown).inputs("kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet", "vllm-large")
    for part in ("leaderTemplate", "workerTemplate"):
        spec = groups["spec"]["leaderWorkerTemplate"][part]["spec"]
        assert spec["containers"][0]["resources"]["requests"]["ephemeral-storage"] == "900Gi"
        (models,) = (volume for volume in spec["volumes"] if volume["name"] == "models")
        assert models == {"name": "models", "emptyDir": {"sizeLimit": "900Gi"}}
    node_class = recorded(STACK, unknown).inputs("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", "pool-small-class")
    assert node_class["spec"]["instanceStorePolicy"] == "RAID0"
    assert node_class["spec"]["blockDeviceMappings"][0]["ebs"]["volumeSize"] == "30Gi"


def test_streamed_weights_are_read_from_their_prefix_with_their_own_role() -> None:
    night = container("night")
    assert night["args"][0] == "s3://models-weights/openai/gpt-oss-20b"
    assert arguments(night)["load-format"] == "runai_streamer"
    assert templates("night")[0]["spec"]["serviceAccountName"] == "night-server"
    policy = json.loads(recorded(STACK).inputs("aws:iam/policy:Policy", "vllm-night-weights")["policy"])
    rights = {one["Sid"]: (one["Action"], one["Resource"]) for one in policy["Statement"]}
    assert rights["ReadWeights"][0] == ["s3:GetObject"]
    assert rights["ReadWeights"][1][0].endswith("/openai/gpt-oss-20b/*")
    assert set(rights) == {"ListWeights", "ReadWeights"}


# ---- keys


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


def ingress(model: str) -> list[Mapping[str, Any]]:
    """The rules of the way in."""
    found: list[Mapping[str, Any]] = of(POLICY, f"{model}-server")["spec"]["ingress"]
    return found


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


def test_keda_scales_by_waiting_requests() -> None:
    spec = of(SCALED, "chat")["spec"]
    assert spec["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "chat"}
    assert (spec["minReplicaCount"], spec["maxReplicaCount"], spec["cooldownPeriod"]) == (1, 3, 600)
    (waiting,) = spec["triggers"]
    assert waiting["metricType"] == "AverageValue"
    assert waiting["metadata"]["query"] == 'sum(vllm:num_requests_waiting{namespace="vllm",service="chat-server"})'
    assert waiting["metadata"]["threshold"] == "4"
    assert waiting["metadata"]["serverAddress"] == "http://monitoring-prometheus.monitoring.svc.cluster.local:9090"
    assert "replicas" not in of(DEPLOYMENT, "chat")["spec"]
    assert of(DEPLOYMENT, "llama")["spec"]["replicas"] == 2


def test_model_at_zero_is_started_by_its_schedule_or_query() -> None:
    _, schedule = of(SCALED, "coder")["spec"]["triggers"]
    assert schedule["type"] == "cron"
    assert schedule["metadata"] == {
        "timezone": "America/Los_Angeles",
        "start": "0 8 * * MON-FRI",
        "end": "0 20 * * MON-FRI",
        "desiredReplicas": "1",
    }
    _, wake = of(SCALED, "night")["spec"]["triggers"]
    counter = "litellm_requests_metric_total"
    assert wake["metadata"]["query"] == f"count({counter} unless {counter} offset 5m)"
    assert int(wake["metadata"]["threshold"]) > 10**6
    assert of(SCALED, "night")["spec"]["minReplicaCount"] == 0


def test_disruption_budget_exists_for_several_replicas_only() -> None:
    # It would block the drain of one.
    having = {one.inputs["metadata"]["name"] for one in recorded(STACK).all(BUDGET) if one.name.startswith("vllm-")}
    assert having == {"chat", "llama", "duo", "duo-router", "pair"}


def test_model_over_several_nodes_is_a_group_with_a_leader() -> None:
    spec = of(GROUPS, "large")["spec"]
    assert (spec["replicas"], spec["leaderWorkerTemplate"]["size"]) == (1, 2)
    assert spec["leaderWorkerTemplate"]["restartPolicy"] == "RecreateGroupOnPodRestart"
    leader, worker = (template["spec"]["containers"][0] for template in templates("large"))
    ours, theirs = arguments(leader), arguments(worker)
    assert (ours["nnodes"], ours["node-rank"], ours["tensor-parallel-size"], ours["pipeline-parallel-size"]) == (
        *("2", "0"),
        *("8", "2"),
    )
    assert (theirs["node-rank"], theirs["headless"]) == ("$(LWS_WORKER_INDEX)", "")
    assert ours["master-addr"] == theirs["master-addr"] == "$(LWS_LEADER_ADDRESS)"
    assert {key: value for key, value in theirs.items() if key not in ("node-rank", "headless")} == {
        key: value for key, value in ours.items() if key != "node-rank"
    }
    selector = of(SERVICE, "large-server")["spec"]["selector"]
    first, second = templates("large")
    assert selector.items() <= first["metadata"]["labels"].items()
    assert not selector.items() <= second["metadata"]["labels"].items()
    assert "readinessProbe" not in worker


def test_fit_counts_gpus_of_pods_and_groups() -> None:
    found = {
        (one.name, one.part): (one.replicas, dict(one.requests).get(GPU, 0))
        for one in workloads(objects(recorded(STACK).plan))
        if one.namespace == "vllm"
    }
    assert found[("chat", "")] == ((1, 1, 3), 1)
    assert found[("coder", "")] == ((0, 0, 1), 1)
    assert found[("llama", "")] == ((2, 2, 2), 1)
    assert found[("large", "leader")] == ((1, 1, 1), 8)
    assert found[("large", "worker")] == ((1, 1, 1), 8)


# ---- add-ons


def test_keda_and_leader_worker_set_are_installed_only_where_needed() -> None:
    names = {one.inputs["name"] for one in recorded(STACK).all(RELEASE)}
    assert {"keda", "lws"} <= names
    plain = recorded("prod")
    assert not {"keda", "leader_worker_set"} & installed(plain.settings).keys()
    assert names & {one.inputs["name"] for one in plain.all(RELEASE)} >= {"external-secrets"}
    assert not {"keda", "lws"} & {one.inputs["name"] for one in plain.all(RELEASE)}


def _waits(recording: Recording, resource: Resource, name: str) -> bool:
    (chart,) = [one for one in recording.all(RELEASE) if one.inputs["name"] == name]
    return chart.urn in recording.before(resource)


def test_objects_depend_on_the_chart_of_their_kind() -> None:
    recording = recorded(STACK)
    assert all(_waits(recording, one, "keda") for one in recording.all(SCALED))
    assert all(_waits(recording, one, "lws") for one in recording.all(GROUPS))


def test_leader_worker_set_image_is_that_of_its_chart() -> None:
    (chart,) = [one.inputs for one in recorded(STACK).all(RELEASE) if one.inputs["name"] == "lws"]
    assert chart["values"]["image"]["manager"]["tag"] == f"v{chart['version']}"


def test_oldest_supported_gpu_is_the_t4() -> None:
    assert OLDEST_CAPABILITY == (7, 5)


# ---- routers between the clients and the replicas


def test_service_of_clients_selects_routers_and_another_one_the_replicas() -> None:
    assert of(SERVICE, "duo-server")["spec"]["selector"]["app.kubernetes.io/component"] == "duo-router"
    assert of(SERVICE, "duo-replicas")["spec"]["selector"]["app.kubernetes.io/component"] == "duo"
    assert of(SERVICE, "llama-server")["spec"]["selector"]["app.kubernetes.io/component"] == "llama"
    (binding,) = [
        one.inputs["spec"]
        for one in recorded(STACK).all("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding")
        if one.inputs["spec"]["serviceRef"]["name"] == "duo-server"
    ]
    assert binding["serviceRef"]["port"] == 8000
    watched = {name: of(MONITOR, name)["spec"]["selector"]["matchLabels"] for name in ("duo", "duo-router")}
    assert {name: found["app.kubernetes.io/component"] for name, found in watched.items()} == {
        "duo": "duo",
        "duo-router": "duo-router",
    }


def test_clients_reach_routers_only_and_routers_their_replicas_and_the_api() -> None:
    def selected(component: str) -> dict[str, Any]:
        labels = {"app.kubernetes.io/name": "vllm", "app.kubernetes.io/component": component}
        return {"podSelector": {"matchLabels": labels}}

    client = {"namespaceSelector": {"matchLabels": {"ai-platform/vllm-client": "true"}}}
    monitoring = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}
    (servers,) = ingress("duo")
    assert servers["from"] == [selected("duo-router"), monitoring]
    routers = of(POLICY, "duo-router")["spec"]
    clients, prometheus = routers["ingress"]
    assert client in clients["from"]
    assert {"ipBlock": {"cidr": recorded(STACK).settings.network.public_cidrs()[0]}} in clients["from"]
    assert prometheus == {"from": [monitoring], "ports": [{"protocol": "TCP", "port": 29000}]}
    replicas, api = routers["egress"]
    assert replicas == {"to": [selected("duo")], "ports": [{"protocol": "TCP", "port": 8000}]}
    assert api["ports"] == [{"protocol": "TCP", "port": 443}]


def test_routers_list_pods_of_their_namespace_and_nothing_else() -> None:
    role = of("kubernetes:rbac.authorization.k8s.io/v1:Role", "duo-router")
    assert role["rules"] == [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}]
    binding = of("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "duo-router")
    assert binding["roleRef"]["kind"], binding["subjects"] == (
        "Role",
        [{"kind": "ServiceAccount", "name": "duo-router", "namespace": "vllm"}],
    )
    pod = of(DEPLOYMENT, "duo-router")["spec"]["template"]["spec"]
    assert pod["serviceAccountName"] == "duo-router"
    assert pod["automountServiceAccountToken"] is True


def test_routers_have_the_time_limits_of_their_model() -> None:
    deployment = of(DEPLOYMENT, "duo-router")["spec"]
    pod = deployment["template"]["spec"]
    (router,) = pod["containers"]
    timeouts = settings_of(STACK).timeouts_of("vllm")
    options = dict(one.partition("=")[::2] for one in router["args"])
    assert options["--idle-connection-timeout-secs"] == str(timeouts.keep_alive)
    assert options["--request-timeout-secs"] == str(timeouts.response)
    assert options["--shutdown-grace-period-secs"] == str(timeouts.drain)
    assert pod["terminationGracePeriodSeconds"] == timeouts.grace_period
    assert router["readinessProbe"]["httpGet"]["path"] == "/readiness"
    assert deployment["replicas"] == 2
    assert of(BUDGET, "duo-router")["spec"]["maxUnavailable"] == 1


def test_one_router_has_the_tree_of_prefixes_and_two_hash_sessions() -> None:
    policies = {}
    for model in ("duo", "pair"):
        spec = of(DEPLOYMENT, f"{model}-router")["spec"]
        (container,) = spec["template"]["spec"]["containers"]
        policies[model] = spec["replicas"], next(one for one in container["args"] if one.startswith("--policy="))
    assert policies == {"duo": (2, "--policy=consistent_hashing"), "pair": (1, "--policy=cache_aware")}


def test_routers_of_a_model_that_scales_to_zero_are_ready_without_it() -> None:
    (container,) = of(DEPLOYMENT, "pair-router")["spec"]["template"]["spec"]["containers"]
    assert container["readinessProbe"]["httpGet"]["path"] == "/health"
    (waiting, _) = [one["metadata"] for one in of(SCALED, "pair")["spec"]["triggers"]]
    assert waiting["query"] == 'sum(vllm:num_requests_waiting{namespace="vllm",service="pair-replicas"})'
