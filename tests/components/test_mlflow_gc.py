"""MLflow: workspaces, the default permission, garbage collection, limits of artifacts, and the nodes of its pods."""

import configparser
import json
from collections.abc import Mapping
from typing import Any

import pytest

from aiplatform.preview.plan import Resource
from catalog.quantities import MEMORY, amount
from config.workloads.mlflow import Mlflow
from config.workloads.resources import Replicas
from tests.components.base import EVERY_STACK, recorded

CRON_JOB = "kubernetes:batch/v1:CronJob"
JOB = "kubernetes:batch/v1:Job"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
STACK = "data"
"""Has workspaces, garbage collection, a limit of artifacts and nodes with a taint."""


def template(resource: Resource) -> Mapping[str, Any]:
    spec = resource.inputs["spec"]
    found: Mapping[str, Any] = spec.get("jobTemplate", {"spec": spec})["spec"]["template"]
    return found


def variables(resource: Resource) -> dict[str, Any]:
    (container,) = template(resource)["spec"]["containers"]
    return {item["name"]: item.get("value", item.get("valueFrom")) for item in container["env"]}


def command(resource: Resource) -> list[str]:
    found: list[str] = template(resource)["spec"]["containers"][0]["command"]
    return found


def policy(namespace: str, name: str, stack: str = STACK) -> Mapping[str, Any]:
    (found,) = (
        item.inputs["spec"]
        for item in recorded(stack).all(POLICY)
        if (item.inputs["metadata"]["namespace"], item.inputs["metadata"]["name"]) == (namespace, name)
    )
    return found


def test_gc_runs_on_its_schedule_alone_and_ends() -> None:
    job = recorded(STACK).one(CRON_JOB, "mlflow-gc").inputs
    spec = job["spec"]
    assert job["metadata"]["name"] == "mlflow-gc"
    assert (spec["schedule"], spec["timeZone"]) == ("15 4 * * SUN", "Europe/Berlin")
    assert (spec["concurrencyPolicy"], spec["suspend"]) == ("Forbid", False)
    assert spec["jobTemplate"]["spec"]["activeDeadlineSeconds"] >= 3.5 * 24 * 3600, "nodes are stopped on weekends"
    assert spec["jobTemplate"]["spec"]["backoffLimit"] == 6
    assert template(recorded(STACK).one(CRON_JOB, "mlflow-gc"))["spec"]["priorityClassName"] == "ai-platform"


def test_gc_deletes_through_the_server_and_has_no_aws_permissions() -> None:
    job = recorded(STACK).one(CRON_JOB, "mlflow-gc")
    *shell, script = command(job)
    assert shell == ["sh", "-c"]
    assert script == (
        'exec mlflow gc --backend-store-uri "${MLFLOW_BACKEND_STORE_URI}" --older-than 14d --all-workspaces'
    )
    given = variables(job)
    assert given["MLFLOW_TRACKING_URI"] == "http://mlflow.mlflow.svc.cluster.local:5000"
    assert given["MLFLOW_BACKEND_STORE_URI"].endswith("/runs")
    assert set(given["MLFLOW_TRACKING_PASSWORD"]) == set(given["PGPASSWORD"]) == {"secretKeyRef"}
    spec = template(job)["spec"]
    assert "serviceAccountName" not in spec
    assert spec["automountServiceAccountToken"] is False
    assert not [name for name in given if name.startswith("AWS")]


def test_gc_reaches_the_database_and_the_server_only() -> None:
    gc = policy("mlflow", "mlflow-gc")
    labels = template(recorded(STACK).one(CRON_JOB, "mlflow-gc"))["metadata"]["labels"]
    assert gc["podSelector"]["matchLabels"].items() <= labels.items()
    assert [rule["ports"][0]["port"] for rule in gc["egress"]] == [5432, 5000]
    peers = policy("mlflow", "mlflow-server")["ingress"][0]["from"]
    assert gc["podSelector"] in [peer.get("podSelector") for peer in peers]


@EVERY_STACK
def test_gc_exists_only_where_it_is_set(stack: str) -> None:
    settings = recorded(stack).settings
    mlflow, tenants = settings.workloads.mlflow, settings.tenants
    wanted = ["mlflow-gc"] if mlflow is not None and mlflow.gc is not None else []
    if tenants is not None and tenants.mlflow is not None and tenants.mlflow.gc is not None:
        wanted += [f"tenant-{tenant.name}-mlflow-gc" for tenant in tenants.all(settings.project.name)]
    assert [one.name for one in recorded(stack).all(CRON_JOB) if one.name.endswith("-gc")] == wanted


def test_gc_of_a_tenant_uses_its_own_server_and_rests_while_it_is_suspended() -> None:
    recording = recorded("tenants")
    for tenant in recording.settings.tenants.all("academy"):
        job = recording.one(CRON_JOB, f"tenant-{tenant.name}-mlflow-gc")
        given = variables(job)
        assert job.inputs["metadata"]["namespace"] == tenant.namespace
        assert job.inputs["spec"]["suspend"] is tenant.suspended
        assert given["MLFLOW_TRACKING_URI"] == f"http://mlflow-server.{tenant.namespace}.svc.cluster.local:5000"
        assert given["MLFLOW_BACKEND_STORE_URI"].endswith(f"/mlflow_{tenant.name}")
        assert "--all-workspaces" not in command(job)[-1]
        assert "MLFLOW_TRACKING_PASSWORD" not in given, "a tenant's server has no login"
        (container,) = template(job)["spec"]["containers"]
        assert {"cpu", "memory"} == set(container["resources"]["limits"]), "the quota requires limits"
        labels = template(job)["metadata"]["labels"]
        assert labels["sidecar.istio.io/inject"] == "false", "a sidecar would never end"
        assert labels.get("app") != "mlflow-server", "the Service and `kubectl logs -l` select servers"
        assert policy(tenant.namespace, "mlflow-gc", "tenants")["podSelector"]["matchLabels"].items() <= labels.items()


def test_default_permission_and_workspaces_reach_the_server() -> None:
    data = recorded(STACK).inputs("kubernetes:core/v1:ConfigMap", "mlflow-server")["data"]["basic_auth.ini"]
    parser = configparser.ConfigParser()
    parser.read_string(data)
    assert parser["mlflow"]["default_permission"] == "NO_PERMISSIONS"
    assert parser["mlflow"]["grant_default_workspace_access"] == "false", "users are members of named workspaces"
    assert "--enable-workspaces" in command(recorded(STACK).one(DEPLOYMENT, "mlflow-server"))
    assert "--enable-workspaces" not in command(recorded("mlflow").one(DEPLOYMENT, "mlflow-server"))
    workspaces = json.loads(variables(recorded(STACK).one(JOB, "mlflow-users"))["WORKSPACES"])
    assert workspaces["lake"] == {"description": "Raw data", "admin": ["curator"], "user": ["miner"]}
    assert workspaces["default"]["user"] == ["visitor"]


def test_workspaces_add_a_connection_pool() -> None:
    settings = recorded(STACK).settings.workloads.mlflow
    without = settings.model_copy(update={"workspaces": {}})
    assert settings.database_connections(1) == (5 + 1) * 4 * 4 * 5
    assert without.database_connections(1) == (5 + 1) * 4 * 3 * 5


def test_every_pod_of_mlflow_is_on_the_chosen_nodes() -> None:
    recording = recorded(STACK)
    tolerated = [{"key": "team", "operator": "Equal", "value": "data", "effect": "NoExecute"}]
    for type_, name in ((DEPLOYMENT, "mlflow-server"), (JOB, "mlflow-upgrade"), (JOB, "mlflow-users")):
        spec = template(recording.one(type_, name))["spec"]
        assert (spec["nodeSelector"], spec["tolerations"]) == ({"team": "data"}, tolerated), name
    spec = template(recording.one(CRON_JOB, "mlflow-gc"))["spec"]
    assert (spec["nodeSelector"], spec["tolerations"]) == ({"team": "data"}, tolerated)
    assert "tolerations" not in template(recorded("mlflow").one(DEPLOYMENT, "mlflow-server"))["spec"]


def test_limit_of_artifacts_is_a_plugin_of_the_server() -> None:
    deployment = recorded(STACK).one(DEPLOYMENT, "mlflow-server")
    container = template(deployment)["spec"]["containers"][0]
    given = {item["name"]: item.get("value") for item in container["env"]}
    assert (given["ARTIFACT_LIMIT_BYTES"], given["ARTIFACT_SIGNED_URLS"]) == (str(16 * 2**20), "false")
    words = container["command"]
    app = words[words.index("--app-name") + 1]
    (volume,) = (one for one in template(deployment)["spec"]["volumes"] if one["name"] == "plugin")
    paths = {item["key"]: item["path"] for item in volume["configMap"]["items"]}
    data = recorded(STACK).inputs("kubernetes:core/v1:ConfigMap", "mlflow-server")["data"]
    parser = configparser.ConfigParser()
    parser.read_string(data["entry_points.txt"])
    module, factory = parser["mlflow.app"][app].split(":")
    assert f"def {factory}(" in data[f"{module}.py"]
    assert paths[f"{module}.py"] == f"{module}.py"
    assert paths["entry_points.txt"].endswith(".dist-info/entry_points.txt"), "what Python looks for"
    mounted = {item["name"]: item["mountPath"] for item in container["volumeMounts"]}
    assert given["PYTHONPATH"] == mounted["plugin"]


def test_server_without_a_limit_has_no_plugin() -> None:
    deployment = recorded("mlflow").one(DEPLOYMENT, "mlflow-server")
    assert [one["name"] for one in template(deployment)["spec"]["volumes"]] == ["scratch", "config"]
    names = [item["name"] for item in template(deployment)["spec"]["containers"][0]["env"]]
    assert not {"PYTHONPATH", "ARTIFACT_LIMIT_BYTES"} & set(names)
    data = recorded("mlflow").inputs("kubernetes:core/v1:ConfigMap", "mlflow-server")["data"]
    assert set(data) == {"basic_auth.ini", "metrics.py"}


@pytest.mark.parametrize("number", [1, 2, 3, 5, 6])
def test_connections_grow_with_replicas_and_workers(number: int) -> None:
    settings = recorded("mlflow").settings.workloads.mlflow
    replicated = settings.model_copy(update={"replicas": Replicas(min=number, max=number)})
    # A rollout starts one more; each process has the pools of runs, models and users.
    assert replicated.database_connections(1) == (number + 1) * 3 * 5
    worked = Mlflow.model_validate({"database": "a", "bucket": "b", "workers": number})
    assert worked.database_connections(1) == (5 + 1) * number * 3 * 5
    assert amount(MEMORY, worked.resources.requests.memory) == (768 + 512 * (number - 1)) * 2**20
    assert amount(MEMORY, worked.resources.limits.memory) == (1536 + 1024 * (number - 1)) * 2**20
