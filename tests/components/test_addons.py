"""Add-ons: the values and the source of each chart, and disruption budgets."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from aiplatform.preview.plan import UNKNOWN
from catalog.versions import (
    ARGO_CD,
    ARGO_CD_IMAGE_UPDATER,
    CLUSTER_AUTOSCALER,
    CLUSTER_AUTOSCALER_IMAGES,
    EXTERNAL_SECRETS,
    KARPENTER,
    KARPENTER_CRD,
    KEDA,
    KUBE_PROMETHEUS_STACK,
    LEADER_WORKER_SET,
    LOAD_BALANCER_CONTROLLER,
    NVIDIA_DEVICE_PLUGIN,
    ChartVersion,
)
from components.cluster.addons.addon import PACKAGED
from components.cluster.addons.installed import charts
from components.cluster.addons.load_balancer_controller_policy import binding_statements, ingress_statements
from components.gitops.charts import CHARTS as GITOPS
from components.operations.monitoring.chart import CHARTS as MONITORING
from config.addons import WarmTargets
from config.parts import all_nodes
from config.parts import charts as needed_charts
from tests.components.base import BOTH, EVERY_STACK, recorded
from tests.config.base import ROOT

RELEASE, ADDON = "kubernetes:helm.sh/v3:Release", "eks:index:Addon"
DIRECTORY = "kubernetes:kustomize/v2:Directory"
CHARTS = {
    "argocd": ARGO_CD,
    "argocd-image-updater": ARGO_CD_IMAGE_UPDATER,
    "cluster-autoscaler": CLUSTER_AUTOSCALER,
    "external-secrets": EXTERNAL_SECRETS,
    "karpenter": KARPENTER,
    "karpenter-crd": KARPENTER_CRD,
    "keda": KEDA,
    "leader-worker-set": LEADER_WORKER_SET,
    "load-balancer-controller": LOAD_BALANCER_CONTROLLER,
    "monitoring": KUBE_PROMETHEUS_STACK,
    "nvidia-device-plugin": NVIDIA_DEVICE_PLUGIN,
}
DEFINITIONS = {name for name in CHARTS if name.endswith("-crd")}
"""Charts that have custom resource definitions alone."""

PLATFORMS = {"argocd", "monitoring"}
"""Charts with many parts, none of which has a role in AWS; each has tests of its own."""

CONTROLLERS = ["cluster-autoscaler", "external-secrets", "load-balancer-controller"]


def parts_of(values: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Everything in the values that describes a container."""
    if "resources" in values and "storage" not in values["resources"].get("requests", {}):
        yield values
    for value in values.values():
        if isinstance(value, Mapping):
            yield from parts_of(value)


@EVERY_STACK
@BOTH
def test_chart_source_is_a_repository_a_mirror_or_a_folder(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    charts = recording.settings.charts
    for item in recording.all(RELEASE):
        chart, inputs = CHARTS[item.name], item.inputs
        assert inputs["name"] == chart.name
        if charts.source == "repository" and chart.repository.startswith("oci://"):
            assert (inputs["chart"], inputs["version"]) == (f"{chart.repository}/{chart.name}", chart.version)
            assert "repositoryOpts" not in inputs, "Helm takes no chart of a registry from a repository"
        elif charts.source == "repository":
            assert (inputs["chart"], inputs["version"]) == (chart.name, chart.version)
            assert inputs["repositoryOpts"] == {"repo": chart.repository}
        elif charts.source == "oci":
            mirror = "oci://111122223333.dkr.ecr.eu-central-1.amazonaws.com/charts"
            assert (inputs["chart"], inputs["version"]) == (f"{mirror}/{chart.name}", chart.version)
            assert "repositoryOpts" not in inputs
        else:
            assert inputs["chart"] == f"charts/{chart.name}-{chart.version}.tgz"
            assert not {"version", "repositoryOpts"} & set(inputs), "Helm would ask a repository for it"


@EVERY_STACK
@BOTH
def test_definitions_that_helm_does_not_upgrade_are_applied_before_the_chart(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    applied = {item.name: item for item in [*recording.all(RELEASE), *recording.all(DIRECTORY)]}
    known = {**charts(), **GITOPS, **MONITORING}
    for item in recording.all(RELEASE):
        if known[CHARTS[item.name].name].definitions == "release":
            first = applied[f"{item.name}-crd"]
            assert first.urn in recording.before(item)
            assert item.inputs["skipCrds"] is True
            packaged = f"{PACKAGED}/{CHARTS[item.name].name}"
            assert first.name in DEFINITIONS or first.inputs["directory"] == packaged
        else:
            assert "skipCrds" not in item.inputs, f"{item.name}: nothing else installs them"


@pytest.mark.parametrize("chart", [KUBE_PROMETHEUS_STACK, LOAD_BALANCER_CONTROLLER, LEADER_WORKER_SET])
def test_packaged_definitions_are_of_the_version_of_the_chart(chart: ChartVersion) -> None:
    folder = ROOT / PACKAGED / chart.name
    about = (folder / "kustomization.yaml").read_text(encoding="utf-8")
    assert about.startswith(f"# {chart.version}\n")
    assert yaml.safe_load(about)["commonAnnotations"] == {"pulumi.com/patchForce": "true"}
    text = (folder / "definitions.yaml").read_text(encoding="utf-8")
    found = list(yaml.load_all(text, Loader=yaml.CSafeLoader))
    assert {item["kind"] for item in found} == {"CustomResourceDefinition"}
    kinds = {
        f"{item['spec']['group']}/{version['name']}:{item['spec']['names']['kind']}"
        for item in found
        for version in item["spec"]["versions"]
        if version["served"]
    }
    assert set({**charts(), **MONITORING}[chart.name].kinds) <= kinds


@EVERY_STACK
@BOTH
def test_enabled_addons_are_installed_and_disabled_ones_are_not(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    wanted = recording.settings.addons
    installed = {item.name for item in [*recording.all(RELEASE), *recording.all(ADDON)]}
    installed -= DEFINITIONS
    switches = {
        "vpc-cni": wanted.vpc_cni,
        "kube-proxy": wanted.kube_proxy,
        "coredns": wanted.coredns,
        "metrics-server": wanted.metrics_server,
        "ebs-csi": wanted.ebs_csi,
        "cluster-autoscaler": wanted.cluster_autoscaler,
        "load-balancer-controller": wanted.load_balancer_controller,
        "external-secrets": wanted.external_secrets,
        "cloudwatch-observability": wanted.cloudwatch_observability,
    }
    expected = {name for name, addon in switches.items() if addon.enabled}
    settings = recording.settings
    if any(nodes.needs_device_plugin() for nodes in (*settings.node_groups.values(), *settings.node_pools.values())):
        expected.add("nvidia-device-plugin")
    if settings.node_pools:
        expected.add("karpenter")
    if recording.settings.cluster.workload_identity == "podIdentity":
        expected.add("eks-pod-identity-agent")
    if recording.settings.file_systems and wanted.efs_csi.enabled:
        expected.add("efs-csi")
    if settings.monitoring is not None:
        expected.add("monitoring")
    if settings.gitops is not None:
        expected.add("argocd")
        if settings.gitops.image_updater is not None:
            expected.add("argocd-image-updater")
    models = settings.workloads.vllm.models.values() if settings.workloads.vllm is not None else ()
    services = [one for key in settings.environments for one in settings.services(key).values()]
    followed = [one.scaling.query for one in services if one.scaling is not None]
    if any(model.autoscaling is not None for model in models) or any(followed):
        expected.add("keda")
    if any(model.gpus() > all_nodes(settings)[model.node_group].gpus_per_node() for model in models):
        expected.add("leader-worker-set")
    assert installed == expected


def test_device_plugin_is_not_installed_on_bottlerocket() -> None:
    # Bottlerocket ships the plugin.
    assert [group.has_gpus() for group in recorded("controller").settings.node_groups.values()] == [True, False]
    assert "nvidia-device-plugin" not in {item.name for item in recorded("controller").all(RELEASE)}


@EVERY_STACK
@BOTH
def test_controller_replicas_follow_settings_and_single_ones_have_no_budget(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    replicas = recording.settings.addons.replicas
    for item in recording.all(RELEASE):
        if item.name not in CONTROLLERS:
            continue
        values = item.inputs["values"]
        assert values["replicaCount"] == replicas, item.name
        assert ("podDisruptionBudget" in values) == (replicas > 1), f"{item.name}: one would hold up every drain"
        assert values.get("podDisruptionBudget", {"maxUnavailable": 1})["maxUnavailable"] == 1
    if stack != "bare":
        configuration = {item.name: item.inputs.get("configurationValues") for item in recording.all(ADDON)}
        assert configuration["coredns"] == {"replicaCount": max(2, replicas)}, "without names nothing works"
        assert configuration["metrics-server"] == {"replicas": replicas}
        assert configuration["ebs-csi"] == {"controller": {"replicaCount": replicas}}


@EVERY_STACK
@BOTH
def test_charts_request_cpu_and_memory_and_have_a_memory_limit(stack: str, unknown: bool) -> None:
    for item in recorded(stack, unknown).all(RELEASE):
        values = item.inputs["values"]
        if item.name in DEFINITIONS:
            continue
        parts = [values, *(values[part] for part in ("webhook", "certController") if part in values)]
        if item.name == "karpenter":
            parts = [values["controller"]]
        if item.name == "keda":
            parts = [{"resources": part} for part in values["resources"].values()]
            assert len(parts) == 2, "the operator and what autoscalers ask"
        if item.name in PLATFORMS:
            parts = list(parts_of(values))
            assert len(parts) >= 5, item.name
        for part in parts:
            assert {"cpu", "memory"} <= set(part["resources"]["requests"]), item.name
            assert "memory" in part["resources"]["limits"], item.name


@EVERY_STACK
@BOTH
def test_chart_service_account_has_its_role_or_an_association(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    irsa = recording.settings.cluster.workload_identity == "irsa"
    for item in recording.all(RELEASE):
        values = item.inputs["values"]
        account = values.get("serviceAccount") or values.get("rbac", {}).get("serviceAccount")
        if account is None:
            assert item.name in {"nvidia-device-plugin", "keda", "leader-worker-set", *PLATFORMS, *DEFINITIONS}
            continue
        role = recorded(stack).inputs("aws:iam/role:Role", item.name)["name"]
        wanted = {"eks.amazonaws.com/role-arn": UNKNOWN if unknown else f"arn:aws:iam::123456789012:role/{role}"}
        assert account["annotations"] == (wanted if irsa else {})
        trust = recording.inputs("aws:iam/role:Role", item.name)
        assert trust["description"] == f"Service account {item.inputs['namespace']}/{account['name']}"


def test_external_secrets_parts_have_probes() -> None:
    # The chart disables these; its webhook fails closed.
    (chart,) = [item.inputs["values"] for item in recorded("dev").all(RELEASE) if item.name == "external-secrets"]
    on = {"enabled": True}
    assert (chart["livenessProbe"], chart["readinessProbe"]) == (on, on)
    assert (chart["webhook"]["livenessProbe"], chart["certController"]["livenessProbe"]) == (on, on)


def test_controller_that_creates_load_balancers_may_create_the_service_linked_role() -> None:
    (own,) = [one for one in ingress_statements("us-west-2", "1", "shop", "vpc-1") if "CreateService" in one.sid]
    assert own.actions == ("iam:CreateServiceLinkedRole",)
    assert own.conditions == {"StringEquals": {"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"}}
    actions = [action for one in binding_statements("us-west-2", "1", "shop") for action in one.actions]
    assert [action for action in actions if action.startswith("iam:")] == []


@EVERY_STACK
@BOTH
def test_load_balancer_controller_gets_cluster_values_and_no_service_webhook(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    for item in recording.all(RELEASE):
        if item.name != "load-balancer-controller":
            continue
        values = item.inputs["values"]
        assert values["clusterName"] == recording.settings.cluster_name()
        assert values["region"] == recording.settings.project.region
        assert values["vpcId"] == (UNKNOWN if unknown else recording.plan.outputs["vpc_id"])
        assert values["enableServiceMutatorWebhook"] is False
        assert values["defaultTargetType"] == "ip"
        assert values["defaultSSLPolicy"] == recording.settings.ingress.tls_policy
        assert values["defaultTags"] == recording.settings.project.default_tags()
        assert values["createIngressClassResource"] == (recording.settings.ingress.owner == "controller")


@EVERY_STACK
def test_cluster_autoscaler_image_matches_the_cluster_version(stack: str) -> None:
    recording = recorded(stack)
    for item in recording.all(RELEASE):
        if item.name == "cluster-autoscaler":
            version = recording.settings.cluster.version
            assert item.inputs["values"]["image"]["tag"] == CLUSTER_AUTOSCALER_IMAGES[version]
            assert item.inputs["values"]["image"]["tag"].startswith(f"v{version}.")
            assert item.inputs["values"]["autoDiscovery"] == {"clusterName": recording.settings.cluster_name()}
            assert item.inputs["values"]["awsRegion"] == recording.settings.project.region
            assert item.inputs["values"]["extraArgs"]["expander"] == "least-waste"


@pytest.mark.parametrize("stack", ["dev", "prod", "offline"])
@BOTH
def test_device_plugin_tolerates_every_taint_of_its_nodes(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    values = recording.inputs(RELEASE, "nvidia-device-plugin")["values"]
    taints = {
        taint.key
        for group in recording.settings.node_groups.values()
        if group.needs_device_plugin()
        for taint in group.all_taints()
    }
    assert {item["key"] for item in values["tolerations"]} == taints
    assert {item["operator"] for item in values["tolerations"]} == {"Exists"}
    (term,) = values["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    (expression,) = term["matchExpressions"]
    for group in recording.settings.node_groups.values():
        selected = group.all_labels().get(expression["key"]) in expression["values"]
        assert selected == group.has_gpus()


@EVERY_STACK
@BOTH
def test_cni_switches_for_prefixes_and_network_policies_are_strings(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    settings = recording.settings.addons.vpc_cni
    for item in recording.all(ADDON):
        if item.name == "vpc-cni":
            values = item.inputs["configurationValues"]
            assert values["enableNetworkPolicy"] == ("true" if settings.network_policy else "false")
            assert (values["env"].get("ENABLE_PREFIX_DELEGATION") == "true") == settings.prefix_delegation


def test_warm_targets_replace_the_one_free_prefix() -> None:
    assert WarmTargets().environment(prefix_delegation=True) == {"WARM_PREFIX_TARGET": "1"}
    assert WarmTargets().environment(prefix_delegation=False) == {}
    assert WarmTargets(interfaces=0).environment(prefix_delegation=False) == {"WARM_ENI_TARGET": "0"}
    counted = WarmTargets(addresses=2, minimum_addresses=8).environment(prefix_delegation=True)
    assert counted == {"WARM_IP_TARGET": "2", "MINIMUM_IP_TARGET": "8"}


@EVERY_STACK
@BOTH
def test_default_storage_class_is_single_encrypted_and_waits_for_its_pod(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    settings = recording.settings.addons.ebs_csi
    classes = recording.all("kubernetes:storage.k8s.io/v1:StorageClass")
    assert len(classes) == (settings.enabled and settings.default_storage_class)
    for item in classes:
        assert item.inputs["metadata"]["annotations"]["storageclass.kubernetes.io/is-default-class"] == "true"
        assert item.inputs["parameters"]["encrypted"] == "true"
        assert item.inputs["volumeBindingMode"] == "WaitForFirstConsumer"


def test_addon_version_of_the_settings_is_used() -> None:
    assert recorded("data").inputs(ADDON, "ebs-csi")["addonVersion"] == "v1.50.0-eksbuild.1"
    assert recorded("dev").inputs(ADDON, "ebs-csi")["addonVersion"] == "v1.66.0-eksbuild.1"


@EVERY_STACK
def test_releases_are_those_of_the_list_of_charts(stack: str) -> None:
    recording = recorded(stack, unknown=False)
    releases = {(item.inputs["name"], CHARTS[item.name].version) for item in recording.all(RELEASE)}
    assert {(chart.name, version) for chart, version in needed_charts(recording.settings)} == releases
