"""Alerts as rendered: each fires and stays silent as it must (promtool), routes have the right receiver (amtool), and
Prometheus accepts the query of every dashboard panel."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.components.base import recorded
from tests.parts.counts import proven

STACK = "pingvas"
RULE = "kubernetes:monitoring.coreos.com/v1:PrometheusRule"
Series = dict[str, str]

DATABASE = 'aws_rds_acuutilization_average{dimension_DBClusterIdentifier="pingvas-shared-aurora"}'
OTHER_DATABASE = 'aws_rds_acuutilization_average{dimension_DBClusterIdentifier="another"}'
MEMORY = "aws_elasticache_database_memory_usage_percentage_average"
CACHE = f'{MEMORY}{{dimension_CacheClusterId="pingvas-shared-redis-001"}}'
BACKUP = '{namespace="prod", cronjob="prod-db-backup"}'
RESTORE = '{namespace="prod", cronjob="prod-db-restore-test"}'
MADE, DONE = "kube_cronjob_created", "kube_cronjob_status_last_successful_time"


def quota(kind: str, resource: str = "requests.cpu", namespace: str = "dev") -> str:
    """One series as kube-state-metrics has it."""
    return (
        f'kube_resourcequota{{namespace="{namespace}", resourcequota="{namespace}-quota", resource="{resource}",'
        f' type="{kind}", job="kube-state-metrics", instance="10.0.11.7:8080"}}'
    )


def requests(status: str, service: str = "user-service", namespace: str = "prod", pod: str = "a") -> str:
    """One series of an application."""
    labels = f'namespace="{namespace}", service="{service}", pod="{pod}", status="{status}"'
    return f"http_requests_total{{{labels}}}"


def bucket(upper: str, service: str = "user-service") -> str:
    """One bucket of an application's histogram."""
    return f'http_request_duration_seconds_bucket{{namespace="prod", service="{service}", pod="a", le="{upper}"}}'


def restarts(namespace: str = "prod") -> str:
    """The restarts of a container."""
    labels = f'namespace="{namespace}", pod="user-service-1", container="user-service"'
    return f"kube_pod_container_status_restarts_total{{{labels}}}"


def queue(pod: str = "a", namespace: str = "prod") -> str:
    """The queue, as one replica sees it."""
    return f'generation_queue_length{{namespace="{namespace}", service="generation-service", pod="{pod}"}}'


def failed(condition: str = "true", namespace: str = "prod") -> str:
    """A Job that has given up."""
    return f'kube_job_failed{{namespace="{namespace}", job_name="prod-db-backup-1", condition="{condition}"}}'


@dataclass(frozen=True)
class Firing:
    """Series under which an alert fires once, and what it says then."""

    series: Series
    minutes: int
    labels: dict[str, str]
    summary: str
    description: str
    severity: str = "critical"
    early: int = 0
    """Minutes at which it does not fire yet."""


FIRING = {
    "DevResourceQuotaExceeded": Firing(
        {
            quota("used"): "19x30",
            quota("hard"): "20x30",
            # A quota of zero is used up by nothing, and one that is half used is none of its business.
            quota("used", "requests.nvidia.com/gpu"): "0x30",
            quota("hard", "requests.nvidia.com/gpu"): "0x30",
            quota("used", "pods"): "25x30",
            quota("hard", "pods"): "50x30",
            quota("used", namespace="prod"): "1x30",
            quota("hard", namespace="prod"): "50x30",
        },
        6,
        {
            "resource": "requests.cpu",
            "resourcequota": "dev-quota",
            "namespace": "dev",
            "environment": "dev",
            "job": "kube-state-metrics",
            "instance": "10.0.11.7:8080",
        },
        "dev uses more than 90 % of its quota",
        "requests.cpu of dev-quota in dev: 95% used. Above 100 % no further pod is made.",
        "warning",
        early=4,
    ),
    "ProdResourceQuotaExceeded": Firing(
        {quota("used", "requests.memory", "prod"): "190x30", quota("hard", "requests.memory", "prod"): "200x30"},
        6,
        {
            "resource": "requests.memory",
            "resourcequota": "prod-quota",
            "job": "kube-state-metrics",
            "instance": "10.0.11.7:8080",
        },
        "prod uses more than 90 % of its quota",
        "requests.memory of prod-quota in prod: 95% used. Above 100 % no further pod is made.",
        "warning",
        early=4,
    ),
    "ProdErrorRateHigh": Firing(
        {
            requests("200"): "0+54x30",
            requests("500"): "0+3x30",
            requests("503", pod="b"): "0+3x30",
            requests("200", service="payment-service"): "0+60x30",
        },
        15,
        {"service": "user-service"},
        "user-service fails in prod",
        "10% of its answers are 5xx, and 5 % are allowed.",
        early=4,
    ),
    "ProdLatencyHigh": Firing(
        {bucket("1"): "0+50x30", bucket("3"): "0+100x30", bucket("+Inf"): "0+100x30"},
        15,
        {"service": "user-service"},
        "user-service is slow in prod",
        "One request of twenty takes longer than 2.8s, and 1 s are allowed.",
        "warning",
        early=9,
    ),
    "ProdQueueLong": Firing(
        {queue("a"): "150x30", queue("b"): "150x30"},
        11,
        {"service": "generation-service"},
        "Work for generation-service piles up in prod",
        "150 wait, more than 100.",
        "warning",
        early=9,
    ),
    "ProdContainerRestarts": Firing(
        {restarts(): "0x15 1 2 3x15"},
        25,
        {"pod": "user-service-1", "container": "user-service"},
        "user-service-1 starts again and again in prod",
        "Container user-service started again 3 times in 15 minutes.",
        early=16,
    ),
    "ProdJobFailed": Firing(
        {failed(): "0x5 1x10", failed("false"): "0x15"},
        6,
        {"job_name": "prod-db-backup-1"},
        "Job prod-db-backup-1 failed in prod",
        "It has given up. Its pod's log says why; deleting the Job ends this alert.",
        early=5,
    ),
    "ProdBackupMissing": Firing(
        {MADE + BACKUP: "0x1800", DONE + BACKUP: "0x1800"},
        26 * 60 + 20,
        {"cronjob": "prod-db-backup"},
        "No backup in prod for 26 hours",
        "CronJob prod-db-backup has not ended well within 26 hours, or it is not there.",
        early=26 * 60,
    ),
    "ProdRestoreTestMissing": Firing(
        {MADE + RESTORE: "0x10400", DONE + RESTORE: "0x10400"},
        170 * 60 + 20,
        {"cronjob": "prod-db-restore-test"},
        "No restore test in prod for 170 hours",
        "CronJob prod-db-restore-test has not ended well within 170 hours, or it is not there.",
        early=170 * 60,
    ),
    "ProdDatabaseCapacityHigh": Firing(
        {DATABASE: "95x30", OTHER_DATABASE: "10x30"},
        11,
        {"dimension_DBClusterIdentifier": "pingvas-shared-aurora"},
        "Database shared is nearly at its limit",
        "95 % of its capacity is used, more than 90 %. Every environment on it gets slower.",
        early=9,
    ),
    "ProdDatabaseNotWatched": Firing(
        {OTHER_DATABASE: "10x60"},
        31,
        {},
        "Database shared is not measured",
        "CloudWatch has had no metric of it for half an hour, so no alert about it can fire.",
        "warning",
        early=29,
    ),
    "ProdCacheMemoryHigh": Firing(
        {CACHE: "85x30", CACHE.replace("001", "002"): "40x30"},
        11,
        {"dimension_CacheClusterId": "pingvas-shared-redis-001"},
        "Cache shared is nearly full",
        "85 % of the memory of pingvas-shared-redis-001 is used.",
        early=9,
    ),
    "ProdCacheNotWatched": Firing(
        {CACHE.replace("pingvas-shared-redis", "another"): "10x60"},
        31,
        {},
        "Cache shared is not measured",
        "CloudWatch has had no metric of it for half an hour, so no alert about it can fire.",
        "warning",
        early=29,
    ),
}
RUNBOOKS = {
    "ResourceQuotaExceeded": "quota-nearly-used-up",
    "ErrorRateHigh": "services-fail-or-are-slow",
    "LatencyHigh": "services-fail-or-are-slow",
    "QueueLong": "work-piles-up",
    "ContainerRestarts": "pods-start-again-and-again",
    "JobFailed": "a-job-failed",
    "BackupMissing": "a-backup-is-missing",
    "RestoreTestMissing": "a-backup-is-missing",
    "DatabaseCapacityHigh": "a-database-or-cache-is-nearly-full",
    "CacheMemoryHigh": "a-database-or-cache-is-nearly-full",
    "DatabaseNotWatched": "a-database-or-cache-is-not-measured",
    "CacheNotWatched": "a-database-or-cache-is-not-measured",
}

QUIET: list[tuple[str, str, Series, int]] = [
    ("DevResourceQuotaExceeded", "at the limit", {quota("used"): "18x30", quota("hard"): "20x30"}, 20),
    ("DevResourceQuotaExceeded", "hard 0", {quota("used"): "1x30", quota("hard"): "0x30"}, 20),
    (
        "DevResourceQuotaExceeded",
        "prod's",
        {quota("used", "pods", "prod"): "99x30", quota("hard", "pods", "prod"): "9x30"},
        20,
    ),
    ("DevResourceQuotaExceeded", "for a moment", {quota("used"): "19x3 1x20", quota("hard"): "20x30"}, 10),
    ("ProdResourceQuotaExceeded", "dev's", {quota("used"): "20x30", quota("hard"): "20x30"}, 20),
    ("ProdErrorRateHigh", "one of a hundred", {requests("200"): "0+99x30", requests("500"): "0+1x30"}, 20),
    ("ProdErrorRateHigh", "4xx", {requests("200"): "0+50x30", requests("404"): "0+50x30"}, 20),
    ("ProdErrorRateHigh", "nobody asks", {requests("200"): "7x30", requests("500"): "7x30"}, 20),
    ("ProdErrorRateHigh", "dev's", {requests("500", namespace="dev"): "0+60x30"}, 20),
    ("ProdErrorRateHigh", "another's", {requests("500", service="grafana"): "0+60x30"}, 20),
    ("ProdLatencyHigh", "fast", {bucket("1"): "0+99x30", bucket("3"): "0+100x30", bucket("+Inf"): "0+100x30"}, 20),
    ("ProdLatencyHigh", "nobody asks", {bucket("1"): "5x30", bucket("3"): "9x30", bucket("+Inf"): "9x30"}, 20),
    ("ProdQueueLong", "two replicas see one queue", {queue("a"): "80x30", queue("b"): "80x30"}, 20),
    ("ProdQueueLong", "dev's", {queue(namespace="dev"): "500x30"}, 20),
    ("ProdContainerRestarts", "twice", {restarts(): "0x15 1 2x15"}, 20),
    ("ProdContainerRestarts", "long ago", {restarts(): "7x60"}, 40),
    ("ProdContainerRestarts", "dev's", {restarts("dev"): "0+1x30"}, 20),
    ("ProdJobFailed", "done", {failed("false"): "1x30", failed(): "0x30"}, 20),
    ("ProdJobFailed", "dev's", {failed(namespace="dev"): "1x30"}, 20),
    ("ProdBackupMissing", "made yesterday", {MADE + BACKUP: "0x1500", DONE + BACKUP: "0x1500"}, 25 * 60),
    ("ProdBackupMissing", "not due yet", {MADE + BACKUP: "0x1500"}, 25 * 60),
    ("ProdBackupMissing", "made anew", {MADE + BACKUP: "_x10 600x600", DONE + BACKUP: "_x300 18000x300"}, 20),
    ("ProdRestoreTestMissing", "six days ago", {MADE + RESTORE: "0x8700", DONE + RESTORE: "0x8700"}, 6 * 24 * 60),
    ("ProdDatabaseCapacityHigh", "another's", {OTHER_DATABASE: "99x30", DATABASE: "90x30"}, 20),
    ("ProdDatabaseNotWatched", "measured", {DATABASE: "0x60"}, 40),
    ("ProdDatabaseNotWatched", "a gap", {DATABASE: "1x5 _x20 1x60"}, 40),
    ("ProdCacheMemoryHigh", "half full", {CACHE: "50x30"}, 20),
    ("ProdCacheNotWatched", "measured", {CACHE: "0x60"}, 40),
]
NEVER: list[tuple[str, str, Series, int]] = [
    ("ProdBackupMissing", "never done", {MADE + BACKUP: "0x1800"}, 26 * 60 + 20),
    ("ProdBackupMissing", "nobody does it", {MADE + RESTORE: "0x60"}, 20),
    ("ProdRestoreTestMissing", "nobody does it", {MADE + BACKUP: "0x60"}, 20),
]
"""The ways in which nothing is done beside the one above."""


def named(case: tuple[str, str, Series, int]) -> str:
    return f"{case[0]}: {case[1]}"


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The rules of the stack, each a file as Prometheus reads it."""
    folder = tmp_path_factory.mktemp("rules")
    found = []
    for rule in recorded(STACK).all(RULE):
        file = folder / f"{rule.inputs['metadata']['name']}.yml"
        file.write_text(yaml.safe_dump(rule.inputs["spec"]))
        found.append(file)
    assert len(found) == 5
    return found


def alert_names(rules: list[Path]) -> list[str]:
    documents = [yaml.safe_load(file.read_text()) for file in rules]
    return [rule["alert"] for document in documents for group in document["groups"] for rule in group["rules"]]


def tried(program: Path, folder: Path, rules: list[Path], series: Series, **tests: Any) -> str:
    """What promtool says; empty when it is content."""
    test = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        **tests,
    }
    document = {"rule_files": [str(file) for file in rules], "evaluation_interval": "1m", "tests": [test]}
    file = folder / "test.yml"
    file.write_text(yaml.safe_dump(document))
    done = subprocess.run([program, "test", "rules", file], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def expected(alert: str, at: int, *alerts: dict[str, Any]) -> dict[str, Any]:
    return {"alertname": alert, "eval_time": f"{at}m", "exp_alerts": list(alerts)}


def firing(alert: str, at: int, number: int) -> dict[str, Any]:
    """How many alerts fire, whatever they say."""
    expression = f'count(ALERTS{{alertname="{alert}", alertstate="firing"}})'
    samples = [{"labels": "{}", "value": number}] if number else []
    return {"expr": expression, "eval_time": f"{at}m", "exp_samples": samples}


def test_prometheus_accepts_every_rule(promtool: Path, rules: list[Path]) -> None:
    done = subprocess.run([promtool, "check", "rules", *rules], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    proven("alerting rules that Prometheus takes", len(alert_names(rules)))


def test_every_alert_of_the_stack_has_a_firing_and_a_silent_case(rules: list[Path]) -> None:
    names = alert_names(rules)
    assert sorted(names) == sorted(FIRING)
    assert {name for name, *_ in QUIET} == set(FIRING)


@pytest.mark.requirement("003-obs-02", "003-ver-18")
@pytest.mark.parametrize("alert", FIRING)
def test_alert_fires_after_its_duration_with_its_message(
    promtool: Path, rules: list[Path], tmp_path: Path, alert: str
) -> None:
    case = FIRING[alert]
    environment = "dev" if alert.startswith("Dev") else "prod"
    said = {
        "exp_labels": {
            "namespace": environment,
            "environment": environment,
            "severity": case.severity,
            **case.labels,
        },
        "exp_annotations": {
            "summary": case.summary,
            "description": case.description,
            "runbook": f"docs/operate.md#{RUNBOOKS[alert.removeprefix('Dev').removeprefix('Prod')]}",
        },
    }
    times = [expected(alert, case.minutes, said), *([expected(alert, case.early)] if case.early else [])]
    assert tried(promtool, tmp_path, rules, case.series, alert_rule_test=times) == ""
    proven("alerts that fired when they should")


@pytest.mark.parametrize("case", NEVER, ids=named)
def test_backup_that_never_ran_is_missing(
    promtool: Path, rules: list[Path], tmp_path: Path, case: tuple[str, str, Series, int]
) -> None:
    alert, _, series, minutes = case
    assert tried(promtool, tmp_path, rules, series, promql_expr_test=[firing(alert, minutes, 1)]) == ""
    proven("alerts that fired when they should")


@pytest.mark.parametrize("case", QUIET, ids=named)
def test_alert_is_silent_in_normal_operation(
    promtool: Path, rules: list[Path], tmp_path: Path, case: tuple[str, str, Series, int]
) -> None:
    alert, _, series, minutes = case
    assert tried(promtool, tmp_path, rules, series, promql_expr_test=[firing(alert, minutes, 0)]) == ""
    proven("alerts that were silent when they should be")


@pytest.mark.requirement("003-obs-03")
def test_expression_of_the_document_never_fires_and_divides_by_zero(
    promtool: Path, rules: list[Path], tmp_path: Path
) -> None:
    """Its two sides differ in the label type; ours ignores it. A hard limit of zero would divide to infinity."""
    documents = (
        'kube_resourcequota{namespace="dev",type="used"} / kube_resourcequota{namespace="dev",type="hard"} > 0.9'
    )
    ignoring = documents.replace(" / ", " / ignoring(type) ")
    series = {
        quota("used"): "20x30",
        quota("hard"): "20x30",
        quota("used", "pods"): "1x30",
        quota("hard", "pods"): "0x30",
    }
    answers = [
        {"expr": f"count({documents})", "eval_time": "20m", "exp_samples": []},
        {"expr": f"count({ignoring})", "eval_time": "20m", "exp_samples": [{"labels": "{}", "value": 2}]},
        firing("DevResourceQuotaExceeded", 20, 1),
    ]
    assert tried(promtool, tmp_path, rules, series, promql_expr_test=answers) == ""


# --- who is told ---


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the chart puts into alertmanager.yaml."""
    release = recorded(STACK).one("kubernetes:helm.sh/v3:Release", "monitoring")
    file = tmp_path_factory.mktemp("alertmanager") / "alertmanager.yml"
    file.write_text(yaml.safe_dump(release.inputs["values"]["alertmanager"]["config"]))
    return file


@pytest.mark.requirement("003-obs-07")
def test_alertmanager_accepts_its_configuration(amtool: Path, configuration: Path) -> None:
    done = subprocess.run([amtool, "check-config", configuration], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SUCCESS" in done.stdout
    proven("configurations that Alertmanager takes")


@pytest.mark.requirement("003-obs-05", "003-obs-06")
@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        ({"namespace": "prod", "alertname": "ProdErrorRateHigh"}, "pagerduty-prod"),
        ({"namespace": "dev", "alertname": "DevResourceQuotaExceeded"}, "slack-dev"),
        ({"namespace": "kube-system", "alertname": "KubePodCrashLooping"}, "slack-dev"),
        ({"alertname": "KubeNodeNotReady"}, "slack-dev"),
        ({"alertname": "Watchdog", "severity": "none"}, "null"),
        ({"alertname": "InfoInhibitor", "namespace": "prod", "severity": "none"}, "null"),
        ({"namespace": "production", "alertname": "KubePodCrashLooping"}, "slack-dev"),
    ],
)
def test_alert_is_routed_to_the_receiver_of_its_namespace(
    amtool: Path, configuration: Path, labels: dict[str, str], receiver: str
) -> None:
    asked = [f"{name}={value}" for name, value in labels.items()]
    done = subprocess.run(
        [
            amtool,
            "config",
            "routes",
            "test",
            f"--config.file={configuration}",
            f"--verify.receivers={receiver}",
            *asked,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.split()[0] == receiver
    proven("alerts whose way was followed")


@pytest.mark.parametrize("alert", FIRING)
def test_every_alert_has_the_namespace_of_its_environment(
    amtool: Path, configuration: Path, rules: list[Path], alert: str
) -> None:
    documents = [yaml.safe_load(file.read_text()) for file in rules]
    (labels,) = (
        rule["labels"]
        for document in documents
        for group in document["groups"]
        for rule in group["rules"]
        if rule["alert"] == alert
    )
    asked = [f"alertname={alert}", *(f"{name}={value}" for name, value in labels.items())]
    done = subprocess.run(
        [amtool, "config", "routes", "test", f"--config.file={configuration}", *asked],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["slack-dev" if alert.startswith("Dev") else "pagerduty-prod"]


# --- dashboards ---


def expressions() -> list[str]:
    maps = [
        one.inputs
        for one in recorded(STACK).all("kubernetes:core/v1:ConfigMap")
        if one.inputs["metadata"].get("labels", {}).get("grafana_dashboard") == "1"
    ]
    boards = [json.loads(text) for one in maps for text in one["data"].values()]
    return [target["expr"] for board in boards for panel in board["panels"] for target in panel["targets"]]


def test_prometheus_parses_every_panel_query(promtool: Path, tmp_path: Path) -> None:
    asked = expressions()
    assert len(asked) >= 12
    recording = [{"record": f"panel:{number}", "expr": text} for number, text in enumerate(asked)]
    file = tmp_path / "panels.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": recording}]}))
    done = subprocess.run([promtool, "check", "rules", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    proven("expressions of dashboards that Prometheus takes", len(asked))


@pytest.mark.requirement("003-obs-04")
def test_cpu_of_prod_is_the_sum_over_its_containers(promtool: Path, tmp_path: Path) -> None:
    (asked,) = (text for text in expressions() if "container_cpu_usage" in text and '"prod"' in text)
    cpu = "container_cpu_usage_seconds_total"
    series = {
        f'{cpu}{{namespace="prod", pod="a", container="one"}}': "0+30x20",
        f'{cpu}{{namespace="prod", pod="b", container="two"}}': "0+60x20",
        f'{cpu}{{namespace="dev", pod="c", container="one"}}': "0+60x20",
    }
    answer = {"expr": asked, "eval_time": "10m", "exp_samples": [{"labels": "{}", "value": 1.5}]}
    assert tried(promtool, tmp_path, [], series, promql_expr_test=[answer]) == ""
