"""How many replicas of a language model run, and the charts that this needs."""

from aiplatform.fit.pods import objects, workloads
from aiplatform.preview.plan import Resource
from catalog.quantities import GPU
from config.parts import installed
from tests.components.base import Recording, recorded
from tests.components.vllm import BUDGET, DEPLOYMENT, GROUPS, RELEASE, SCALED, STACK, of


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
