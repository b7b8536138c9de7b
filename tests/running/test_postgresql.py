"""The database user's Job as rendered, and the commands of docs/operate.md, on a PostgreSQL with RDS's master user."""

import contextlib
import itertools
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg
import pytest

from aiplatform.preview.plan import Resource
from catalog.reading.problems import SettingsError
from config.database_connections import RESERVED, clients
from config.loader import Loaded
from tests.config.base import ROOT, edited, load
from tests.parts import postgresql
from tests.parts.counts import proven
from tests.parts.postgresql import Server, running_postgresql
from tests.running.platform import COMMAND, host_of, running_database
from tests.running.pods import INSTANCE, Place, Pod, Stack, containers, stack
from tests.running.rows import checksums
from tests.running.writers import AGREE, ROWS, TABLES, Writers

STACK = "mlflow"
USER = "mlflow_app"
SUPERUSERS = 3
"""https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SUPERUSER-RESERVED-CONNECTIONS"""

DATABASES = ("mlflow", "mlflow_auth")
STATE = """
SELECT 'role', rolname, rolsuper, rolcreaterole, rolcreatedb, rolcanlogin, rolinherit, rolreplication, rolbypassrls,
       rolconfig::text FROM pg_roles ORDER BY rolname;
SELECT 'member', roleid::regrole, member::regrole, grantor::regrole, admin_option, inherit_option, set_option
FROM pg_auth_members ORDER BY 2, 3, 4;
SELECT 'database', datname, datdba::regrole, datacl::text, datallowconn FROM pg_database ORDER BY datname;
"""


@dataclass
class Bootstrap:
    """A server, and the Job that sets up the stack's database user on it."""

    stack: Stack
    job: Resource
    server: Server
    place: Place
    folder: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def run(self, **changed: str) -> None:
        """Run the Job as rendered, or for another user (APP_USER, APP_DATABASES)."""
        job = replace(self.job, inputs=_with(self.job, changed)) if changed else self.job
        Pod(self.stack, job, replace(self.place, folder=self.folder / str(next(self.numbers)))).run()
        proven("runs of the database user's Job")

    def login(self, database: str, user: str = USER) -> dict[str, str]:
        """The application user's, by the password that the stack's secret holds."""
        container = containers(self.job)[0]
        reference = next(item for item in container["env"] if item["name"] == "APP_PASSWORD")["valueFrom"]
        namespace = self.job.inputs["metadata"]["namespace"]
        secret = self.stack.secret(namespace, reference["secretKeyRef"]["name"])
        return self.server.environment(user, secret[reference["secretKeyRef"]["key"]], database)

    def refused(self, statement: str, login: dict[str, str]) -> str:
        """What PostgreSQL says to a statement that it refuses."""
        with pytest.raises(subprocess.CalledProcessError) as refusal:
            self.server.sql(statement, login)
        proven("statements and logins refused by PostgreSQL")
        message: str = refusal.value.stderr
        return message

    def state(self) -> list[str]:
        """Roles, memberships and databases with their rights."""
        lines = self.server.sql(STATE, self.server.as_master("postgres")).splitlines()
        assert len(lines) > 10
        return lines


def _with(job: Resource, values: dict[str, str]) -> dict[str, object]:
    (container,) = containers(job)
    env = [
        {**item, "value": values.get(item["name"], item["value"])} if "value" in item else item
        for item in container["env"]
    ]
    template = job.inputs["spec"]["template"]
    spec = {**template["spec"], "containers": [{**container, "env": env}]}
    return {**job.inputs, "spec": {**job.inputs["spec"], "template": {**template, "spec": spec}}}


@pytest.fixture(scope="module")
def bootstrap(postgresql_programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bootstrap]:
    found = stack(STACK)
    (deployment,) = found.deployments(*COMMAND)
    job = next(filter(host_of, found.jobs_before(deployment)))
    with running_database(found, job, postgresql_programs) as (server, place):
        made = Bootstrap(found, job, server, place, tmp_path_factory.mktemp("bootstrap"))
        made.run()
        yield made


def test_server_has_the_version_of_the_stack(bootstrap: Bootstrap) -> None:
    wanted = bootstrap.stack.recording.one(INSTANCE).inputs["engineVersion"]
    assert wanted == postgresql.packaged()
    running = bootstrap.server.sql("SHOW server_version", bootstrap.server.as_master("postgres"))
    assert running.partition(".")[0] == wanted


def test_second_run_changes_nothing(bootstrap: Bootstrap) -> None:
    before = bootstrap.state()
    bootstrap.run()
    assert bootstrap.state() == before
    proven("roles, memberships and databases that a second run of the Job left alone", len(before))


def test_user_owns_its_databases_only(bootstrap: Bootstrap) -> None:
    owned = bootstrap.server.sql(
        f"SELECT datname FROM pg_database WHERE datdba = '{USER}'::regrole ORDER BY 1",  # noqa: S608
        bootstrap.server.as_master("postgres"),
    )
    assert tuple(owned.splitlines()) == DATABASES
    for database in DATABASES:
        login = bootstrap.login(database)
        bootstrap.server.sql("CREATE TABLE one (id int); DROP TABLE one; CREATE SCHEMA two; DROP SCHEMA two", login)
    (role,) = (line for line in bootstrap.state() if line.startswith(f"role|{USER}|"))
    assert role == f"role|{USER}|f|f|f|t|t|f|f|", "LOGIN and INHERIT alone"
    assert not [line for line in bootstrap.state() if re.match(rf"member\|[^|]+\|{USER}\|", line)]


@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        ("CREATE ROLE other", "permission denied to create role"),
        ("CREATE DATABASE other", "permission denied to create database"),
        ("ALTER ROLE mlflow_app CREATEROLE", "permission denied to alter role"),
        ("SET ROLE mlflow", "permission denied to set role"),
        ("SET ROLE rds_superuser", "permission denied to set role"),
        ("SELECT * FROM pg_authid", "permission denied for table pg_authid"),
        ("SELECT pg_read_file('PG_VERSION')", "permission denied for function pg_read_file"),
        ("COPY (SELECT 1) TO PROGRAM 'true'", "permission denied to COPY"),
    ],
)
def test_user_cannot_gain_privileges(bootstrap: Bootstrap, statement: str, answer: str) -> None:
    assert answer in bootstrap.refused(statement, bootstrap.login("mlflow"))


def test_users_cannot_connect_to_databases_of_others(bootstrap: Bootstrap) -> None:
    bootstrap.run(APP_USER="neighbour", APP_DATABASES="neighbour")
    bootstrap.server.sql("SELECT 1", bootstrap.login("neighbour", "neighbour"))
    for database in DATABASES:
        login = bootstrap.login(database, "neighbour")
        assert "does not have CONNECT privilege" in bootstrap.refused("SELECT 1", login)
    assert "does not have CONNECT privilege" in bootstrap.refused("SELECT 1", bootstrap.login("neighbour"))


def test_quoted_names_are_identifiers_only(bootstrap: Bootstrap) -> None:
    name = 'Robert"; DROP ROLE mlflow_app; --'
    bootstrap.run(APP_USER=name, APP_DATABASES="Quoted-1")
    assert bootstrap.server.sql("SELECT current_user", bootstrap.login("Quoted-1", name)) == name
    bootstrap.server.sql("SELECT 1", bootstrap.login("mlflow"))


def test_master_is_no_superuser_and_may_act_as_its_users(bootstrap: Bootstrap) -> None:
    master = bootstrap.server.as_master("mlflow")
    question = f"SELECT current_setting('is_superuser'), pg_has_role('{USER}', 'SET'), pg_has_role('{USER}', 'USAGE')"
    assert bootstrap.server.sql(question, master) == "off|t|t"
    bootstrap.server.sql(f"CREATE DATABASE given OWNER {USER}; ", master)
    bootstrap.server.sql("DROP DATABASE given", master)


def test_connections_require_tls_and_passwords_are_stored_as_scram(bootstrap: Bootstrap) -> None:
    assert "no encryption" in bootstrap.refused("SELECT 1", {**bootstrap.login("mlflow"), "PGSSLMODE": "disable"})
    superuser = bootstrap.server.environment(postgresql.SUPERUSER, bootstrap.server.superuser_password, "postgres")
    kept = bootstrap.server.sql(f"SELECT rolpassword FROM pg_authid WHERE rolname = '{USER}'", superuser)  # noqa: S608
    assert kept.startswith("SCRAM-SHA-256$")


def test_rotation_makes_the_new_password_the_only_one(bootstrap: Bootstrap) -> None:
    old = bootstrap.login("mlflow")
    bootstrap.stack.vault.rotate(
        next(name for name, known in bootstrap.stack.vault.fixed.items() if known.get("username") == USER)
    )
    bootstrap.run()
    assert bootstrap.login("mlflow") != old
    assert "password authentication failed" in bootstrap.refused("SELECT 1", old)
    assert bootstrap.server.sql("SELECT current_user", bootstrap.login("mlflow")) == USER


# --- dump and restore ---


def documented(program: str) -> list[list[str]]:
    """The calls of a program in the section about backups."""
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    section = text.partition("## Back up and restore\n")[2].partition("\n## ")[0]
    found = [shlex.split(line.removeprefix("$ ")) for line in section.splitlines() if line.startswith(f"$ {program} ")]
    assert found
    return found


def test_dump_during_writes_restores_one_consistent_state(bootstrap: Bootstrap, tmp_path: Path) -> None:
    server, login, master = bootstrap.server, bootstrap.login("mlflow"), bootstrap.server.as_master("mlflow")
    server.sql(TABLES, login)

    def run(command: list[str], environment: dict[str, str]) -> None:
        path = {"PATH": f"{server.programs}:/usr/bin:/bin"}
        done = subprocess.run(
            command, env={**environment, **path}, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        proven("commands of docs/operate.md run as they stand there")

    (dump,), (restore,) = documented("pg_dump"), documented("pg_restore")
    create, *swap = documented("psql")
    with Writers(login, 2) as writers:
        runs = int(server.sql("SELECT count(*) FROM a_run", login))
        writers.wait(10)
        assert int(server.sql("SELECT count(*) FROM z_metric", login)) > 2 * runs, "one after another they disagree"
        with psycopg.connect(writers.conninfo) as moment:
            moment.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            (snapshot,) = moment.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
            before = writers.committed
            # Of a moment that is known, so that the restored rows have something to be compared with.
            run([*dump, f"--snapshot={snapshot}"], login)
            during = writers.committed - before
            assert during > 10, "people wrote during the dump"
            proven("transactions committed while a dump was made", during)
            wanted = checksums(server, login, snapshot=snapshot)
        run(create, master)
        run(restore, login)
    restored = {**login, "PGDATABASE": "mlflow_restored"}
    assert server.sql(AGREE, restored) == "t|t|t"
    assert checksums(server, restored) == wanted
    assert wanted["a_run"][0] >= ROWS
    proven("rows compared after a restore", sum(rows for rows, _ in wanted.values()))
    assert int(server.sql("SELECT count(*) FROM a_run", login)) > wanted["a_run"][0], "what came later is not in it"

    for command in swap:
        run(command, master)
    assert checksums(server, login) == wanted, "the application finds it under the old name"
    owners = server.sql("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'", login)
    assert owners == USER
    server.sql("INSERT INTO a_run (text) VALUES ('after')", login)
    assert server.sql("SELECT has_database_privilege('public', 'mlflow', 'CONNECT')", login) == "f"


# --- connections ---


def test_connections_of_the_plan_are_accepted_and_one_above_is_refused(
    postgresql_programs: Path, tmp_path: Path
) -> None:
    def stated(most: int) -> Loaded:
        edit = ("databaseName: mlflow\n", f"databaseName: mlflow\n      parameters: {{max_connections: '{most}'}}\n")
        return load(tmp_path, edited(edit))

    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\nbackend: {url: s3://shop-state}\n")
    planned = sum(client.connections for client in clients(stated(1000).settings))
    most = planned + RESERVED
    with pytest.raises(SettingsError, match=f"accepts {most - 1} connections, {RESERVED} of which are reserved"):
        stated(most - 1)
    (parameters,) = (one.parameters for one in stated(most).settings.databases.values())
    with running_postgresql(postgresql_programs, master="platform", database="mlflow", parameters=parameters) as server:
        login = server.as_master("mlflow")
        address = f"host={login['PGHOST']} port={server.port} dbname=mlflow user={login['PGUSER']} sslmode=require"

        def connected() -> psycopg.Connection[tuple[object, ...]]:
            return psycopg.connect(address, password=login["PGPASSWORD"])

        with contextlib.ExitStack() as opened:
            for _ in range(planned):
                opened.enter_context(contextlib.closing(connected()))
            # Migrations, users and dumps: PostgreSQL keeps three for superusers, and RDS two.
            for _ in range(RESERVED - SUPERUSERS):
                opened.enter_context(contextlib.closing(connected()))
            with pytest.raises(psycopg.OperationalError, match="remaining connection slots are reserved"):
                connected()
    proven("connections of a plan that PostgreSQL accepted", planned)
