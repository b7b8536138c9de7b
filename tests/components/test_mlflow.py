"""MLflow: server settings, order of resources, and restarts."""

import configparser
import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any
from unittest import mock

import pulumi
import pulumi_aws as aws
import pytest

from aiplatform.preview.outputs import Context, id_and_outputs
from aiplatform.preview.plan import UNKNOWN, Resource
from components.workloads.mlflow.environment import allowed_hosts, allowed_origins
from tests.components.base import BOTH, Recording, alone, record_stack, recorded
from tests.each import each

WITH_MLFLOW = ["dev", "mlflow", "prod", "controller", "data", "inside", "long", "offline"]
EVERY_STACK = each("stack", WITH_MLFLOW)

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
SERVER = "mlflow-server"
JOB = "kubernetes:batch/v1:Job"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"


def is_of_the_workload(item: Resource) -> bool:
    """Tenants have servers of their own, with the same names in their namespaces; and there are language models."""
    return not item.inputs["metadata"]["namespace"].startswith(("team", "mlflow-system", "vllm"))


def pod(resource: Resource) -> Mapping[str, Any]:
    return resource.inputs["spec"]["template"]["spec"]


def server(stack: str, unknown: bool = False) -> Mapping[str, Any]:
    (container,) = (
        item for item in pod(recorded(stack, unknown).one(DEPLOYMENT, SERVER))["containers"] if item["name"] == "server"
    )
    return container


def option(stack: str, flag: str, unknown: bool = False) -> str:
    command = server(stack, unknown)["command"]
    assert command.count(flag) == 1, flag
    return command[command.index(flag) + 1]


def environment(container: Mapping[str, Any]) -> dict[str, Any]:
    return {item["name"]: item.get("value", item.get("valueFrom")) for item in container.get("env", [])}


# --- the server's command and environment ---


@EVERY_STACK
@BOTH
def test_port_is_set_by_argument(stack: str, unknown: bool) -> None:
    # A Service named mlflow injects another one.
    assert option(stack, "--port", unknown) == "5000"
    assert option(stack, "--host", unknown) == "0.0.0.0"  # noqa: S104
    assert "MLFLOW_PORT" not in environment(server(stack, unknown))
    assert recorded(stack, unknown).inputs("kubernetes:core/v1:Service", SERVER)["metadata"]["name"] == "mlflow"


@EVERY_STACK
@BOTH
def test_authentication_is_on_and_artifacts_are_proxied(stack: str, unknown: bool) -> None:
    command = server(stack, unknown)["command"]
    assert command[:2] == ["mlflow", "server"]
    app = option(stack, "--app-name", unknown)
    assert app == ("limited-basic-auth" if recorded(stack).settings.workloads.mlflow.artifact_limit else "basic-auth")
    assert "--serve-artifacts" in command
    bucket = recorded(stack).settings.bucket_name(recorded(stack).settings.workloads.mlflow.bucket)
    assert option(stack, "--artifacts-destination", unknown) == f"s3://{bucket}"


def key_of(recording: Recording, secret: str, key: str) -> dict[str, str]:
    """A reference to one key of a Kubernetes secret, whose name ends in the version of what it was made from."""
    (kept,) = (
        item.inputs
        for item in recording.all("kubernetes:external-secrets.io/v1:ExternalSecret")
        if item.name.endswith(f"-{secret}") and is_of_the_workload(item)
    )
    assert kept["spec"]["target"]["name"] == kept["metadata"]["name"]
    assert key in [entry["secretKey"] for entry in kept["spec"]["data"]]
    return {"name": kept["spec"]["target"]["name"], "key": key}


@EVERY_STACK
@BOTH
def test_flask_secret_and_admin_password_are_set(stack: str, unknown: bool) -> None:
    # Basic auth refuses to start without them.
    values = environment(server(stack, unknown))
    recording = recorded(stack, unknown)
    assert values["MLFLOW_FLASK_SERVER_SECRET_KEY"] == {
        "secretKeyRef": key_of(recording, "mlflow-server", "session-key")
    }
    assert values["MLFLOW_AUTH_ADMIN_PASSWORD"] == {"secretKeyRef": key_of(recording, "mlflow-admin", "password")}
    assert values["PGPASSWORD"] == {"secretKeyRef": key_of(recording, "mlflow-database", "password")}
    assert values["PGSSLMODE"] == "require"


@EVERY_STACK
def test_runs_and_users_have_a_database_each_and_urls_hold_no_password(stack: str) -> None:
    recording = recorded(stack)
    settings = recording.settings.databases[recording.settings.workloads.mlflow.database]
    values = environment(server(stack))
    address = recording.settings.database_identifier(recording.settings.workloads.mlflow.database)
    runs = values["MLFLOW_BACKEND_STORE_URI"]
    assert runs.startswith(f"postgresql+psycopg2://mlflow_app@{address}.")
    assert runs.endswith(f":5432/{settings.database_name}")
    config = recording.inputs("kubernetes:core/v1:ConfigMap", "mlflow-server")["data"]
    parser = configparser.ConfigParser()
    parser.read_string(config["basic_auth.ini"])
    users = parser["mlflow"]["database_uri"]
    assert users == f"{runs.rpartition('/')[0]}/mlflow_auth", "one with the runs would mix two migrations"
    assert parser["mlflow"]["admin_username"] == "admin"
    assert "admin_password" not in parser["mlflow"]
    mounted = {item["name"]: item["mountPath"] for item in server(stack)["volumeMounts"]}
    assert values["MLFLOW_AUTH_CONFIG_PATH"] == f"{mounted['config']}/basic_auth.ini"


def test_values_of_the_database_are_unknown_in_a_first_preview() -> None:
    values = environment(server("dev", unknown=True))
    assert values["MLFLOW_BACKEND_STORE_URI"] == UNKNOWN
    assert recorded("dev", True).inputs("kubernetes:core/v1:ConfigMap", "mlflow-server")["data"]["basic_auth.ini"] == (
        UNKNOWN
    )


def test_job_queues_and_telemetry_are_disabled() -> None:
    values = environment(server("prod"))
    assert values["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] == "false"
    assert values["MLFLOW_DISABLE_TELEMETRY"] == "true"
    assert values["AWS_DEFAULT_REGION"] == "us-west-2"
    assert values["MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE"] == "virtual", "URLs that it signs name the region"


INSIDE = [
    "mlflow",
    "mlflow:5000",
    "mlflow.ml-platform",
    "mlflow.ml-platform:5000",
    "mlflow.ml-platform.svc",
    "mlflow.ml-platform.svc:5000",
    "mlflow.ml-platform.svc.cluster.local",
    "mlflow.ml-platform.svc.cluster.local:5000",
    "localhost",
    "localhost:5000",
    "127.0.0.1",
    "127.0.0.1:5000",
]


def test_allowed_hosts_are_the_client_names_with_and_without_port() -> None:
    wanted = [*INSIDE, "mlflow.mdpg.ai", "mlflow.mdpg.ai:443", "mlflow.mdpg.ai:80"]
    assert option("mlflow", "--allowed-hosts").split(",") == wanted
    assert option("mlflow", "--allowed-hosts", unknown=True).split(",") == wanted


def test_load_balancer_name_is_an_allowed_host_without_a_domain() -> None:
    # MLflow would answer 403.
    recording = recorded("dev")
    name = recording.plan.outputs["mlflow_url"].removeprefix("http://").removesuffix("/")
    assert name.startswith("internal-ai-dev-alb-")
    assert {name, f"{name}:80"} <= set(option("dev", "--allowed-hosts").split(","))
    assert option("dev", "--cors-allowed-origins") == f"http://{name}"
    assert option("dev", "--allowed-hosts", unknown=True) == UNKNOWN


def test_extra_hosts_are_allowed_as_hosts_and_origins() -> None:
    hosts = option("data", "--allowed-hosts").split(",")
    assert {"lake.example.com", "proxy.example.net", "proxy.example.net:443"} <= set(hosts)
    assert option("data", "--cors-allowed-origins") == "https://lake.example.com,https://proxy.example.net"


@EVERY_STACK
@BOTH
def test_hosts_and_origins_have_no_wildcard(stack: str, unknown: bool) -> None:
    assert "*" not in option(stack, "--allowed-hosts", unknown)
    assert "*" not in option(stack, "--cors-allowed-origins", unknown)


def resolved(output: Callable[[], pulumi.Output[str]]) -> str:
    """The value of an output of plain values."""
    plan = alone(lambda: aws.sns.Topic("out", display_name=output()))
    return plan.inputs("aws:sns/topic:Topic")["displayName"]


@pytest.mark.parametrize(
    ("name", "extra", "encrypted", "wanted"),
    [
        (None, (), False, "http://localhost:5000"),
        ("a.example.com", (), True, "https://a.example.com"),
        ("a.example.com", ("b.example.com",), False, "http://a.example.com,https://b.example.com"),
        ("a.example.com", ("a.example.com",), True, "https://a.example.com"),
        (None, ("b.example.com",), True, "https://b.example.com"),
    ],
)
def test_origins(name: str | None, extra: tuple[str, ...], encrypted: bool, wanted: str) -> None:
    assert resolved(lambda: allowed_origins(name, extra, encrypted=encrypted)) == wanted


def test_duplicate_host_is_allowed_once() -> None:
    hosts = resolved(lambda: allowed_hosts("ml-platform", ["a.example.com", "a.example.com"])).split(",")
    assert hosts == [*INSIDE, "a.example.com", "a.example.com:443", "a.example.com:80"]


@EVERY_STACK
def test_keep_alive_exceeds_the_load_balancer_idle_timeout(stack: str) -> None:
    # It would answer 502.
    words = option(stack, "--uvicorn-opts").split()
    keep_alive = int(words[words.index("--timeout-keep-alive") + 1])
    assert keep_alive > recorded(stack).settings.ingress.idle_timeout_seconds


@EVERY_STACK
def test_stopping_pod_has_time_to_deregister_and_finish_uploads(stack: str) -> None:
    recording = recorded(stack)
    spec, container = pod(recording.one(DEPLOYMENT, SERVER)), server(stack)
    words = option(stack, "--uvicorn-opts").split()
    uploads = int(words[words.index("--timeout-graceful-shutdown") + 1])
    drain = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert drain >= 15
    assert spec["terminationGracePeriodSeconds"] > drain + uploads


@EVERY_STACK
def test_metrics_have_a_port_of_their_own(stack: str) -> None:
    # The server requires a password.
    recording = recorded(stack)
    folder = option(stack, "--expose-prometheus")
    (metrics,) = (item for item in pod(recording.one(DEPLOYMENT, SERVER))["containers"] if item["name"] == "metrics")
    assert environment(metrics)["PROMETHEUS_MULTIPROC_DIR"] == folder
    (port,) = metrics["ports"]
    annotations = recording.inputs(DEPLOYMENT, SERVER)["spec"]["template"]["metadata"]["annotations"]
    assert annotations["prometheus.io/port"] == str(port["containerPort"]) == environment(metrics)["METRICS_PORT"]
    assert annotations["prometheus.io/scrape"] == "true"
    assert {"name": "scratch", "mountPath": "/tmp", "readOnly": False} in [  # noqa: S108, the pod's volume
        {"readOnly": False, **item} for item in metrics["volumeMounts"]
    ]
    assert "metrics.py" in recording.inputs("kubernetes:core/v1:ConfigMap", "mlflow-server")["data"]


def test_workload_settings_reach_the_pod() -> None:
    assert option("data", "--workers") == "4"
    assert pod(recorded("data").one(DEPLOYMENT, SERVER))["nodeSelector"] == {"team": "data"}
    assert server("prod")["resources"]["requests"] == {"cpu": "500m", "memory": "1Gi", "ephemeral-storage": "5Gi"}
    assert server("prod")["resources"]["limits"] == {"memory": "2Gi"}
    spec = pod(recorded("long").one(DEPLOYMENT, SERVER))
    assert spec["serviceAccountName"] == recorded("long").settings.workloads.mlflow.service_account


# --- availability ---


@EVERY_STACK
@BOTH
def test_replicas_spread_strictly_where_there_are_two_zones(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    replicas = recording.settings.workloads.mlflow.replicas
    constraints = {
        item["topologyKey"]: item for item in pod(recording.one(DEPLOYMENT, SERVER))["topologySpreadConstraints"]
    }
    zones = constraints["topology.kubernetes.io/zone"]
    assert zones["whenUnsatisfiable"] == ("DoNotSchedule" if replicas.min > 1 else "ScheduleAnyway")
    assert zones["maxSkew"] == 1
    assert constraints["kubernetes.io/hostname"]["whenUnsatisfiable"] == "ScheduleAnyway"
    assert all(item["matchLabelKeys"] == ["pod-template-hash"] for item in constraints.values())
    assert all(item["nodeTaintsPolicy"] == "Honor" for item in constraints.values())
    scaler = recording.inputs("kubernetes:autoscaling/v2:HorizontalPodAutoscaler")["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (replicas.min, replicas.max)
    (metric,) = scaler["metrics"]
    assert metric["containerResource"]["target"] == {
        "type": "Utilization",
        "averageUtilization": replicas.cpu_percent,
    }


@EVERY_STACK
@BOTH
def test_rollout_keeps_the_number_of_servers(stack: str, unknown: bool) -> None:
    strategy = recorded(stack, unknown).inputs(DEPLOYMENT, SERVER)["spec"]["strategy"]
    assert strategy == {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
    budget = recorded(stack, unknown).inputs("kubernetes:policy/v1:PodDisruptionBudget", SERVER)["spec"]
    assert budget["maxUnavailable"] == 1, "minAvailable equal to the replicas would hold up every drain"
    assert budget["unhealthyPodEvictionPolicy"] == "AlwaysAllow"


@EVERY_STACK
def test_probes_use_the_open_health_path_and_allow_five_minutes_to_start(stack: str) -> None:
    container = server(stack)
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"] == {"path": "/health", "port": "http"}
    startup = container["startupProbe"]
    assert startup["periodSeconds"] * startup["failureThreshold"] >= 300


def test_replicas_of_the_shipped_stacks_are_those_of_the_documents() -> None:
    replicas = recorded("mlflow").settings.workloads.mlflow.replicas
    assert (replicas.min, replicas.max) == (2, 5)


# --- order ---


@EVERY_STACK
@BOTH
def test_schema_upgrade_follows_the_database_user_and_precedes_servers(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    user, upgrade = recording.one(JOB, "mlflow-database-user"), recording.one(JOB, "mlflow-upgrade")
    deployment = recording.one(DEPLOYMENT, SERVER)
    assert recording.one(
        "aws:rds/instance:Instance", f"database-{recording.settings.workloads.mlflow.database}"
    ).urn in (recording.before(user))
    assert user.urn in recording.before(upgrade)
    assert upgrade.urn in recording.before(deployment)


@EVERY_STACK
@BOTH
def test_users_job_follows_the_server_and_exists_only_with_users(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    users = recording.settings.workloads.mlflow.users
    jobs = [job for job in recording.all(JOB) if job.name == "mlflow-users"]
    assert len(jobs) == bool(users)
    for job in jobs:
        assert {
            recording.one(DEPLOYMENT, SERVER).urn,
            recording.one("kubernetes:core/v1:Service", SERVER).urn,
        } <= recording.before(job)
        (container,) = pod(job)["containers"]
        wanted = {name: {"admin": user.admin} for name, user in users.items()}
        assert json.loads(environment(container)["USERS"]) == wanted
        uri = f"http://mlflow.{recording.settings.workloads.mlflow.namespace}.svc.cluster.local:5000"
        assert environment(container)["MLFLOW_TRACKING_URI"] == uri
        assert uri.removeprefix("http://") in option(stack, "--allowed-hosts") or unknown or stack == "dev"


def test_upgrade_job_migrates_both_databases_and_shows_no_password() -> None:
    (container,) = pod(recorded("mlflow").one(JOB, "mlflow-upgrade"))["containers"]
    *shell, script = container["command"]
    assert shell == ["sh", "-c"]
    assert script.splitlines() == [
        "set -eu",
        'mlflow db upgrade "${RUNS_URL}"',
        'python -m mlflow.server.auth db upgrade --url "${USERS_URL}"',
        "python /scripts/admin.py",
    ]
    values = environment(container)
    assert values["RUNS_URL"].endswith("/mlflow")
    assert values["USERS_URL"].endswith("/mlflow_auth")
    assert values["PGPASSWORD"] == {"secretKeyRef": key_of(recorded("mlflow"), "mlflow-database", "password")}
    assert values["ADMIN_PASSWORD"] == {"secretKeyRef": key_of(recorded("mlflow"), "mlflow-admin", "password")}
    assert container["image"] == server("mlflow")["image"], "schema and server are of one version"


def test_database_user_job_runs_in_a_separate_namespace() -> None:
    recording = recorded("mlflow")
    job = recording.one(JOB, "mlflow-database-user")
    assert job.inputs["metadata"]["namespace"] == "database-setup"
    (container,) = pod(job)["containers"]
    values = environment(container)
    assert values["APP_USER"] == "mlflow_app"
    assert values["APP_DATABASES"].split() == ["mlflow", "mlflow_auth"]
    assert values["PGSSLMODE"] == "require"
    assert values["PGPASSWORD"] == {"secretKeyRef": key_of(recording, "mlflow-database-setup", "master-password")}
    sources = {
        item["secretKey"]: item["remoteRef"]
        for item in recording.inputs(
            "kubernetes:external-secrets.io/v1:ExternalSecret", "mlflow-database-setup-mlflow-database-setup"
        )["spec"]["data"]
    }
    master = recording.plan.outputs["rds_master_secret_arn"]
    assert sources["master-password"] == {"key": master, "property": "password"}
    assert sources["password"]["key"] == recording.plan.outputs["db_secret_arn"]
    for item in recording.all("kubernetes:external-secrets.io/v1:ExternalSecret"):
        if item.inputs["metadata"]["namespace"] != "database-setup":
            keys = [entry["remoteRef"]["key"] for entry in item.inputs["spec"]["data"]]
            assert master not in keys, "the workload never sees the master password"


# --- rotation ---


def secrets_of(recording: Recording) -> dict[str, list[str]]:
    """The names of the Kubernetes secrets that each pod reads, and of those that External Secrets keeps."""
    read: dict[str, list[str]] = {}
    for item in [*recording.all(DEPLOYMENT), *recording.all(JOB)]:
        variables = [entry for container in pod(item)["containers"] for entry in container["env"]]
        read[item.name] = [
            *(entry["valueFrom"]["secretKeyRef"]["name"] for entry in variables if "valueFrom" in entry),
            *(entry["secret"]["secretName"] for entry in pod(item)["volumes"] if "secret" in entry),
        ]
    kept = {
        f"kept {item.name}": [item.inputs["metadata"]["name"], item.inputs["spec"]["target"]["name"]]
        for item in recording.all("kubernetes:external-secrets.io/v1:ExternalSecret")
    }
    return {**read, **kept}


def replaced(secret: str) -> dict[str, list[str]]:
    """The same when the version of one secret is a new one."""

    def changed(type_: str, logical: str, inputs: Mapping[str, Any], context: Context) -> tuple[str, dict[str, Any]]:
        identifier, outputs = id_and_outputs(type_, logical, inputs, context)
        if type_.endswith(":SecretVersion") and logical == secret:
            outputs = {**outputs, "versionId": str(uuid.UUID(int=1))}
        return identifier, outputs

    with mock.patch("aiplatform.preview.monitor.id_and_outputs", changed):
        return secrets_of(record_stack("mlflow"))


@pytest.mark.parametrize(
    ("secret", "restarted"),
    [
        (
            "mlflow-database",
            {
                "mlflow-server",
                "mlflow-upgrade",
                "mlflow-database-user",
                "kept mlflow-secrets-mlflow-database",
                "kept mlflow-database-setup-mlflow-database-setup",
            },
        ),
        (
            "mlflow-secrets-admin",
            {"mlflow-server", "mlflow-upgrade", "mlflow-users", "kept mlflow-secrets-mlflow-admin"},
        ),
        ("mlflow-secrets-server", {"mlflow-server", "kept mlflow-secrets-mlflow-server"}),
        ("mlflow-secrets-user-ml-engineer-1", {"mlflow-users", "kept mlflow-secrets-mlflow-users"}),
    ],
)
def test_replaced_secret_has_a_new_name(secret: str, restarted: set[str]) -> None:
    # Pods restart and never start with the old value.
    before, after = secrets_of(recorded("mlflow")), replaced(secret)
    assert {name for name in before if before[name] != after[name]} == restarted


def test_names_with_a_version_are_unknown_in_a_first_preview() -> None:
    names = [name for read in secrets_of(recorded("mlflow", True)).values() for name in read]
    assert set(names) == {UNKNOWN}


@EVERY_STACK
def test_pods_have_a_hash_of_their_files(stack: str) -> None:
    recording = recorded(stack)
    for type_ in (DEPLOYMENT, JOB):
        for item in filter(is_of_the_workload, recording.all(type_)):
            maps = {entry["configMap"]["name"] for entry in pod(item)["volumes"] if "configMap" in entry}
            data = [
                found.inputs["data"]
                for found in recording.all("kubernetes:core/v1:ConfigMap")
                if found.inputs["metadata"]["name"] in maps
            ]
            carried = item.inputs["spec"]["template"]["metadata"]["annotations"].get("ai-platform/configuration")
            wanted = [hashlib.sha256(json.dumps(one, sort_keys=True).encode()).hexdigest()[:16] for one in data]
            assert [carried] == (wanted or [None]), item.name


# --- the network ---


def policy(stack: str, name: str, unknown: bool = False) -> Mapping[str, Any]:
    (found,) = (
        item.inputs["spec"]
        for item in recorded(stack, unknown).all(POLICY)
        if item.inputs["metadata"]["name"] == name and is_of_the_workload(item)
    )
    return found


@EVERY_STACK
@BOTH
def test_policy_allows_load_balancer_users_job_and_chosen_namespaces(stack: str, unknown: bool) -> None:
    settings = recorded(stack).settings
    web, metrics = policy(stack, "mlflow-server", unknown)["ingress"]
    tiers = settings.network.tiers()
    subnets = tiers.public if settings.ingress.internet_facing else tiers.private
    addresses = [item["ipBlock"]["cidr"] for item in web["from"] if "ipBlock" in item]
    assert addresses == [str(subnet.cidr) for subnet in subnets]
    *jobs, clients = [item for item in web["from"] if "ipBlock" not in item]
    collects = ["gc"] if settings.workloads.mlflow.gc else []
    assert [list(item) for item in jobs] == [["podSelector"]] * len(jobs)
    parts = [item["podSelector"]["matchLabels"]["app.kubernetes.io/component"] for item in jobs]
    assert parts == ["users", *collects]
    assert clients["namespaceSelector"]["matchLabels"] == {"ai-platform/mlflow-client": "true"}
    assert web["ports"] == [{"protocol": "TCP", "port": 5000}]
    assert metrics["ports"] == [{"protocol": "TCP", "port": 9191}]
    (source,) = metrics["from"]
    assert source["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "monitoring"}


@EVERY_STACK
def test_server_egress_allows_database_https_and_identity(stack: str) -> None:
    settings = recorded(stack).settings
    database, https, *agent = policy(stack, "mlflow-server")["egress"]
    tiers = settings.network.tiers()
    assert [item["ipBlock"]["cidr"] for item in database["to"]] == [
        str(subnet.cidr) for subnet in tiers.data or tiers.private
    ]
    assert database["ports"] == [{"protocol": "TCP", "port": 5432}]
    assert https["ports"] == [{"protocol": "TCP", "port": 443}]
    assert len(agent) == (settings.cluster.workload_identity == "podIdentity")
    for rule in agent:
        assert rule == {
            "to": [{"ipBlock": {"cidr": "169.254.170.23/32"}}],
            "ports": [{"protocol": "TCP", "port": 80}],
        }


def test_job_egress_allows_their_targets_only() -> None:
    (upgrade,) = policy("mlflow", "mlflow-upgrade")["egress"]
    assert upgrade["ports"] == [{"protocol": "TCP", "port": 5432}]
    (users,) = policy("mlflow", "mlflow-users")["egress"]
    assert users["ports"] == [{"protocol": "TCP", "port": 5000}]
    assert [list(peer) for peer in users["to"]] == [["podSelector"]]
    (setup,) = policy("mlflow", "mlflow-database-user")["egress"]
    assert setup["ports"] == [{"protocol": "TCP", "port": 5432}]
