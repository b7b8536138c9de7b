"""Applications of environments."""

from collections.abc import Mapping
from typing import Any
from unittest import mock

import pulumi

from tests.components.base import BOTH, Recording, record_stack, recorded

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
RULE, RECORD = "aws:lb/listenerRule:ListenerRule", "aws:route53/record:Record"


def pods(recording: Recording, name: str) -> Mapping[str, Any]:
    """The pods of a Deployment."""
    found: Mapping[str, Any] = recording.inputs(DEPLOYMENT, name)["spec"]["template"]["spec"]
    return found


def environment(recording: Recording, name: str) -> dict[str, Any]:
    """The plain variables of an application."""
    (container,) = pods(recording, name)["containers"]
    return {item["name"]: item.get("value") for item in container["env"]}


@BOTH
def test_gpu_service_requests_and_tolerates_gpus_and_rolls_out_without_surge(unknown: bool) -> None:
    recording = recorded("pingvas", unknown)
    spec = recording.inputs(DEPLOYMENT, "prod-generation-worker")["spec"]
    assert spec["strategy"]["rollingUpdate"] == {"maxSurge": 0, "maxUnavailable": 1}
    (container,) = spec["template"]["spec"]["containers"]
    resources = container["resources"]
    assert resources["requests"]["nvidia.com/gpu"] == resources["limits"]["nvidia.com/gpu"] == "1"
    assert spec["template"]["spec"]["tolerations"] == [
        {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}
    ]
    assert container["startupProbe"]["periodSeconds"] * container["startupProbe"]["failureThreshold"] == 600


def test_rollout_without_gpus_has_a_new_pod_ready_before_an_old_one_stops() -> None:
    recording = recorded("pingvas")
    spec = recording.inputs(DEPLOYMENT, "prod-user-service")["spec"]
    assert spec["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
    assert "tolerations" not in spec["template"]["spec"]
    zones, _ = spec["template"]["spec"]["topologySpreadConstraints"]
    assert (zones["topologyKey"], zones["whenUnsatisfiable"]) == ("topology.kubernetes.io/zone", "DoNotSchedule")
    spread, _ = pods(recording, "prod-generation-worker")["topologySpreadConstraints"]
    assert spread["whenUnsatisfiable"] == "ScheduleAnyway", "GPUs are taken where there are some"


def test_service_follows_a_prometheus_query_of_its_namespace() -> None:
    recording = recorded("pingvas")
    spec = recording.inputs("kubernetes:keda.sh/v1alpha1:ScaledObject", "prod-generation-worker")["spec"]
    assert spec["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "generation-worker"}
    assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (1, 10)
    # The autoscaler by CPU that an earlier version created becomes KEDA's.
    assert spec["advanced"]["horizontalPodAutoscalerConfig"] == {"name": "generation-worker"}
    (trigger,) = spec["triggers"]
    assert trigger["metricType"] == "AverageValue"
    assert trigger["metadata"]["threshold"] == "10"
    query = 'max(generation_queue_length{namespace="prod",service="generation-service"})'
    assert trigger["metadata"]["query"] == query
    assert trigger["metadata"]["serverAddress"] == "http://monitoring-prometheus.monitoring.svc.cluster.local:9090"
    assert [one.name for one in recording.all(HPA) if "worker" in one.name] == []
    assert "replicas" not in recording.inputs(DEPLOYMENT, "prod-generation-worker")["spec"]


def test_running_request_is_completed_before_the_pod_stops() -> None:
    spec = pods(recorded("pingvas"), "prod-user-service")
    (container,) = spec["containers"]
    pause = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert 0 < pause < spec["terminationGracePeriodSeconds"] - 30


def test_priority_class_is_of_the_service_or_else_the_first_of_the_environment() -> None:
    assert pods(recorded("pingvas"), "prod-payment-service")["priorityClassName"] == "prod-critical"
    assert pods(recorded("pingvas"), "prod-user-service")["priorityClassName"] == "prod-high"
    assert pods(recorded("environments"), "live-search")["priorityClassName"] == "rest"


def test_application_variables_hold_namespace_region_and_environment_values() -> None:
    found = environment(recorded("environments"), "trial-gallery")
    assert {key: found[key] for key in ("ENVIRONMENT", "NAMESPACE", "AWS_DEFAULT_REGION", "THEME", "HOME")} == {
        "ENVIRONMENT": "trial",
        "NAMESPACE": "atelier-trial",
        "AWS_DEFAULT_REGION": "us-west-2",
        "THEME": "trial",
        "HOME": "/tmp",  # noqa: S108, a volume of the pod
    }


@BOTH
def test_application_secrets_are_variables_of_its_own_kubernetes_secret(unknown: bool) -> None:
    recording = recorded("environments", unknown)
    (container,) = pods(recording, "live-gallery")["containers"]
    references = {item["name"]: item["valueFrom"]["secretKeyRef"] for item in container["env"] if "valueFrom" in item}
    assert {name: reference["key"] for name, reference in references.items()} == {
        "MAIL_PASSWORD": "MAIL_PASSWORD",
        "SESSION_KEY": "SESSION_KEY",
    }
    (search,) = pods(recording, "live-search")["containers"]
    assert not [item for item in search["env"] if "valueFrom" in item]
    assert (search["command"], search["args"]) == (["search"], ["--verbose"])
    assert pods(recording, "live-search")["nodeSelector"] == {"team": "search"}


def test_replicas_are_fixed_or_autoscaled_and_two_have_a_disruption_budget() -> None:
    recording = recorded("environments")
    replicas = {item.name: item.inputs["spec"]["replicas"] for item in recording.all(DEPLOYMENT)}
    assert replicas == {"live-gallery": 2, "live-search": 1, "trial-gallery": 1, "lab-search": 0}
    assert recording.all(HPA) == []
    assert [item.name for item in recording.all(BUDGET)] == ["live-gallery"]
    pingvas = recorded("pingvas")
    scaled = pingvas.inputs(HPA, "prod-user-service")["spec"]
    assert (scaled["minReplicas"], scaled["maxReplicas"]) == (2, 10)
    assert "replicas" not in pingvas.inputs(DEPLOYMENT, "prod-user-service")["spec"]


@BOTH
def test_services_of_one_host_have_path_rules_and_one_dns_record(unknown: bool) -> None:
    recording = recorded("pingvas", unknown)
    host = "api.pingvas.example.com"
    paths = [
        condition["pathPattern"]["values"]
        for rule in recording.all(RULE)
        for condition in rule.inputs["conditions"]
        if {"hostHeader": {"values": [host]}} in rule.inputs["conditions"] and "pathPattern" in condition
    ]
    assert sorted(paths) == [["/api/v1/generations", "/api/v1/generations/*"], ["/api/v1/users", "/api/v1/users/*"]]
    (record,) = (item for item in recording.all(RECORD) if item.inputs["name"] == host)
    assert record.name == f"ingress-{host}", "it outlives each of the services"


def test_port_of_two_environments_has_one_inbound_rule() -> None:
    # AWS refuses a duplicate rule.
    recording = recorded("pingvas")
    opened = [
        item.inputs["fromPort"]
        for item in recording.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        if item.name.endswith("-from-load-balancer")
    ]
    assert len(opened) == len(set(opened))
    assert {8001, 8003} <= set(opened)
    assert not {8002, 8004} & set(opened), "no host leads there"


@BOTH
def test_controller_ingresses_have_ordered_paths_and_a_host_has_one_record(unknown: bool) -> None:
    recording = recorded("environments", unknown)
    ways = {
        item.inputs["metadata"]["name"]: (rule["host"], rule["http"]["paths"][0]["path"])
        for item in recording.all("kubernetes:networking.k8s.io/v1:Ingress")
        if item.inputs["metadata"]["namespace"] == "live"
        for rule in item.inputs["spec"]["rules"]
    }
    assert ways == {
        "gallery": ("www.atelier.example.com", "/"),
        "search": ("www.atelier.example.com", "/search"),
    }
    orders = {
        item.inputs["metadata"]["name"]: int(
            item.inputs["metadata"]["annotations"]["alb.ingress.kubernetes.io/group.order"]
        )
        for item in recording.all("kubernetes:networking.k8s.io/v1:Ingress")
        if item.inputs["metadata"]["namespace"] == "live"
    }
    assert orders["search"] < orders["gallery"], "`/` would take what is meant for `/search`"
    names = [item.inputs["name"] for item in recording.all(RECORD) if item.name.startswith("ingress-www")]
    assert names == ["www.atelier.example.com"]


def test_image_changes_are_ignored_where_argo_cd_delivers_and_nothing_else_is() -> None:
    ignored: dict[str, list[str] | None] = {}
    initialize = pulumi.CustomResource.__init__

    def watched(self: pulumi.CustomResource, type_: str, name: str, *args: Any, **more: Any) -> None:
        options = args[1] if len(args) > 1 else more.get("opts")
        if type_ == DEPLOYMENT:
            ignored[name] = options.ignore_changes if options else None
        initialize(self, type_, name, *args, **more)

    with mock.patch.object(pulumi.CustomResource, "__init__", watched):
        record_stack("pingvas")
        record_stack("environments")
    image = ["spec.template.spec.containers[0].image"]
    assert (ignored["dev-user-service"], ignored["prod-user-service"]) == (image, image)
    assert not ignored["live-gallery"]
    annotations = recorded("pingvas").inputs(DEPLOYMENT, "dev-user-service")["metadata"]["annotations"]
    assert annotations == {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false"}
    assert "annotations" not in recorded("environments").inputs(DEPLOYMENT, "live-gallery")["metadata"]
