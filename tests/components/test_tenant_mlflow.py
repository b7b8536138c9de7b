"""The PostgreSQL of all tenants, and the tracking server of each tenant."""

import json
import math
from collections.abc import Mapping
from typing import Any

import pytest

from aiplatform.preview.plan import Resource
from config.tenants import Tenant
from tests.components.base import BOTH, document, recorded, settings_of, texts

STACK = "tenants"
SYSTEM = "mlflow-system"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
CRON_JOB = "kubernetes:batch/v1:CronJob"
DUMPS = "tenant-databases-backup"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
SERVICE = "kubernetes:core/v1:Service"
SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105, a type
EXTERNAL_SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"  # noqa: S105, a type


def tenants() -> tuple[Tenant, ...]:
    settings = settings_of(STACK)
    assert settings.tenants is not None
    found = settings.tenants.all(settings.project.name)
    assert {tenant.suspended for tenant in found} == {True, False}, "the stack has both kinds"
    return found


def within(type_: str, namespace: str, unknown: bool = False) -> list[Resource]:
    """All of a type in a namespace."""
    return [one for one in recorded(STACK, unknown).all(type_) if one.inputs["metadata"]["namespace"] == namespace]


def named(type_: str, namespace: str, name: str) -> Resource:
    (found,) = (one for one in within(type_, namespace) if one.inputs["metadata"]["name"] == name)
    return found


def pod(resource: Resource) -> Mapping[str, Any]:
    spec: Mapping[str, Any] = resource.inputs["spec"]["template"]["spec"]
    return spec


def variables(container: Mapping[str, Any]) -> dict[str, str | None]:
    return {one["name"]: one.get("value") for one in container["env"]}


def option(tenant: Tenant, name: str) -> str:
    (container,) = pod(named(DEPLOYMENT, tenant.namespace, "mlflow-server"))["containers"]
    command: list[str] = container["command"]
    return command[command.index(name) + 1]


# --- PostgreSQL ---


@pytest.mark.requirement("002-db-01")
def test_postgresql_is_one_pod_with_the_expected_label_and_a_volume() -> None:
    server = recorded(STACK).one(STATEFUL_SET).inputs
    assert server["metadata"]["namespace"] == SYSTEM
    assert server["spec"]["replicas"] == 1
    assert server["spec"]["template"]["metadata"]["labels"]["app"] == "postgres"
    (claim,) = server["spec"]["volumeClaimTemplates"]
    assert claim["spec"]["resources"]["requests"] == {"storage": "50Gi"}
    assert claim["spec"]["storageClassName"] == "gp3"
    (container,) = server["spec"]["template"]["spec"]["containers"]
    folder = variables(container)["PGDATA"] or ""
    (mounted,) = (one["mountPath"] for one in container["volumeMounts"] if one["name"] == claim["metadata"]["name"])
    assert folder.startswith(f"{mounted}/"), "the root of a volume holds lost+found, which initdb refuses"


def test_postgresql_has_a_stable_address_and_pod_name() -> None:
    services = {one.inputs["metadata"]["name"]: one.inputs["spec"] for one in within(SERVICE, SYSTEM)}
    assert set(services) == {"postgres", "postgres-pods"}
    assert "clusterIP" not in services["postgres"]
    assert services["postgres-pods"]["clusterIP"] == "None"
    assert recorded(STACK).one(STATEFUL_SET).inputs["spec"]["serviceName"] == "postgres-pods"
    assert {port["port"] for spec in services.values() for port in spec["ports"]} == {5432}


def test_policies_allow_tenant_servers_and_the_job_to_postgresql_only() -> None:
    spec = named(POLICY, SYSTEM, "postgres").inputs["spec"]
    labels = recorded(STACK).one(STATEFUL_SET).inputs["spec"]["template"]["metadata"]["labels"]
    assert spec["podSelector"]["matchLabels"].items() <= labels.items()
    (rule,) = spec["ingress"]
    assert rule["ports"] == [{"protocol": "TCP", "port": 5432}]
    servers, collectors, job, backup = rule["from"]
    assert servers == {
        "namespaceSelector": {"matchExpressions": [{"key": "ai-platform/tenant", "operator": "Exists"}]},
        "podSelector": {"matchLabels": {"app": "mlflow-server"}},
    }
    labelled = {"app.kubernetes.io/name": "mlflow", "app.kubernetes.io/component": "gc"}
    assert collectors == {**servers, "podSelector": {"matchLabels": labelled}}
    assert set(job) == {"podSelector"}
    setup = named("kubernetes:batch/v1:Job", SYSTEM, "tenant-databases").inputs["spec"]["template"]
    assert job["podSelector"]["matchLabels"].items() <= setup["metadata"]["labels"].items()
    assert set(backup) == {"podSelector"}
    dumping = (
        recorded(STACK).one(CRON_JOB, DUMPS).inputs["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"]
    )
    assert backup["podSelector"]["matchLabels"].items() <= dumping.items()
    assert "egress" not in spec, "names are looked up by the default policy"


def test_connections_require_tls_and_users_reach_their_own_database_only() -> None:
    hba = named("kubernetes:core/v1:ConfigMap", SYSTEM, "postgres").inputs["data"]["pg_hba.conf"]
    lines = [line.split() for line in hba.splitlines() if not line.startswith("#")]
    assert lines == [
        ["hostssl", "all", "postgres", "all", "scram-sha-256"],
        ["hostssl", "sameuser", "all", "all", "scram-sha-256"],
    ]
    for resource in (*within("kubernetes:batch/v1:Job", SYSTEM), *servers()):
        for container in [*pod(resource).get("initContainers", []), *pod(resource)["containers"]]:
            assert variables(container)["PGSSLMODE"] == "require", resource.urn


def test_connection_limit_and_memory_fit_all_tenants() -> None:
    server = recorded(STACK).one(STATEFUL_SET)
    (container,) = pod(server)["containers"]
    (job,) = pod(named("kubernetes:batch/v1:Job", SYSTEM, "tenant-databases"))["containers"]
    limit = int(variables(job)["CONNECTIONS"] or 0)
    pool = variables(pod(servers()[0])["containers"][0])
    stores = 2
    each = stores * (
        int(pool["MLFLOW_SQLALCHEMYSTORE_POOL_SIZE"] or 0) + int(pool["MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW"] or 0)
    )
    room = math.ceil(len(tenants()) / 25) * 25
    assert 0 < each < limit, "what a server may open is within what its user may"
    assert int(variables(container)["MAX_CONNECTIONS"] or 0) == 20 + room * limit
    assert container["resources"]["requests"]["memory"] == f"{512 + room * 16}Mi"


@BOTH
def test_setup_role_reads_tenant_secrets_of_this_platform_only(unknown: bool) -> None:
    recording = recorded(STACK, unknown)
    policy = document(recording.inputs("aws:iam/policy:Policy", "postgres")["policy"])
    if policy is None:
        return
    (statement,) = policy["Statement"]
    superuser, others = statement["Resource"]
    assert ":secret:academy/mlflow-system/postgres-" in superuser
    assert others == superuser.partition(":secret:")[0] + ":secret:academy/mlflow-system/tenants/*"


@BOTH
def test_tenant_secret_store_reads_its_own_database_secret_only(unknown: bool) -> None:
    recording = recorded(STACK, unknown)
    for tenant in tenants():
        policy = document(recording.inputs("aws:iam/policy:Policy", f"tenant-{tenant.name}-mlflow")["policy"])
        if policy is not None:
            (statement,) = policy["Statement"]
            (arn,) = statement["Resource"]
            assert f":secret:academy/mlflow-system/tenants/{tenant.name}-" in arn


def test_superuser_password_is_in_its_namespace_only() -> None:
    for tenant in tenants():
        for secret in within(EXTERNAL_SECRET, tenant.namespace):
            keys = [entry["remoteRef"]["key"] for entry in secret.inputs["spec"]["data"]]
            assert all(f"/tenants/{tenant.name}-" in key for key in keys)


def test_setup_job_includes_suspended_tenants() -> None:
    # Their data stays.
    data = named("kubernetes:core/v1:ConfigMap", SYSTEM, "tenant-databases").inputs["data"]
    assert data["tenants"].splitlines() == [f"{tenant.name} mlflow_{tenant.name}" for tenant in tenants()]
    (secret,) = (
        one.inputs["spec"]
        for one in within(EXTERNAL_SECRET, SYSTEM)
        if "tenant-databases" in one.inputs["metadata"]["name"]
    )
    assert [entry["secretKey"] for entry in secret["data"]] == [tenant.name for tenant in tenants()]


@BOTH
def test_dump_role_writes_a_prefix_outside_tenant_reach_and_cannot_read_or_delete(unknown: bool) -> None:
    recording = recorded(STACK, unknown)
    spec = recording.one(CRON_JOB, DUMPS).inputs["spec"]
    assert (spec["schedule"], spec["timeZone"], spec["concurrencyPolicy"]) == ("0 2 * * *", "UTC", "Forbid")
    template = spec["jobTemplate"]["spec"]["template"]
    (dump,) = template["spec"]["initContainers"]
    assert template["metadata"]["annotations"]["eks.amazonaws.com/skip-containers"] == dump["name"]
    policy = document(recording.inputs("aws:iam/policy:Policy", "postgres-backup")["policy"])
    if policy is not None:
        listing, keeping = policy["Statement"]
        assert listing["Condition"] == {"StringLike": {"s3:prefix": ["tenants", "tenants/*"]}}
        assert keeping["Action"] == ["s3:PutObject", "s3:AbortMultipartUpload"]
        (folder,) = keeping["Resource"]
        assert folder.endswith("/tenants/*")
        assert not [one for one in tenants() if one.bucket in folder]


# --- servers ---


def servers() -> list[Resource]:
    return [named(DEPLOYMENT, tenant.namespace, "mlflow-server") for tenant in tenants()]


@pytest.mark.requirement("002-wkl-03", "002-wkl-04", "002-wkl-13")
def test_tenant_has_a_server_in_its_namespace_with_the_expected_names() -> None:
    for tenant in tenants():
        server = named(DEPLOYMENT, tenant.namespace, "mlflow-server")
        assert server.inputs["spec"]["template"]["metadata"]["labels"]["app"] == "mlflow-server"
        service = named(SERVICE, tenant.namespace, "mlflow-server").inputs["spec"]
        assert [port["port"] for port in service["ports"]] == [5000]


def test_suspended_tenant_has_no_server_pod() -> None:
    for tenant, server in zip(tenants(), servers(), strict=True):
        assert server.inputs["spec"]["replicas"] == (0 if tenant.suspended else 1)


def test_schema_is_upgraded_before_the_server_without_another_pod() -> None:
    for server in servers():
        assert server.inputs["spec"]["strategy"] == {"type": "Recreate"}
        (upgrade,) = pod(server)["initContainers"]
        (container,) = pod(server)["containers"]
        assert "mlflow db upgrade" in upgrade["command"][-1]
        assert upgrade["env"] == container["env"]
        assert upgrade["image"] == container["image"]


def test_server_uses_its_tenant_database_and_no_password_is_in_urls_or_arguments() -> None:
    for tenant, server in zip(tenants(), servers(), strict=True):
        (container,) = pod(server)["containers"]
        user = f"mlflow_{tenant.name}"
        assert (
            variables(container)["MLFLOW_BACKEND_STORE_URI"]
            == f"postgresql+psycopg2://{user}@postgres.mlflow-system.svc.cluster.local:5432/{user}"
        )
        (password,) = (one for one in container["env"] if one["name"] == "PGPASSWORD")
        assert password["valueFrom"]["secretKeyRef"]["name"].startswith("mlflow-database-")
        assert "--backend-store-uri" not in container["command"]


@pytest.mark.requirement("002-iam-03")
@BOTH
def test_server_role_allows_its_prefix_of_the_tenant_bucket_only(unknown: bool) -> None:
    recording = recorded(STACK, unknown)
    for tenant in tenants():
        policy = document(recording.inputs("aws:iam/policy:Policy", f"tenant-{tenant.name}-mlflow-server")["policy"])
        if policy is None:
            continue
        listing, keeping = policy["Statement"]
        assert listing["Resource"] == [f"arn:aws:s3:::{tenant.bucket}"]
        assert listing["Condition"] == {"StringLike": {"s3:prefix": ["mlflow-artifacts", "mlflow-artifacts/*"]}}
        assert keeping["Resource"] == [f"arn:aws:s3:::{tenant.bucket}/mlflow-artifacts/*"]
        assert "*" not in json.dumps([listing["Action"], keeping["Action"]])
        assert option(tenant, "--artifacts-destination") == f"s3://{tenant.bucket}/mlflow-artifacts"


def test_server_role_trusts_no_other_service_account_of_the_tenant() -> None:
    for tenant, server in zip(tenants(), servers(), strict=True):
        account = pod(server)["serviceAccountName"]
        assert account == "mlflow"
        found = named("kubernetes:core/v1:ServiceAccount", tenant.namespace, account).inputs
        assert "academy-" in found["metadata"]["annotations"]["eks.amazonaws.com/role-arn"]


@pytest.mark.requirement("002-wkl-06", "002-ver-29")
def test_server_allows_its_cluster_names_and_any_forwarded_port() -> None:
    for tenant in tenants():
        hosts = option(tenant, "--allowed-hosts").split(",")
        assert f"mlflow-server.{tenant.namespace}.svc.cluster.local:5000" in hosts
        assert {"localhost:*", "127.0.0.1:*"} <= set(hosts)
        assert [host for host in hosts if "*" in host] == ["localhost:*", "127.0.0.1:*"]
        assert not [host for other in tenants() if other != tenant for host in hosts if other.namespace in host]


def test_server_egress_allows_postgresql() -> None:
    for tenant, server in zip(tenants(), servers(), strict=True):
        spec = named(POLICY, tenant.namespace, "mlflow-server").inputs["spec"]
        labels = server.inputs["spec"]["template"]["metadata"]["labels"]
        assert spec["podSelector"]["matchLabels"].items() <= labels.items()
        assert spec["policyTypes"] == ["Egress"]
        (rule,) = spec["egress"]
        assert rule["ports"] == [{"protocol": "TCP", "port": 5432}]
        (peer,) = rule["to"]
        assert peer["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": SYSTEM}
        assert peer["podSelector"]["matchLabels"] == {"app": "postgres"}


def test_server_waits_for_its_database() -> None:
    recording = recorded(STACK)
    job = named("kubernetes:batch/v1:Job", SYSTEM, "tenant-databases")
    assert recording.one(STATEFUL_SET).urn in recording.before(job)
    for server in servers():
        assert job.urn in recording.before(server)


def test_service_links_are_disabled_for_servers() -> None:
    for server in servers():
        assert pod(server)["enableServiceLinks"] is False


def test_server_fits_the_quota_of_every_tenant() -> None:
    for server in servers():
        for container in [*pod(server)["initContainers"], *pod(server)["containers"]]:
            assert container["resources"]["limits"] == {"cpu": "1", "memory": "1Gi"}, "quotas count limits"


def test_tenant_has_a_separate_secret() -> None:
    # Read access to a secret covers all its keys.
    names = {one.inputs["name"] for one in recorded(STACK).all(SECRET)}
    assert names == {
        "academy/mlflow-system/postgres",
        *(f"academy/mlflow-system/tenants/{tenant.name}" for tenant in tenants()),
    }
    assert not [text for one in servers() for text in texts(one.inputs) if ":secret:" in text]
