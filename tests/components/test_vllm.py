"""Pods of language models: arguments of vLLM, GPUs, volumes and their stop."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from catalog.quantities import GPU
from catalog.versions import VLLM_IMAGE
from config.model_memory import OLDEST_CAPABILITY
from tests.components.base import BOTH, recorded
from tests.components.vllm import (
    DEPLOYMENT,
    GROUPS,
    MODELS,
    MONITOR,
    ONE_NODE,
    SERVICE,
    STACK,
    WITH_SEVERAL,
    arguments,
    container,
    every_container,
    of,
    options_of,
    templates,
)


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


def test_oldest_supported_gpu_is_the_t4() -> None:
    assert OLDEST_CAPABILITY == (7, 5)


# ---- routers between the clients and the replicas
