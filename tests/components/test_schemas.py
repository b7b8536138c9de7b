"""Schemas of a shared database and their migrations."""

import json
from typing import Any

import pulumi
import pytest

from aiplatform.preview.plan import UNKNOWN
from catalog.versions import POSTGRES_CLIENT_IMAGE
from components.data.server import DatabaseServer
from components.database_setup.migration import migration_job
from components.database_setup.schemas import SchemaOwner, Schemas
from components.identity.workload_identity import IdentityProvider
from components.kubernetes.namespace import Namespace
from components.kubernetes.pods import CONFIGURATION_ANNOTATION
from config.applications import Application
from config.environments import EnvironmentDatabase, Migration
from tests.components.base import BOTH, Found, alone, settings_from

JOB, CONFIG_MAP = "kubernetes:batch/v1:Job", "kubernetes:core/v1:ConfigMap"
EXTERNAL_SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"  # noqa: S105, a type
MASTER = "arn:aws:secretsmanager:us-west-2:123456789012:secret:rds!cluster-1"
PROVIDER = IdentityProvider("irsa", "shop-eks", "arn:aws:iam::123456789012:oidc-provider/issuer", "issuer")
OWNERS = (SchemaOwner("dev", "dev_user", "dev_shop"), SchemaOwner("prod", "prod_user", "prod_shop", "restore_prod"))


class Server:
    """A database server of somebody's."""

    def __init__(self) -> None:
        self.identifier = "shop-shared"
        self.address: pulumi.Output[str] = pulumi.Output.from_input("shared.cluster-1.example.com")
        self.port = 5432
        self.database_name = "shop"
        self.master_secret_arn: pulumi.Output[str] = pulumi.Output.from_input(MASTER)


def schemas(owners: tuple[SchemaOwner, ...] = OWNERS, *, unknown: bool = False) -> Found:
    def build() -> None:
        server: DatabaseServer = Server()
        made = Schemas(
            "shared-schemas",
            project="shop",
            region="us-west-2",
            server=server,
            owners=owners,
            namespace=Namespace("setup", namespace="database-setup"),
            identity_provider=PROVIDER,
            database_cidrs=["10.0.30.0/24", "10.0.31.0/24"],
        )
        for environment, secret in made.secrets.items():
            pulumi.export(environment, secret.secret_name)

    return alone(build, unknown=unknown)


def pod(found: Found, name: str | None = None) -> Any:
    return found.inputs(JOB, name)["spec"]["template"]["spec"]


@BOTH
def test_setup_job_covers_all_environments_with_the_client_of_the_server_version(unknown: bool) -> None:
    found = schemas(unknown=unknown)
    spec = pod(found)
    (container,) = spec["containers"]
    assert container["image"] == POSTGRES_CLIENT_IMAGE
    assert container["command"] == ["sh", "/schemas/schemas.sh"]
    given = {item["name"]: item.get("value") or item["valueFrom"]["secretKeyRef"]["key"] for item in container["env"]}
    assert given == {
        "HOME": "/tmp",  # noqa: S108
        "PGHOST": "shared.cluster-1.example.com",
        "PGPORT": "5432",
        "PGDATABASE": "shop",
        "PGSSLMODE": "require",
        "PGUSER": "master.username",
        "PGPASSWORD": "master.password",
    }
    data = found.inputs(CONFIG_MAP)["data"]
    assert data["owners"] == "dev dev_user dev_shop\nprod prod_user prod_shop restore_prod\n"
    assert set(data) == {"owners", "password.sh", "password.sql", "schemas.sh", "schemas.sql"}


@BOTH
def test_environment_secret_has_every_value_that_a_client_needs(unknown: bool) -> None:
    found = schemas(unknown=unknown)
    assert found.plan.outputs == {"dev": "shop/dev/database", "prod": "shop/prod/database"}
    names = {secret.inputs["name"] for secret in found.all("aws:secretsmanager/secret:Secret")}
    assert names == {"shop/dev/database", "shop/prod/database"}
    versions = found.all("aws:secretsmanager/secretVersion:SecretVersion")
    assert {version.inputs["secretString"] for version in versions} <= {"[secret]", UNKNOWN}


def test_master_password_is_readable_by_the_job_only() -> None:
    found = schemas()
    (policy,) = found.all("aws:iam/policy:Policy")
    (statement,) = json.loads(policy.inputs["policy"])["Statement"]
    assert statement["Resource"][0] == MASTER
    assert [":secret:shop/dev/database" in statement["Resource"][1], len(statement["Resource"])] == [True, 3]
    secret = found.inputs(EXTERNAL_SECRET)
    assert secret["metadata"]["namespace"] == "database-setup"
    keys = {item["secretKey"]: item["remoteRef"]["property"] for item in secret["spec"]["data"]}
    assert keys == {
        "master.username": "username",
        "master.password": "password",
        "dev": "password",
        "prod": "password",
    }


def test_setup_pod_reaches_the_database_only() -> None:
    policy = schemas().inputs("kubernetes:networking.k8s.io/v1:NetworkPolicy", "database-setup-shared-schemas")
    labels = schemas().inputs(JOB)["spec"]["template"]["metadata"]["labels"]
    assert policy["spec"]["podSelector"]["matchLabels"].items() <= labels.items()
    peers = [{"ipBlock": {"cidr": cidr}} for cidr in ("10.0.30.0/24", "10.0.31.0/24")]
    assert policy["spec"]["egress"] == [{"to": peers, "ports": [{"protocol": "TCP", "port": 5432}]}]


def test_setup_job_runs_again_with_other_owners_only() -> None:
    def digest(owners: tuple[SchemaOwner, ...]) -> str:
        annotations = schemas(owners).inputs(JOB)["spec"]["template"]["metadata"]["annotations"]
        return str(annotations[CONFIGURATION_ANNOTATION])

    assert digest(OWNERS) == digest(OWNERS) != digest(OWNERS[:1])


def test_scratch_database_is_named_after_its_schema_unless_set() -> None:
    def name(**backup: Any) -> str | None:
        values = {"cluster": "shared", "schemaName": "prod_shop", "user": "prod_user"}
        return settings_from(EnvironmentDatabase, {**values, **backup}).restore_database()

    assert name() is None
    assert name(backup={"bucket": "dumps"}) == "restore_prod_shop"
    assert name(backup={"bucket": "dumps", "restoreTest": {"database": "check"}}) == "check"
    assert name(backup={"bucket": "dumps", "restoreTest": None}) is None
    assert len(name(backup={"bucket": "dumps"}, schemaName="s" * 63) or "") == 63


# --- migration ---


def migration(*, image: str = "ghcr.io/shop/api:v1", **settings: Any) -> Any:
    def build() -> None:
        migration_job(
            "prod-migration",
            settings_from(Migration, {"application": "api", **settings}),
            application=settings_from(Application, {"image": image, "port": 8080, "userId": 1234}),
            environment_name="prod",
            namespace="prod",
            labels={"app.kubernetes.io/name": "prod-migration"},
            secret_name="db-credentials",  # noqa: S106, a name
            service_account="app",
            priority_class="prod-high",
            annotations={"version": "1"},
            opts=pulumi.ResourceOptions(),
        )

    return alone(build).inputs(JOB)["spec"]["template"]


@pytest.mark.requirement("003-ops-05")
def test_migration_runs_in_the_application_image_and_reports_success_last() -> None:
    spec = migration()["spec"]
    (container,) = spec["containers"]
    shell, flag, script, *arguments = container["command"]
    assert (shell, flag) == ("sh", "-c")
    assert script == 'set -eu\n"$@"\necho "Migration completed for ${ENVIRONMENT}"\n'
    assert arguments == ["migration", "alembic", "upgrade", "head"]
    assert container["image"] == "ghcr.io/shop/api:v1"
    assert spec["securityContext"]["runAsUser"] == 1234
    by_name = {one["name"]: one for one in container["env"]}
    assert by_name["ENVIRONMENT"]["value"] == "prod"
    for key in ("DATABASE_URL", "DB_SCHEMA"):
        assert by_name[key]["valueFrom"] == {"secretKeyRef": {"name": "db-credentials", "key": key}}
    assert list(by_name) == ["DATABASE_URL", "DB_SCHEMA", "ENVIRONMENT", "HOME"]
    assert (spec["serviceAccountName"], spec["priorityClassName"]) == ("app", "prod-high")


def test_migration_pod_is_not_disrupted_and_has_no_sidecar() -> None:
    # A sidecar would never end.
    metadata = migration()["metadata"]
    assert metadata["annotations"] == {
        "karpenter.sh/do-not-disrupt": "true",
        "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
        "version": "1",
    }
    assert metadata["labels"]["sidecar.istio.io/inject"] == "false"


def test_migration_job_is_replaced_with_another_image_or_command() -> None:
    assert migration() == migration()
    assert migration() != migration(image="ghcr.io/shop/api:v2")
    assert migration() != migration(command=["flask", "db", "upgrade"])
