"""003: schemas of one database, their migration, their dumps, and the restore test.

What the SQL and the scripts do is proven on a real PostgreSQL by tests/running/test_schemas.py, test_migration.py and
test_backup.py, which take them from the same plan.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from catalog.versions import POSTGRES_CLIENT_IMAGE
from tests.config.base import ROOT
from tests.requirements.query import Planned

Json = Any
EACH = pytest.mark.parametrize("environment", ["dev", "prod"])
CLUSTER = "aws:rds/cluster:Cluster"


@pytest.fixture(scope="module")
def plan(pingvas: Planned) -> Planned:
    """The stack as it is shipped."""
    return pingvas


def pod(manifest: Mapping[str, Json]) -> Json:
    """The pods of a Job or a CronJob."""
    spec = manifest["spec"]
    return spec.get("jobTemplate", {"spec": spec})["spec"]["template"]["spec"]


def scripts(plan: Planned) -> Mapping[str, str]:
    """What the backup runs."""
    data: Mapping[str, str] = plan.manifest("ConfigMap", "prod-db-backup", "prod")["data"]
    return data


def setup(plan: Planned) -> Mapping[str, str]:
    """What the Job of the schemas runs."""
    data: Mapping[str, str] = plan.manifest("ConfigMap", "shared-schemas", "database-setup")["data"]
    return data


OWNERS = [["dev", "dev_user", "dev_pingvas"], ["prod", "prod_user", "prod_pingvas"]]


def owners(plan: Planned) -> list[list[str]]:
    """Environment, user and schema for which the Job of the schemas runs its SQL."""
    return [line.split()[:3] for line in setup(plan)["owners"].splitlines()]


def variable(container: Json, name: str) -> str:
    """A value, or the secret and key that it comes from."""
    (found,) = (item for item in container["env"] if item["name"] == name)
    return found.get("value") or "{name}/{key}".format(**found["valueFrom"]["secretKeyRef"])


@pytest.mark.requirement("003-db-02", "003-db-11", "003-ver-10")
def test_job_creates_both_schemas_in_one_database(plan: Planned) -> None:
    (container,) = pod(plan.manifest("Job", "shared-schemas", "database-setup"))["containers"]
    assert variable(container, "PGDATABASE") == "pingvas_saas"
    assert owners(plan) == OWNERS
    assert 'CREATE SCHEMA IF NOT EXISTS :"app_schema" AUTHORIZATION :"app_user";' in setup(plan)["schemas.sql"]


@pytest.mark.requirement("003-db-12", "003-db-13")
def test_user_has_all_privileges_on_its_schema_and_no_other_user_has(
    plan: Planned,
) -> None:
    sql = setup(plan)["schemas.sql"]
    assert owners(plan) == OWNERS
    assert 'GRANT ALL ON SCHEMA :"app_schema" TO :"app_user";' in sql
    for kind in ("TABLES", "SEQUENCES", "FUNCTIONS", "TYPES"):
        assert f'ALTER DEFAULT PRIVILEGES IN SCHEMA :"app_schema" GRANT ALL ON {kind} TO :"app_user";' in sql
    assert 'REVOKE ALL ON SCHEMA :"app_schema" FROM PUBLIC;' in sql
    assert 'REVOKE CONNECT, TEMPORARY ON DATABASE :"DBNAME" FROM PUBLIC;' in sql
    assert "REVOKE CREATE ON SCHEMA public FROM PUBLIC;" in sql


@pytest.mark.requirement("003-db-14")
def test_search_path_of_each_user_is_its_schema_and_public(plan: Planned) -> None:
    assert owners(plan) == OWNERS
    assert 'ALTER ROLE :"app_user" SET search_path TO :"app_schema", public;' in setup(plan)["schemas.sql"]


@EACH
@pytest.mark.deviates("003-db-17")
def test_every_pod_of_an_environment_connects_with_its_search_path(plan: Planned, environment: str) -> None:
    (template,) = (
        item["spec"]["target"]["template"]["data"]
        for item in plan.manifests("ExternalSecret")
        if (item["metadata"]["namespace"], item["metadata"]["name"]) == (environment, "db-credentials")
    )
    assert f"/pingvas_saas?options=-c%20search_path%3D{environment}_pingvas&" in template["DATABASE_URL"]
    deployments = [item for item in plan.manifests("Deployment") if item["metadata"]["namespace"] == environment]
    assert len(deployments) == 4
    for item in deployments:
        (container,) = pod(item)["containers"]
        assert {"secretRef": {"name": "db-credentials"}} in container["envFrom"], item["metadata"]["name"]
    (migration,) = pod(plan.manifest("Job", f"{environment}-migration", environment))["containers"]
    assert variable(migration, "DATABASE_URL") == "db-credentials/DATABASE_URL"


@pytest.mark.requirement("003-db-15", "003-sct-05")
def test_job_may_run_again_and_passwords_come_from_secrets(plan: Planned) -> None:
    for text in setup(plan).values():
        assert not re.search(r"CREATE (USER|ROLE) [a-z:\"]", text), "a role that exists is not made again"
        assert not re.search(r"PASSWORD '", text)
    job = plan.manifest("Job", "shared-schemas", "database-setup")
    (synced,) = (
        item
        for item in plan.manifests("ExternalSecret")
        if item["metadata"]["name"].startswith("shared-schemas-setup-")
    )
    (volume,) = (volume["secret"] for volume in pod(job)["volumes"] if "secret" in volume)
    assert volume["secretName"] == synced["metadata"]["name"]
    assert {item["secretKey"] for item in synced["spec"]["data"]} == {
        "master.username",
        "master.password",
        "dev",
        "prod",
    }


@EACH
@pytest.mark.requirement("003-sct-03")
@pytest.mark.deviates("003-sct-04")
def test_secret_has_the_schema_and_the_writer_endpoint(plan: Planned, environment: str) -> None:
    document = plan.secret_strings[f"shared-schemas-{environment}"]
    assert document.keys() == {"username", "password", "host", "port", "dbname", "schema"}
    assert document["host"] == plan.attribute(plan.one(CLUSTER), "endpoint")
    assert (document["username"], document["dbname"], document["schema"], document["port"]) == (
        f"{environment}_user",
        "pingvas_saas",
        f"{environment}_pingvas",
        5432,
    )


@pytest.mark.requirement("003-db-04")
def test_server_and_clients_have_one_major_version(plan: Planned) -> None:
    major = str(plan.one(CLUSTER).inputs["engineVersion"]).split(".", maxsplit=1)[0]
    assert re.fullmatch(rf".*/postgres:{major}\.\d+-alpine", POSTGRES_CLIENT_IMAGE)
    jobs = [plan.manifest("Job", "shared-schemas", "database-setup"), *plan.manifests("CronJob")]
    containers = [one for job in jobs for one in (*pod(job).get("initContainers", ()), *pod(job)["containers"])]
    used = {one["image"] for one in containers if "postgres" in one["image"]}
    assert used == {POSTGRES_CLIENT_IMAGE}


@EACH
@pytest.mark.requirement("003-ops-05")
def test_alembic_runs_in_the_user_service_image_before_the_services(plan: Planned, environment: str) -> None:
    job = plan.manifest("Job", f"{environment}-migration", environment)
    (container,) = pod(job)["containers"]
    assert container["image"].startswith("ghcr.io/pingvas/user-service:")
    assert container["command"][-3:] == ["alembic", "upgrade", "head"]
    assert container["command"][2].splitlines() == [
        "set -eu",
        '"$@"',
        'echo "Migration completed for ${ENVIRONMENT}"',
    ]
    assert variable(container, "ENVIRONMENT") == environment
    for key in ("DATABASE_URL", "DB_SCHEMA"):
        assert variable(container, key) == f"db-credentials/{key}"


@pytest.mark.requirement("003-ver-19")
@pytest.mark.deviates("003-sch-01")
def test_production_is_dumped_at_02_00_every_night(plan: Planned) -> None:
    job = plan.manifest("CronJob", "prod-db-backup", "prod")
    assert (job["spec"]["schedule"], job["spec"]["timeZone"]) == ("0 2 * * *", "UTC")
    assert pod(job)["restartPolicy"] == "OnFailure"
    assert [one["image"] for one in pod(job)["initContainers"]] == [POSTGRES_CLIENT_IMAGE]
    assert "/postgres:17." in POSTGRES_CLIENT_IMAGE, "as new as the server"
    assert [one["metadata"]["name"] for one in plan.manifests("CronJob") if one["metadata"]["namespace"] == "dev"] == []


@pytest.mark.requirement("003-bak-04", "003-bak-08")
def test_dump_has_only_the_production_schema_as_its_user_from_the_secret_endpoint(plan: Planned) -> None:
    (dump,) = pod(plan.manifest("CronJob", "prod-db-backup", "prod"))["initContainers"]
    for key in ("PGHOST", "PGUSER", "PGPASSWORD", "PGDATABASE", "DB_SCHEMA"):
        assert variable(dump, key) == f"db-credentials/{key}"
    login = plan.secret_strings["shared-schemas-prod"]
    assert (login["username"], login["dbname"], login["schema"]) == ("prod_user", "pingvas_saas", "prod_pingvas")
    assert '\\! pg_dump --format=custom --schema="${DB_SCHEMA}"' in scripts(plan)["dump.sql"]
    host = plan.attribute(plan.one(CLUSTER), "endpoint")
    assert re.fullmatch(r"pingvas-shared-aurora\.cluster-\w+\.us-east-1\.rds\.amazonaws\.com", host)


@pytest.mark.deviates("003-bak-05", "003-bak-06")
def test_dumps_are_named_by_the_second_and_kept_seven_days(plan: Planned) -> None:
    spec = pod(plan.manifest("CronJob", "prod-db-backup", "prod"))
    (upload,) = spec["containers"]
    mounted = {mount["name"]: mount["mountPath"] for mount in upload["volumeMounts"]}
    assert mounted["backup"] == "/backup"
    assert [volume["emptyDir"] for volume in spec["volumes"] if volume["name"] == "backup"] == [{"sizeLimit": "10Gi"}]
    assert (variable(upload, "BUCKET"), variable(upload, "PREFIX")) == ("pingvas-backups", "prod/")
    text = scripts(plan)["dump.sh"]
    assert 'name="${ENVIRONMENT}_backup_$(date -u +%Y%m%d_%H%M%S)"' in text
    assert 'mv dump "${name}.sql"' in text
    rules = plan.one(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", bucket="pingvas-backups"
    ).inputs["rules"]
    assert [rule["expiration"]["days"] for rule in rules if "expiration" in rule] == [7]


@pytest.mark.requirement("003-bak-07")
def test_backup_has_all_its_inputs_and_stops_at_the_first_failure(plan: Planned) -> None:
    spec = pod(plan.manifest("CronJob", "prod-db-backup", "prod"))
    volumes = {volume["name"]: volume for volume in spec["volumes"]}
    for container in (*spec["initContainers"], *spec["containers"]):
        assert {mount["name"] for mount in container["volumeMounts"]} <= set(volumes)
        script = scripts(plan)[container["command"][0].removeprefix("/scripts/")]
        assert "set -eu" in script.splitlines()
        assert "postgres" in container["image"] or not re.search(r"\b(psql|pg_\w+) ", script)
        assert "aws-cli" in container["image"] or not re.search(r"^\s*aws ", script, re.MULTILINE)
    assert volumes["scripts"]["configMap"] == {"name": "prod-db-backup", "defaultMode": 0o755}
    assert "emptyDir" in volumes["backup"]
    role = "pingvas-prod-db-backup"
    assert plan.trusted_account(role) == "prod:prod-db-backup" == f"prod:{spec['serviceAccountName']}"
    actions = {action: statement for statement in plan.statements(role) for action in statement["Action"]}
    assert set(actions) == {"s3:ListBucket", "s3:PutObject", "s3:AbortMultipartUpload"}
    assert actions["s3:PutObject"]["Resource"] == ["arn:aws:s3:::pingvas-backups/prod/*"]
    assert actions["s3:ListBucket"]["Condition"] == {"StringLike": {"s3:prefix": ["prod", "prod/*"]}}
    plan.one("aws:s3/bucket:Bucket", bucket="pingvas-backups")


@pytest.mark.requirement("003-bak-09")
def test_newest_dump_is_restored_every_week_and_the_restore_is_documented(plan: Planned) -> None:
    job = plan.manifest("CronJob", "prod-db-restore-test", "prod")
    assert job["spec"]["schedule"] == "0 4 * * 0"
    (restore,) = pod(job)["containers"]
    assert variable(restore, "PGDATABASE") == "restore_prod_pingvas"
    assert setup(plan)["owners"].splitlines()[1].endswith(" restore_prod_pingvas")
    assert "pg_restore --exit-on-error" in scripts(plan)["restore.sh"]
    (read,) = (one for one in plan.statements("pingvas-prod-db-restore-test") if one["Sid"] == "ReadDumps")
    assert (read["Action"], read["Resource"]) == (["s3:GetObject"], ["arn:aws:s3:::pingvas-backups/prod/*"])
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    section = text.partition("## Back up and restore an environment\n")[2].partition("\n## ")[0]
    assert "aws rds restore-db-cluster-to-point-in-time" in section
    assert "pg_restore --use-list" in section
    assert plan.one(CLUSTER).inputs["backupRetentionPeriod"] == 7
    assert json.dumps(plan.manifests("CronJob")).count("restore_prod_pingvas") == 1
