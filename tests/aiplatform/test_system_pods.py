"""The pods that add-ons and charts bring, read out of a plan."""

import dataclasses

import pytest

from aiplatform.fit.system.addons import ADDONS
from aiplatform.fit.system.charts import CHARTS
from aiplatform.fit.system.pods import SystemPods
from aiplatform.fit.system_pods import ADDON, DIRECTORY, RELEASE, system_pods
from aiplatform.preview.plan import Plan, Resource
from catalog.kubeflow_pods import PODS_OF, asked
from config.kubeflow import Kubeflow
from tests.components.base import EVERY_STACK, STACKS, recorded


def _plan(type_: str, inputs: dict[str, object]) -> Plan:
    return Plan("p", "s", (Resource("urn:one", type_, "one", None, None, (), inputs),), {})


@EVERY_STACK
def test_what_every_addon_and_chart_of_a_stack_runs_is_known(stack: str) -> None:
    plan = recorded(stack).plan
    installed = [one for one in plan.resources if one.type in (ADDON, RELEASE)]
    found = list(system_pods(plan))
    assert len(found) >= len(installed)
    names = [(one.namespace, one.name) for one in found]
    assert len(set(names)) == len(names)


def test_every_entry_is_used_by_a_stack() -> None:
    plans = [recorded(stack).plan for stack in STACKS]
    used = {str(one.inputs.get("addonName", one.inputs.get("chart"))) for plan in plans for one in plan.resources}
    assert {name for name in ADDONS if name not in used} == set()
    assert {name for name in CHARTS if not any(name in one for one in used)} == set()


def test_what_a_chart_asks_for_is_what_its_values_say() -> None:
    by_name = {one.name: one for one in system_pods(recorded("prod").plan)}
    controller = by_name["aws-load-balancer-controller"]
    assert controller.containers == [{"cpu": "50m", "memory": "128Mi"}]
    assert controller.replicas == 2
    assert controller.spread[0]["whenUnsatisfiable"] == "DoNotSchedule"
    webhook = by_name["external-secrets-webhook"]
    assert (webhook.namespace, webhook.containers) == ("external-secrets", [{"cpu": "10m", "memory": "64Mi"}])
    assert webhook.spread == by_name["external-secrets"].spread


def test_what_models_bring_along_is_what_their_charts_make() -> None:
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


def test_container_insights_runs_an_agent_and_fluent_bit_everywhere_and_asks_what_its_values_say() -> None:
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


def test_the_object_of_a_daemon_set_has_no_replicas_and_that_of_a_deployment_its_own() -> None:
    daemon = SystemPods("agent", [{"cpu": "1m"}]).as_object()
    server = SystemPods("server", [{}], replicas=2, restricted=True).as_object()
    assert (daemon["kind"], "replicas" in daemon["spec"]) == ("DaemonSet", False)
    assert (server["kind"], server["spec"]["replicas"]) == ("Deployment", 2)
    (container,) = server["spec"]["template"]["spec"]["containers"]
    assert container["securityContext"]["runAsNonRoot"] is True


def test_without_network_policies_the_cni_runs_no_agent() -> None:
    off = {"addonName": "vpc-cni", "configurationValues": {"enableNetworkPolicy": "false"}}
    (alone,) = system_pods(_plan(ADDON, off))
    assert len(alone.containers) == 1


def test_the_efs_driver_asks_little_of_each_of_its_three_containers_where_the_values_say_so() -> None:
    (controller, node) = (pods for pods in system_pods(recorded("data").plan) if pods.name.startswith("efs-csi-"))
    assert (controller.containers, controller.replicas) == ([{"cpu": "10m", "memory": "64Mi"}] * 3, 2)
    assert (node.containers, node.replicas, node.host_network) == ([{}] * 3, None, True)
    (by_itself, _) = system_pods(_plan(ADDON, {"addonName": "aws-efs-csi-driver"}))
    assert by_itself.containers == [{"cpu": "200m"}] * 3


def test_a_chart_in_a_folder_is_known_by_its_file() -> None:
    release = {"chart": "/charts/cluster-autoscaler-9.59.0.tgz", "values": {"replicaCount": 2}}
    (pods,) = system_pods(_plan(RELEASE, release))
    assert dataclasses.asdict(pods)["replicas"] == 2


@pytest.mark.parametrize(("type_", "inputs"), [(ADDON, {"addonName": "new"}), (RELEASE, {"chart": "new"})])
def test_an_addon_that_nobody_wrote_down_is_an_error_with_its_name(type_: str, inputs: dict[str, object]) -> None:
    with pytest.raises(LookupError, match=r"urn:one: the pods of new are unknown; add them to aiplatform\.fit"):
        list(system_pods(_plan(type_, inputs)))


def test_argo_cd_runs_its_parts_in_its_namespace_and_what_is_switched_off_not_at_all() -> None:
    values = {"server": {"replicas": 2, "resources": {"requests": {"cpu": "25m"}}}, "notifications": {"enabled": False}}
    found = {one.name: one for one in system_pods(_plan(RELEASE, {"chart": "argo-cd", "values": values}))}
    assert {one.namespace for one in found.values()} == {"argocd"}
    assert (found["argocd-server"].replicas, found["argocd-server"].containers) == (2, [{"cpu": "25m"}])
    assert found["argocd-application-controller"].replicas == 1
    assert len(found) == 5
    assert "argocd-notifications-controller" not in found


def test_the_monitoring_chart_runs_what_its_operator_makes_too() -> None:
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


def test_kubeflow_runs_the_pods_of_the_parts_that_are_installed_each_with_the_meshs_proxy() -> None:
    pods = {(one.namespace, one.name): one for one in system_pods(recorded("kubeflow").plan)}
    assert pods["istio-system", "istiod"].containers == ({"cpu": "500m", "memory": "2048Mi"},)
    server = pods["kubeflow", "ml-pipeline"]
    assert (server.containers, server.replicas) == (
        ({"cpu": "250m", "memory": "500Mi"}, {"cpu": "10m", "memory": "40Mi"}),
        1,
    )
    assert pods["kube-system", "istio-cni-node"].replicas is None
    others = _plan(DIRECTORY, {})
    with pytest.raises(LookupError, match=r"urn:one: the pods of its directory are unknown"):
        list(system_pods(others))
    roles = dataclasses.replace(others.resources[0], name="kubeflow-roles")
    assert list(system_pods(dataclasses.replace(others, resources=(roles,)))) == []


def test_all_of_kubeflow_asks_for_what_release_26_03_does() -> None:
    """By hand from `kustomize build`; the release's own table counts use, and parts that are not installed here."""
    assert asked(Kubeflow().chosen()) == {"pods": 35, "cpu": 2632, "memory": 7638 * 1024**2}
    assert asked(("istio", "login", "profiles")) == {"pods": 3, "cpu": 610, "memory": 2216 * 1024**2}
    written = {pods for of_step in PODS_OF.values() for pods in (one.name for one in of_step)}
    assert len(written) == 36
