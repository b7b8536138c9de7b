"""The tenants' PostgreSQL and MLflow as rendered: tenants are isolated, and nothing is lost."""

import contextlib
import itertools
import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3
import pytest

from aiplatform.preview.plan import Resource
from catalog.quantities import DISK, amount
from catalog.versions import AWS_CLI_IMAGE, MLFLOW_IMAGE, POSTGRES_CLIENT_IMAGE, POSTGRES_SERVER_IMAGE
from config.tenants import Tenant
from tests.parts import postgresql
from tests.parts.counts import proven
from tests.parts.object_store import ObjectStore
from tests.parts.process import free_port
from tests.running.balancer import request
from tests.running.clients.wanted import RUNS
from tests.running.platform import CLIENT
from tests.running.pods import CRON_JOB, DEPLOYMENT, JOB, Place, Pod, Stack, stack
from tests.running.rows import checksums

STACK = "tenants"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
HOST = "postgres.mlflow-system.svc.cluster.local"
SUPERUSER_SECRET = "academy/mlflow-system/postgres"  # noqa: S105, a name
NOBODY = 65534
DUMPS = "tenant-databases-backup"
SEARCH = "/api/2.0/mlflow/experiments/search?max_results=1"
STATE = """
SELECT 'role', rolname, rolsuper, rolcreaterole, rolcreatedb, rolcanlogin, rolconnlimit FROM pg_roles ORDER BY rolname;
SELECT 'database', datname, datdba::regrole, datacl::text FROM pg_database ORDER BY datname;
"""


@dataclass
class Class:
    """The stack's PostgreSQL, running, and what its tenants run."""

    stack: Stack
    programs: Mapping[str, Path]
    place: Place
    port: int
    database: Pod
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def tenants(self) -> list[Tenant]:
        """Those who have a server, and those who are away."""
        settings = self.stack.recording.settings
        assert settings.tenants is not None
        return list(settings.tenants.all(settings.project.name))

    def pod(self, resource: Resource, ports: dict[str, int] | None = None) -> Pod:
        folder = self.place.folder / f"{resource.name}-{next(self.numbers)}"
        return Pod(self.stack, resource, replace(self.place, folder=folder), ports)

    def set_up(self) -> str:
        (job,) = (one for one in self.stack.recording.all(JOB) if one.inputs["metadata"]["name"] == "tenant-databases")
        printed = self.pod(job).run()
        proven("runs of the Job of the tenants' databases")
        return printed

    def deployment(self, tenant: Tenant) -> Resource:
        (found,) = (
            one
            for one in self.stack.recording.all(DEPLOYMENT)
            if one.inputs["metadata"]["namespace"] == tenant.namespace
        )
        return found

    def login(self, tenant: Tenant, database: str | None = None) -> dict[str, str]:
        """What the tenant's pod logs in with."""
        pod = self.pod(self.deployment(tenant))
        given = pod.environment(pod.spec["initContainers"][0])
        user = f"mlflow_{tenant.name}"
        return self.environment(user, given["PGPASSWORD"], database or user)

    def environment(self, user: str, password: str, database: str) -> dict[str, str]:
        return {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": user,
            "PGPASSWORD": password,
            "PGDATABASE": database,
            "PGSSLMODE": "require",
        }

    def as_superuser(self) -> dict[str, str]:
        pod = self.database
        password = pod.environment(pod.spec["containers"][0])["SUPERUSER_PASSWORD"]
        return self.environment("postgres", password, "postgres")

    def sql(self, statements: str, login: Mapping[str, str]) -> str:
        """What psql answers.

        Raises:
            subprocess.CalledProcessError: a statement or the login was refused.
        """
        arguments = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]
        return subprocess.run(
            [self.programs[POSTGRES_CLIENT_IMAGE] / "psql", *arguments, "--command", statements],
            env=dict(login),
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    def refused(self, statement: str, login: Mapping[str, str]) -> str:
        """What PostgreSQL says to what it refuses."""
        with pytest.raises(subprocess.CalledProcessError) as refusal:
            self.sql(statement, login)
        proven("statements and logins refused by PostgreSQL")
        message: str = refusal.value.stderr
        return message

    def state(self) -> list[str]:
        lines = self.sql(STATE, self.as_superuser()).splitlines()
        assert len(lines) > 10
        return lines

    @contextlib.contextmanager
    def server(self, tenant: Tenant) -> Iterator[Pod]:
        """The tenant's MLflow: the schema's upgrade, then the server until it answers its startup probe."""
        pod = self.pod(self.deployment(tenant), {"http": free_port()})
        try:
            pod.step("upgrade")
            server = pod.start("server")
            server.wait_until(lambda: healthy(pod), seconds=120)
            proven("MLflow servers started as rendered")
            yield pod
        finally:
            pod.stop()


def dumps(found: Stack) -> str:
    """The bucket of the dumps."""
    containers = found.recording.one(CRON_JOB, DUMPS).inputs["spec"]["jobTemplate"]["spec"]["template"]["spec"][
        "containers"
    ]
    (bucket,) = (item["value"] for one in containers for item in one["env"] if item["name"] == "BUCKET")
    assert isinstance(bucket, str)
    return bucket


def healthy(pod: Pod) -> bool:
    try:
        return request(pod.ports["http"], "10.0.3.27:5000", "/health")[0] == 200
    except OSError:
        return False


def database_pod(found: Stack) -> Resource:
    """The StatefulSet with a folder as its volume; PostgreSQL asks the machine for the name of its user."""
    (made,) = found.recording.all(STATEFUL_SET)
    spec = made.inputs["spec"]
    pod = spec["template"]["spec"]
    (claim,) = spec["volumeClaimTemplates"]
    volumes = [*pod["volumes"], {"name": claim["metadata"]["name"], "emptyDir": {}}]
    user = {**pod["securityContext"], "runAsUser": NOBODY, "runAsGroup": NOBODY, "fsGroup": NOBODY}
    changed = {**pod, "volumes": volumes, "securityContext": user}
    return replace(made, inputs={**made.inputs, "spec": {**spec, "template": {**spec["template"], "spec": changed}}})


@contextlib.contextmanager
def running_server(pod: Pod) -> Iterator[None]:
    """Start the database's pod as the kubelet does, and wait for its startup probe."""
    pod.step("certificate")
    program = pod.start("postgres")
    (container,) = pod.spec["containers"]
    probe = container["startupProbe"]["exec"]["command"]

    def ready() -> bool:
        environment = pod.environment(container)
        return subprocess.run(probe, env=environment, check=False, capture_output=True).returncode == 0

    try:
        program.wait_until(ready, seconds=60)
        yield
    finally:
        pod.stop()


@pytest.fixture(scope="module")
def course(
    mlflow_programs: Path,
    postgresql_programs: Path,
    client_programs: Path,
    object_store: ObjectStore,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Class]:
    found, port = stack(STACK), free_port()
    programs = {
        MLFLOW_IMAGE: mlflow_programs,
        POSTGRES_CLIENT_IMAGE: postgresql_programs,
        POSTGRES_SERVER_IMAGE: postgresql_programs,
        AWS_CLI_IMAGE: client_programs,
    }
    place = Place(
        tmp_path_factory.mktemp("course"),
        [],
        {f"{HOST}:5432": f"127.0.0.1:{port}", HOST: "127.0.0.1", "0.0.0.0": "127.0.0.1"},  # noqa: S104
        {"5432": str(port)},
        images={image: [folder] for image, folder in programs.items()},
        environment=object_store.environment(),
    )
    pod = Pod(found, database_pod(found), replace(place, folder=place.folder / "database"), {"postgres": port})
    made = Class(found, programs, place, port, pod)
    s3 = boto3.client("s3", region_name="us-east-1", endpoint_url=object_store.url, **object_store.login())
    for tenant in made.tenants():
        s3.create_bucket(Bucket=tenant.bucket)
    s3.create_bucket(Bucket=dumps(found))
    with running_server(pod):
        printed = made.set_up()
        assert [line.partition(":")[0] for line in printed.splitlines()] == [one.name for one in made.tenants()]
        yield made


def test_server_has_the_version_of_the_tests(course: Class) -> None:
    assert f":{postgresql.packaged()}." in POSTGRES_SERVER_IMAGE
    assert course.sql("SHOW server_version_num", course.as_superuser())[:2] == postgresql.packaged()


def test_second_run_of_the_job_changes_nothing(course: Class) -> None:
    before = course.state()
    course.set_up()
    assert course.state() == before


def test_tenant_owns_its_database_and_reaches_no_other(course: Class) -> None:
    first, second, *_ = course.tenants()
    login = course.login(first)
    assert course.sql("SELECT current_database(), current_user", login) == f"mlflow_{first.name}|mlflow_{first.name}"
    for database in (f"mlflow_{second.name}", "postgres", "template1"):
        assert "no pg_hba.conf entry" in course.refused("SELECT 1", course.login(first, database))
        answer = course.sql(
            f"SELECT has_database_privilege('mlflow_{first.name}', '{database}', 'CONNECT')",
            course.as_superuser(),
        )
        assert answer == "f", "a second lock, should the first be taken off"


def test_tenant_cannot_gain_privileges(course: Class) -> None:
    first, second, *_ = course.tenants()
    for statement in (
        "CREATE ROLE mine",
        "CREATE DATABASE mine",
        f"SET ROLE mlflow_{second.name}",
        f"ALTER ROLE mlflow_{second.name} PASSWORD 'x'",
        "ALTER SYSTEM SET work_mem = '1GB'",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT rolpassword FROM pg_authid",
    ):
        assert "denied" in course.refused(statement, course.login(first)), statement


def test_password_of_another_tenant_and_plain_connections_are_refused(course: Class) -> None:
    first, second, *_ = course.tenants()
    stolen = {**course.login(first), "PGUSER": f"mlflow_{second.name}", "PGDATABASE": f"mlflow_{second.name}"}
    assert "password authentication failed" in course.refused("SELECT 1", stolen)
    assert "no encryption" in course.refused("SELECT 1", {**course.login(first), "PGSSLMODE": "disable"})


def test_tenant_connection_limit_leaves_connections_for_others(course: Class) -> None:
    first, second, *_ = course.tenants()
    limit = int(course.sql("SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user", course.login(first)))
    total = int(course.sql("SHOW max_connections", course.as_superuser()))
    assert 0 < limit * len(course.tenants()) < total
    # A backend that sleeps does not see that its client is gone.
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mlflow_{first.name}'"  # noqa: S608
    with contextlib.ExitStack() as open_:
        open_.callback(wait_for_connections, course, f"mlflow_{first.name}", 0)
        open_.callback(course.sql, end, course.as_superuser())
        for _ in range(limit):
            waiting = subprocess.Popen(
                [course.programs[POSTGRES_CLIENT_IMAGE] / "psql", "--command", "SELECT pg_sleep(60)"],
                env=course.login(first),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            open_.callback(waiting.wait)
            open_.callback(waiting.kill)
        wait_for_connections(course, f"mlflow_{first.name}", limit)
        assert "too many connections for role" in course.refused("SELECT 1", course.login(first))
        assert course.sql("SELECT 1", course.login(second)) == "1"


def wait_for_connections(course: Class, user: str, count: int) -> None:
    question = f"SELECT count(*) FROM pg_stat_activity WHERE usename = '{user}'"  # noqa: S608
    for _ in range(200):
        if course.sql(question, course.as_superuser()) == str(count):
            return
    raise AssertionError(f"{user} never had {count} connections")


def test_server_log_holds_no_password(course: Class) -> None:
    log = "".join(program.log.read_text() for program in course.database.running)
    assert "connection authorized" in log
    passwords = [course.login(tenant)["PGPASSWORD"] for tenant in course.tenants()]
    assert [one for one in (*passwords, course.as_superuser()["PGPASSWORD"]) if one in log] == []


@pytest.mark.requirement("002-wkl-10", "002-ver-29")
def test_runs_are_in_postgresql_and_artifacts_under_the_tenant_prefix(course: Class, object_store: ObjectStore) -> None:
    first, second, *_ = [tenant for tenant in course.tenants() if not tenant.suspended]
    with course.server(first) as pod:
        written = client(course, pod, "write")
        refuses_large_files(course, pod)
        assert len(written["runs"]) == len(written["versions"]) == RUNS
        names(first, pod)
    s3 = boto3.client("s3", region_name="us-east-1", endpoint_url=object_store.url, **object_store.login())
    with course.server(first) as pod:
        assert client(course, pod, "read") == written, "a new pod has everything that the old one had"
        assert course.sql("SELECT count(*) FROM runs", course.login(first)) == str(RUNS)
        keys = [item["Key"] for item in s3.list_objects_v2(Bucket=first.bucket)["Contents"]]
        assert len(keys) == RUNS
        assert all(key.startswith("mlflow-artifacts/") for key in keys)
        collect(course, first, pod)
        assert s3.list_objects_v2(Bucket=first.bucket)["KeyCount"] == RUNS - 1, "a run that was deleted long ago"
    with course.server(second) as pod:
        status, body = request(pod.ports["http"], "localhost:5050", SEARCH)
        assert status == 200
        assert [one["name"] for one in json.loads(body)["experiments"]] == ["Default"], "another tenant's server"


def refuses_large_files(course: Class, pod: Pod) -> None:
    """A larger file than the limit is refused by its announced length, before a byte of it."""
    settings = course.stack.recording.settings.tenants
    assert settings is not None
    assert settings.mlflow is not None
    limit = amount(DISK, settings.mlflow.artifact_limit)
    path, length = "/api/2.0/mlflow-artifacts/artifacts/a.bin", {"Content-Length": str(limit + 1)}
    status, body = request(pod.ports["http"], "localhost", path, method="PUT", headers=length)
    assert (status, f"larger than {limit} bytes" in body.decode()) == (413, True)


def collect(course: Class, tenant: Tenant, pod: Pod) -> None:
    """Delete two runs, one of them long ago, and run the tenant's garbage collection."""
    login = course.login(tenant)
    for run in course.sql("SELECT run_uuid FROM runs LIMIT 2", login).split():
        given = {"Content-Type": "application/json"}
        body = json.dumps({"run_id": run}).encode()
        deleted = request(
            pod.ports["http"], "localhost", "/api/2.0/mlflow/runs/delete", method="POST", headers=given, body=body
        )
        assert deleted[0] == 200
    course.sql(
        "UPDATE runs SET deleted_time = 0 WHERE run_uuid = "
        "(SELECT run_uuid FROM runs WHERE lifecycle_stage = 'deleted' LIMIT 1)",
        login,
    )
    job = course.stack.recording.one(CRON_JOB, f"tenant-{tenant.name}-mlflow-gc")
    name = f"mlflow-server.{tenant.namespace}.svc.cluster.local"
    addresses = {f"{name}:5000": f"127.0.0.1:{pod.ports['http']}", **course.place.addresses}
    printed = Pod(
        course.stack, job, replace(course.place, folder=course.place.folder / "gc", addresses=addresses)
    ).run()
    assert printed.count("has been permanently deleted") == 1
    assert course.sql("SELECT count(*) FROM runs", login) == str(RUNS - 1)
    proven("runs that garbage collection deleted or kept", RUNS)


def test_every_tenant_is_dumped_and_a_dump_restores_every_row(
    course: Class, object_store: ObjectStore, tmp_path: Path
) -> None:
    first, *_ = course.tenants()
    login = course.login(first)
    course.sql("CREATE TABLE IF NOT EXISTS kept (id int); INSERT INTO kept VALUES (1), (2)", login)
    printed = course.pod(course.stack.recording.one(CRON_JOB, DUMPS)).run()
    assert printed.count("Backup completed") == len(course.tenants())
    s3 = boto3.client("s3", region_name="us-east-1", endpoint_url=object_store.url, **object_store.login())
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=dumps(course.stack))["Contents"]]
    assert {key.partition("_backup_")[0] for key in keys} == {f"tenants/{one.name}" for one in course.tenants()}

    (dump,) = (key for key in keys if key.startswith(f"tenants/{first.name}_") and key.endswith(".sql"))
    s3.download_file(dumps(course.stack), dump, str(tmp_path / "dump"))
    before = rows(course, login)
    assert before["kept"][0] == 2
    course.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public", login)
    restore = ["--no-owner", f"--role={login['PGUSER']}", f"--dbname={login['PGDATABASE']}"]
    subprocess.run(
        [
            course.programs[POSTGRES_CLIENT_IMAGE] / "pg_restore",
            "--clean",
            "--if-exists",
            "--exit-on-error",
            *restore,
            tmp_path / "dump",
        ],
        env=course.as_superuser(),
        check=True,
        capture_output=True,
    )
    assert rows(course, login) == before
    proven("tenants' databases dumped", len(course.tenants()))


def rows(course: Class, login: Mapping[str, str]) -> dict[str, tuple[int, str]]:
    server = postgresql.Server(course.programs[POSTGRES_CLIENT_IMAGE], course.port, Path(), "", "", "", Path())
    return checksums(server, login)


def names(tenant: Tenant, pod: Pod) -> None:
    """By which names the server answers: those inside the cluster, and a forwarded port of any number."""
    inside = f"mlflow-server.{tenant.namespace}.svc.cluster.local:5000"
    for host in (inside, "mlflow-server:5000", "localhost:5000", "localhost:15000", "127.0.0.1:5050", "localhost"):
        assert request(pod.ports["http"], host, SEARCH)[0] == 200, host
    for host in ("mlflow.example.org", "localhost.example.org:5000", "10.0.3.27:5000", "mlflow-server.other:5000"):
        assert request(pod.ports["http"], host, SEARCH)[0] == 403, host
    proven("names by which a tenant's server answers or refuses", 10)


def client(course: Class, pod: Pod, what: str) -> dict[str, Any]:
    """MLflow's own client, as behind `kubectl port-forward`."""
    environment = {
        "PATH": f"{course.programs[MLFLOW_IMAGE]}:/usr/bin:/bin",
        "HOME": str(course.place.folder),
        "MLFLOW_TRACKING_URI": f"http://127.0.0.1:{pod.ports['http']}",
    }
    finished = subprocess.run(
        ["python", str(CLIENT), what], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert finished.returncode == 0, finished.stderr[-3000:] + "".join(one.last_lines() for one in pod.running)
    found: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    return found


def test_restart_keeps_data_with_a_group_volume_and_a_new_password(
    course: Class,
) -> None:
    before, login, old = course.state(), course.login(course.tenants()[0]), course.as_superuser()
    pod = course.database
    pod.stop()
    pod.running.clear()
    (pod.folder("data") / "pgdata").chmod(0o2770)
    course.stack.vault.rotate(SUPERUSER_SECRET)
    with running_server(pod):
        assert course.state() == before
        assert course.sql("SELECT 1", login) == "1"
        assert "password authentication failed" in course.refused("SELECT 1", old)
