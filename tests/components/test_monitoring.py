"""Monitoring: chart values, network policies and permissions."""

import json
from typing import Any

import pytest

from components.operations.monitoring.rules.rule import camel
from components.operations.monitoring.rules.stores import database
from config.parts import scraped
from config.running_hours import longest_gap, times
from config.schedules import eventbridge_expression
from tests.components.base import BOTH, Recording, recorded, settings_of

STACK = "pingvas"
RELEASE, POLICY = "kubernetes:helm.sh/v3:Release", "kubernetes:networking.k8s.io/v1:NetworkPolicy"
MONITOR = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor"


def values(unknown: bool = False) -> dict[str, Any]:
    return dict(recorded(STACK, unknown).inputs(RELEASE, "monitoring")["values"])


def policy(recording: Recording, name: str) -> Any:
    (found,) = (
        one.inputs["spec"]
        for one in recording.all(POLICY)
        if (one.inputs["metadata"]["namespace"], one.inputs["metadata"]["name"]) == ("monitoring", name)
    )
    return found


def ports(rules: list[Any]) -> set[int]:
    return {port["port"] for rule in rules for port in rule["ports"]}


@BOTH
def test_secrets_have_a_restricted_namespace_and_host_agents_another(unknown: bool) -> None:
    levels = {
        one.inputs["metadata"]["name"]: one.inputs["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
        for one in recorded(STACK, unknown).all("kubernetes:core/v1:Namespace")
    }
    assert levels["monitoring"] == "restricted"
    assert levels["node-exporter"] == "privileged"
    assert [name for name, level in levels.items() if level == "privileged"] == ["node-exporter"]
    assert values(unknown)["prometheus-node-exporter"]["namespaceOverride"] == "node-exporter"


@BOTH
def test_prometheus_volume_is_encrypted_and_larger_than_its_retention_size(unknown: bool) -> None:
    spec = values(unknown)["prometheus"]["prometheusSpec"]
    claim = spec["storageSpec"]["volumeClaimTemplate"]["spec"]
    assert (claim["storageClassName"], claim["resources"]) == ("gp3", {"requests": {"storage": "50Gi"}})
    storage = recorded(STACK, unknown).one("kubernetes:storage.k8s.io/v1:StorageClass", "ebs-csi")
    assert storage.inputs["parameters"]["encrypted"] == "true"
    assert spec["retention"] == "15d"
    assert spec["retentionSize"] == "43520MB", "85 % of 50 GiB"
    release = recorded(STACK, unknown).one(RELEASE, "monitoring")
    assert storage.urn in recorded(STACK, unknown).before(release), "volumes go before what makes them"


@BOTH
def test_prometheus_reads_all_namespaces_and_alertmanager_its_own_only(unknown: bool) -> None:
    spec = values(unknown)["prometheus"]["prometheusSpec"]
    kinds = ("rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig")
    assert {spec[f"{kind}SelectorNilUsesHelmValues"] for kind in kinds} == {False}
    own = values(unknown)["alertmanager"]["alertmanagerSpec"]["alertmanagerConfigNamespaceSelector"]
    assert own == {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}


@BOTH
def test_control_plane_components_of_aws_are_not_scraped(unknown: bool) -> None:
    hidden = ("kubeControllerManager", "kubeScheduler", "kubeEtcd", "kubeProxy")
    assert [values(unknown)[part] for part in hidden] == [{"enabled": False}] * 4
    assert values(unknown)["prometheusOperator"]["admissionWebhooks"] == {"enabled": False}


@BOTH
def test_grafana_password_is_generated_and_anonymous_access_is_off(unknown: bool) -> None:
    grafana = values(unknown)["grafana"]
    secret = grafana["admin"]["existingSecret"]
    assert "adminPassword" not in grafana
    assert grafana["grafana.ini"]["auth.anonymous"] == {"enabled": False}
    assert grafana["grafana.ini"]["users"]["allow_sign_up"] is False
    if not unknown:
        (synced,) = (
            one.inputs["spec"]["data"]
            for one in recorded(STACK).all("kubernetes:external-secrets.io/v1:ExternalSecret")
            if one.inputs["metadata"]["name"] == secret
        )
        assert {item["secretKey"] for item in synced} == {"admin-user", "admin-password", "secret-key"}


@BOTH
def test_grafana_reads_config_maps_of_its_namespace_and_no_secret(unknown: bool) -> None:
    grafana = values(unknown)["grafana"]
    role = recorded(STACK, unknown).inputs(
        "kubernetes:rbac.authorization.k8s.io/v1:Role", "monitoring-grafana-dashboards"
    )
    assert grafana["rbac"] == {"namespaced": True, "useExistingRole": role["metadata"]["name"]}
    assert role["rules"] == [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "watch"]}]
    for sidecar in ("dashboards", "datasources"):
        assert grafana["sidecar"][sidecar]["resource"] == "configmap"
        assert grafana["sidecar"][sidecar]["searchNamespace"] == "monitoring"
    assert "secrets" in values(unknown)["kube-state-metrics"]["collectorsExclude"]


@BOTH
def test_exporter_role_reads_metrics_in_its_region_only(unknown: bool) -> None:
    recording = recorded(STACK, unknown)
    document = json.loads(recording.inputs("aws:iam/policy:Policy", "monitoring-cloudwatch")["policy"])
    (statement,) = document["Statement"]
    assert statement["Action"] == ["cloudwatch:GetMetricStatistics"]
    assert statement["Condition"] == {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}


@BOTH
def test_exporter_queries_the_cluster_and_each_cache_node(unknown: bool) -> None:
    data = recorded(STACK, unknown).inputs("kubernetes:core/v1:ConfigMap", "monitoring-cloudwatch")["data"]
    asked = {
        (job["dimensions"][0]["value"], metric["name"])
        for job in json.loads(data["config.yml"])["static"]
        for metric in job["metrics"]
    }
    nodes = ("pingvas-shared-redis-001", "pingvas-shared-redis-002")
    assert asked == {
        ("pingvas-shared-aurora", "ACUUtilization"),
        ("pingvas-shared-aurora", "ServerlessDatabaseCapacity"),
        ("pingvas-shared-aurora", "DatabaseConnections"),
        *((node, metric) for node in nodes for metric in ("EngineCPUUtilization", "DatabaseMemoryUsagePercentage")),
    }


@BOTH
def test_prometheus_egress_allows_its_targets_and_its_ingress_its_clients(unknown: bool) -> None:
    recording = recorded(STACK, unknown)
    spec = policy(recording, "prometheus")
    assert ports(spec["ingress"]) == {9090, 8080}
    peers = [peer for rule in spec["ingress"] for peer in rule["from"]]
    own = [peer["podSelector"]["matchLabels"]["app.kubernetes.io/name"] for peer in peers if "podSelector" in peer]
    assert set(own) == {"prometheus", "grafana"}
    others = [peer for peer in peers if "podSelector" not in peer]
    assert others == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "keda"}}}]
    reached = {
        peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]: ports([rule])
        for rule in spec["egress"]
        for peer in rule["to"]
        if "namespaceSelector" in peer
    }
    assert reached["prod"] == reached["dev"] == {8001, 8002, 8003, 8004}
    assert set(reached) == {"kube-system", *scraped(recording.settings)}


@BOTH
def test_scrape_targets_allow_prometheus_at_the_scraped_port(unknown: bool) -> None:
    recording = recorded(STACK, unknown)
    monitors = recording.all(MONITOR)
    assert len(monitors) == 9, "four applications in each of two environments, and the exporter"
    for monitor in monitors:
        namespace = monitor.inputs["metadata"]["namespace"]
        (endpoint,) = monitor.inputs["spec"]["endpoints"]
        wanted = monitor.inputs["spec"]["selector"]["matchLabels"]
        services = [
            one.inputs
            for one in recording.all("kubernetes:core/v1:Service")
            if one.inputs["metadata"]["namespace"] == namespace
            and wanted.items() <= one.inputs["metadata"].get("labels", {}).items()
        ]
        assert len(services) == 1, monitor.name
        open_to = [
            rule
            for one in recording.all(POLICY)
            if one.inputs["metadata"]["namespace"] == namespace
            and one.inputs["spec"]["podSelector"].get("matchLabels", {}).items() <= wanted.items()
            and one.inputs["spec"]["podSelector"]
            for rule in one.inputs["spec"].get("ingress", ())
        ]
        assert endpoint["targetPort"] in ports(open_to), monitor.name


@pytest.mark.parametrize(
    ("cron", "hours"),
    [("0 2 * * *", 24), ("0 4 * * 0", 168), ("0 8 * * MON-FRI", 72), ("0 */6 * * *", 6), ("0 0 1 * *", 24 * 31)],
)
def test_longest_gap_of_a_backup_follows_its_cron_expression(cron: str, hours: int) -> None:
    assert longest_gap(times(eventbridge_expression(cron))) == hours * 60


def test_longest_gap_of_an_impossible_date_is_an_error() -> None:
    with pytest.raises(ValueError, match="never occurs"):
        longest_gap(times("cron(0 0 30 2 ? *)"))


@pytest.mark.parametrize(("key", "name"), [("dev", "Dev"), ("load-test", "LoadTest")])
def test_alert_names_begin_with_the_key_of_the_environment(key: str, name: str) -> None:
    assert camel(key) == name


def test_provisioned_instance_alert_uses_cpu() -> None:
    # It has no capacity units.
    wanted = 'aws_rds_cpuutilization_average{dimension_DBInstanceIdentifier="'
    settings = settings_of("data")
    (key, *_) = settings.databases
    assert wanted + settings.database_identifier(key) in database(settings, key)
