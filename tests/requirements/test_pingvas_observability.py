"""003: monitoring and notifications over the whole plan of the stack."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.config.base import ROOT
from tests.requirements.query import Planned


@pytest.fixture(scope="module")
def alertmanager(pingvas: Planned) -> Mapping[str, Any]:
    """Its configuration."""
    configuration: Mapping[str, Any] = pingvas.release("kube-prometheus-stack")["values"]["alertmanager"]["config"]
    return configuration


def alerts(pingvas: Planned) -> dict[str, Mapping[str, Any]]:
    """Every alert of the program's own, by its name."""
    groups = [group for rule in pingvas.manifests("PrometheusRule") for group in rule["spec"]["groups"]]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


def dashboards(pingvas: Planned) -> dict[str, dict[str, list[str]]]:
    """The expressions of each panel, by the titles of dashboard and panel."""
    found = [
        json.loads(text)
        for item in pingvas.manifests("ConfigMap")
        if item["metadata"].get("labels", {}).get("grafana_dashboard") == "1"
        for text in item["data"].values()
    ]
    return {
        board["title"]: {panel["title"]: [target["expr"] for target in panel["targets"]] for panel in board["panels"]}
        for board in found
    }


def route(configuration: Mapping[str, Any], namespace: str) -> Mapping[str, Any]:
    """The route of a namespace."""
    (found,) = (one for one in configuration["route"]["routes"] if one["matchers"] == [f'namespace="{namespace}"'])
    return found  # type: ignore[no-any-return]


@pytest.mark.requirement("003-obs-01")
def test_aurora_exports_postgresql_logs_to_cloudwatch(pingvas: Planned) -> None:
    cluster = pingvas.one("aws:rds/cluster:Cluster")
    assert cluster.inputs["enabledCloudwatchLogsExports"] == ["postgresql"]


@pytest.mark.requirement("003-obs-02", "003-obs-03")
def test_quota_of_dev_above_90_percent_for_five_minutes_is_an_alert(pingvas: Planned) -> None:
    alert = alerts(pingvas)["DevResourceQuotaExceeded"]
    used, _, hard = alert["expr"].partition(" / ignoring(type) ")
    assert used == 'kube_resourcequota{namespace="dev", type="used"}'
    assert hard == '(kube_resourcequota{namespace="dev", type="hard"} > 0) > 0.9'
    assert alert["for"] == "5m"
    assert alert["labels"]["namespace"] == "dev"
    assert set(alert["annotations"]) == {"summary", "description", "runbook"}


@pytest.mark.requirement("003-obs-04", "003-ver-17")
def test_production_metrics_show_the_cpu_of_prod(pingvas: Planned) -> None:
    boards = dashboards(pingvas)
    assert set(boards) == {"Production Metrics", "Development Metrics"}
    assert boards["Production Metrics"]["Prod Namespace CPU"] == [
        'sum(rate(container_cpu_usage_seconds_total{namespace="prod"}[5m]))'
    ]
    wanted = {"Memory", "Quota Used", "Requests", "Errors", "Queue", "Restarts", "Database ACU", "Cache Memory Used"}
    shown = {title.removeprefix("Prod ").removeprefix("Namespace ") for title in boards["Production Metrics"]}
    assert wanted - shown == set()


@pytest.mark.requirement("003-obs-04")
def test_pod_level_cpu_is_dropped(pingvas: Planned) -> None:
    # Its containers would count twice.
    kubelet = pingvas.release("kube-prometheus-stack")["values"]["kubelet"]["serviceMonitor"]
    first = kubelet["cAdvisorMetricRelabelings"][0]
    assert (first["sourceLabels"], first["action"]) == (["__name__", "container"], "drop")
    assert first["regex"] == "container_(cpu_usage_seconds_total|memory_working_set_bytes);"


@pytest.mark.requirement("003-obs-05")
def test_prod_notifies_pagerduty_after_ten_seconds_and_every_five_minutes(alertmanager: Mapping[str, Any]) -> None:
    told = route(alertmanager, "prod")
    assert (told["receiver"], told["group_wait"], told["repeat_interval"]) == ("pagerduty-prod", "10s", "5m")


@pytest.mark.requirement("003-obs-06")
def test_dev_notifies_slack_after_five_minutes_and_every_hour(alertmanager: Mapping[str, Any]) -> None:
    told = route(alertmanager, "dev")
    assert (told["receiver"], told["group_wait"], told["repeat_interval"]) == ("slack-dev", "5m", "1h")


@pytest.mark.requirement("003-obs-07")
def test_alertmanager_has_a_root_receiver_defines_each_and_uses_matchers(alertmanager: Mapping[str, Any]) -> None:
    defined = {receiver["name"] for receiver in alertmanager["receivers"]}
    used = {alertmanager["route"]["receiver"], *(one["receiver"] for one in alertmanager["route"]["routes"])}
    assert defined == used == {"slack-dev", "pagerduty-prod", "null"}
    keys = {key for one in alertmanager["route"]["routes"] for key in one}
    assert keys.isdisjoint({"match", "match_re"})
    assert "matchers" in keys


@pytest.mark.requirement("003-obs-05", "003-obs-06", "003-obs-07")
def test_receiver_secrets_are_mounted_and_never_written_down(pingvas: Planned, alertmanager: Mapping[str, Any]) -> None:
    spec = pingvas.release("kube-prometheus-stack")["values"]["alertmanager"]["alertmanagerSpec"]
    volumes = {volume["name"]: volume["secret"]["secretName"] for volume in spec["volumes"]}
    mounted = {mount["mountPath"]: volumes[mount["name"]] for mount in spec["volumeMounts"]}
    files = {
        value
        for receiver in alertmanager["receivers"]
        for configured in (*receiver.get("slack_configs", ()), *receiver.get("pagerduty_configs", ()))
        for key, value in configured.items()
        if key.endswith("_file")
    }
    assert len(files) == 2
    for file in files:
        folder, _, key = file.rpartition("/")
        secret = pingvas.manifest("ExternalSecret", mounted[folder], "monitoring")
        assert [item["secretKey"] for item in secret["spec"]["data"]] == [key]


@pytest.mark.requirement("003-ver-18")
def test_production_has_alerts_for_services_database_cache_backups_and_jobs(pingvas: Planned) -> None:
    wanted = {
        "ResourceQuotaExceeded",
        "ErrorRateHigh",
        "LatencyHigh",
        "QueueLong",
        "ContainerRestarts",
        "JobFailed",
        "BackupMissing",
        "RestoreTestMissing",
        "DatabaseCapacityHigh",
        "DatabaseNotWatched",
        "CacheMemoryHigh",
        "CacheNotWatched",
    }
    found = alerts(pingvas)
    assert {name.removeprefix("Prod") for name in found if name.startswith("Prod")} == wanted
    assert {rule["labels"]["namespace"] for name, rule in found.items() if name.startswith("Prod")} == {"prod"}


@pytest.mark.requirement("003-ver-18")
def test_every_alert_links_to_a_section_with_the_remedy(pingvas: Planned) -> None:
    page = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    headings = {
        line.lstrip("#").strip().lower().replace(" ", "-") for line in page.splitlines() if line.startswith("#")
    }
    for name, rule in alerts(pingvas).items():
        file, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert file == "docs/operate.md"
        assert anchor in headings, name


@pytest.mark.requirement("003-ops-06")
def test_metrics_server_serves_kubectl_top_and_the_page_explains_quotas(pingvas: Planned) -> None:
    assert pingvas.one("eks:index:Addon", addonName="metrics-server").inputs["configurationValues"] == {"replicas": 2}
    quotas = {item["metadata"]["namespace"] for item in pingvas.manifests("ResourceQuota")}
    assert quotas == {"dev", "prod"}
    page = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    assert "`kubectl describe quota -n dev` and `-n prod`" in page
    assert "`kubectl top nodes` and `kubectl top pods -n prod`" in page
