"""The pods of add-ons and charts, derived from a plan."""

import dataclasses

import pytest

from aiplatform.fit.system_pods import DIRECTORY, bundle, system_pods
from aiplatform.fit.unknown import unknown
from aiplatform.preview.charts import ADDON, RELEASE, chart_name, known
from aiplatform.preview.plan import Plan, Resource
from catalog.kubeflow_pods import PODS_OF, asked
from components.kubeflow.steps import STEPS, address, step_at
from components.kubernetes.charts import SystemPods
from config.kubeflow import Kubeflow
from tests.components.base import EVERY_STACK, STACKS, recorded


def _plan(type_: str, inputs: dict[str, object]) -> Plan:
    return Plan("p", "s", (Resource("urn:one", type_, "one", None, None, (), inputs),), {})


@EVERY_STACK
def test_pods_of_every_addon_and_chart_are_known(stack: str) -> None:
    plan = recorded(stack).plan
    assert list(unknown(plan)) == []
    installed = [one for one in plan.resources if one.type in (ADDON, RELEASE)]
    found = list(system_pods(plan))
    assert len(found) >= len(installed)
    names = [(one.namespace, one.name) for one in found]
    assert len(set(names)) == len(names)


def test_every_entry_is_used_by_a_stack() -> None:
    plans = [recorded(stack).plan for stack in STACKS]
    used = {found.name for plan in plans for one in plan.resources if (found := bundle(one)) is not None}
    assert set(known()) - used == set()


def test_chart_requests_are_those_of_its_values() -> None:
    by_name = {one.name: one for one in system_pods(recorded("prod").plan)}
    controller = by_name["aws-load-balancer-controller"]
    assert controller.containers == [{"cpu": "50m", "memory": "128Mi"}]
    assert controller.replicas == 2
    assert controller.spread[0]["whenUnsatisfiable"] == "DoNotSchedule"
    webhook = by_name["external-secrets-webhook"]
    assert (webhook.namespace, webhook.containers) == ("external-secrets", [{"cpu": "10m", "memory": "64Mi"}])
    assert webhook.spread == by_name["external-secrets"].spread


def test_model_addons_run_the_pods_of_their_charts() -> None:
    """As `helm template` renders them: two Deployments of KEDA without its webhooks, and one of LeaderWorkerSet."""
    by_name = {one.name: one for one in system_pods(recorded("vllm").plan)}
    operator, metrics = by_name["keda-operator"], by_name["keda-operator-metrics-apiserver"]
    assert (operator.namespace, operator.replicas, operator.containers) == (
        *("keda", 2),
        [{"cpu": "50m", "memory": "128Mi"}],
    )
    assert (metrics.replicas, metrics.containers) == (2, [{"cpu": "25m", "memory": "96Mi"}])
    assert operator.spread[0]["labelSelector"] == {"matchLabels": {"app.kubernetes.io/name": "keda-operator"}}
    groups = by_name["lws-controller-manager"]
    assert (groups.namespace, groups.replicas, groups.containers) == (
        *("lws-system", 2),
        [{"cpu": "50m", "memory": "128Mi"}],
    )
    assert "keda-admission-webhooks" not in by_name


def test_container_insights_runs_an_agent_and_fluent_bit_on_every_node() -> None:
    """As `helm template` renders chart 6.4.0, and its operator the agents; OpenTelemetry brings three kinds more."""
    found = {one.name: one for one in system_pods(recorded("alarms").plan) if one.namespace == "amazon-cloudwatch"}
    everywhere = {name: list(one.containers) for name, one in found.items() if one.replicas is None}
    assert everywhere == {
        "cloudwatch-agent": [{"cpu": "100m", "memory": "192Mi"}],
        "fluent-bit": [{"cpu": "50m", "memory": "64Mi"}],
        "node-exporter": [{"cpu": "50m", "memory": "30Mi"}],
    }
    assert all(found[name].tolerations for name in everywhere), "also where only GPUs' pods may go"
    once = {"amazon-cloudwatch-observability", "kube-state-metrics", "cloudwatch-agent-cluster-scraper"}
    assert {name for name, one in found.items() if one.replicas == 1} == once
    plain = {one.name for one in system_pods(_plan(ADDON, {"addonName": "amazon-cloudwatch-observability"}))}
    assert plain == {"cloudwatch-agent", "fluent-bit", "amazon-cloudwatch-observability"}


def test_daemon_set_has_no_replicas_and_a_deployment_has_its_own() -> None:
    daemon = SystemPods("agent", [{"cpu": "1m"}]).as_object()
    server = SystemPods("server", [{}], replicas=2, restricted=True).as_object()
    assert (daemon["kind"], "replicas" in daemon["spec"]) == ("DaemonSet", False)
    assert (server["kind"], server["spec"]["replicas"]) == ("Deployment", 2)
    (container,) = server["spec"]["template"]["spec"]["containers"]
    assert container["securityContext"]["runAsNonRoot"] is True


def test_cni_without_network_policies_runs_no_agent() -> None:
    off = {"addonName": "vpc-cni", "configurationValues": {"enableNetworkPolicy": "false"}}
    (alone,) = system_pods(_plan(ADDON, off))
    assert len(alone.containers) == 1


def test_efs_driver_requests_are_those_of_its_values() -> None:
    (controller, node) = (pods for pods in system_pods(recorded("data").plan) if pods.name.startswith("efs-csi-"))
    assert (controller.containers, controller.replicas) == ([{"cpu": "10m", "memory": "64Mi"}] * 3, 2)
    assert (node.containers, node.replicas, node.host_network) == ([{}] * 3, None, True)
    (by_itself, _) = system_pods(_plan(ADDON, {"addonName": "aws-efs-csi-driver"}))
    assert by_itself.containers == [{"cpu": "200m"}] * 3


def test_chart_in_a_folder_is_known_by_its_file() -> None:
    release = {"chart": "/charts/cluster-autoscaler-9.59.0.tgz", "values": {"replicaCount": 2}}
    (pods,) = system_pods(_plan(RELEASE, release))
    assert dataclasses.asdict(pods)["replicas"] == 2


@pytest.mark.parametrize(
    ("chart", "name"),
    [
        ("karpenter", "karpenter"),
        ("oci://public.ecr.aws/karpenter/karpenter-crd", "karpenter-crd"),
        ("/charts/karpenter-1.14.0.tgz", "karpenter"),
        ("charts/karpenter-crd-1.14.0.tgz", "karpenter-crd"),
        ("kube-prometheus-stack-75.15.1-rc.1+build.tgz", "kube-prometheus-stack"),
        ("lws-v0.7.0.tgz", "lws"),
        ("charts/argo-cd/", "argo-cd"),
        ("charts/argo-cd-9", "argo-cd-9"),
    ],
)
def test_chart_has_the_name_of_its_address_or_file(chart: str, name: str) -> None:
    assert chart_name(chart) == name


@pytest.mark.parametrize("source", ["https://github.com/kubeflow/manifests", "manifests", "/srv/manifests"])
def test_each_folder_of_kubeflow_is_known_by_its_path(source: str) -> None:
    settings = Kubeflow.model_validate({"source": source, "version": "v26.03"}, by_alias=True)
    assert [step_at(address(settings, step)) for step in STEPS] == list(STEPS)
    assert step_at("components/kubeflow/manifests/other") is None
    assert step_at("elsewhere/kserve") is None


def test_argo_cd_runs_its_enabled_parts_in_its_namespace() -> None:
    values = {"server": {"replicas": 2, "resources": {"requests": {"cpu": "25m"}}}, "notifications": {"enabled": False}}
    found = {one.name: one for one in system_pods(_plan(RELEASE, {"chart": "argo-cd", "values": values}))}
    assert {one.namespace for one in found.values()} == {"argocd"}
    assert (found["argocd-server"].replicas, found["argocd-server"].containers) == (2, [{"cpu": "25m"}])
    assert found["argocd-application-controller"].replicas == 1
    assert len(found) == 5
    assert "argocd-notifications-controller" not in found


def test_monitoring_chart_includes_the_pods_of_its_operator() -> None:
    """As `helm template` and the operator have it: two StatefulSets, three Deployments and a DaemonSet."""
    pods = [one for one in system_pods(recorded("pingvas").plan) if one.namespace in ("monitoring", "node-exporter")]
    asked = {(one.name, one.replicas): [(each["cpu"], each["memory"]) for each in one.containers] for one in pods}
    assert asked == {
        ("prometheus", 1): [("200m", "1Gi"), ("5m", "24Mi")],
        ("alertmanager", 1): [("10m", "64Mi"), ("5m", "24Mi")],
        ("monitoring-operator", 1): [("20m", "64Mi")],
        ("grafana", 1): [("50m", "192Mi"), ("5m", "72Mi"), ("5m", "72Mi")],
        ("kube-state-metrics", 1): [("10m", "64Mi")],
        ("node-exporter", None): [("10m", "32Mi")],
    }


def test_kubeflow_runs_the_pods_of_installed_parts_with_mesh_proxies() -> None:
    pods = {(one.namespace, one.name): one for one in system_pods(recorded("kubeflow").plan)}
    assert pods["istio-system", "istiod"].containers == ({"cpu": "500m", "memory": "2048Mi"},)
    server = pods["kubeflow", "ml-pipeline"]
    assert (server.containers, server.replicas) == (
        ({"cpu": "250m", "memory": "500Mi"}, {"cpu": "10m", "memory": "40Mi"}),
        1,
    )
    assert pods["kube-system", "istio-cni-node"].replicas is None
    roles = bundle(_plan(DIRECTORY, {"directory": "components/kubeflow/manifests/roles"}).resources[0])
    assert roles is not None
    assert roles.pods is not None, "known to bring none"
    assert list(roles.pods) == []


def test_kubeflow_requests_are_those_of_release_26_03() -> None:
    """By hand from `kustomize build`; the release's own table counts use, and parts that are not installed here."""
    assert asked(Kubeflow().chosen()) == {"pods": 35, "cpu": 2632, "memory": 7638 * 1024**2}
    assert asked(("istio", "login", "profiles")) == {"pods": 3, "cpu": 610, "memory": 2216 * 1024**2}
    written = {pods for of_step in PODS_OF.values() for pods in (one.name for one in of_step)}
    # With the four of Katib, which is not installed by default.
    assert len(written) == 40
