"""The Job of a shared database as rendered, on a PostgreSQL with RDS's master user: environments are isolated."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parts import postgresql
from tests.parts.counts import proven
from tests.running.pods import FailedError, stack
from tests.running.shared import CLUSTER, SCHEMAS, SCRATCH, STACK, USERS, Shared, shared_database

CATALOGS = """
SELECT 'role', rolname, rolsuper, rolcreaterole, rolcreatedb, rolcanlogin, rolinherit, rolreplication, rolbypassrls,
       rolconfig::text FROM pg_roles ORDER BY rolname;
SELECT 'member', roleid::regrole, member::regrole, grantor::regrole, admin_option, inherit_option, set_option
FROM pg_auth_members ORDER BY 2, 3, 4;
SELECT 'database', datname, datdba::regrole, datacl::text, datallowconn FROM pg_database ORDER BY datname;
SELECT 'setting', setdatabase, setrole::regrole, setconfig::text FROM pg_db_role_setting ORDER BY 2, 3;
SELECT 'schema', nspname, nspowner::regrole, nspacl::text FROM pg_namespace ORDER BY nspname;
SELECT 'default', defaclrole::regrole, defaclnamespace::regnamespace, defaclobjtype, defaclacl::text
FROM pg_default_acl ORDER BY 2, 3, 4;
SELECT 'relation', oid::regclass, relowner::regrole, relacl::text, xmin FROM pg_class
WHERE relnamespace::regnamespace::text ~ '_pingvas$' ORDER BY oid;
SELECT 'function', oid::regprocedure, proowner::regrole, proacl::text, xmin FROM pg_proc
WHERE pronamespace::regnamespace::text ~ '_pingvas$' ORDER BY oid;
"""
OBJECTS = """
CREATE TABLE account (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
INSERT INTO account (name) VALUES ('one');
CREATE SEQUENCE ticket;
CREATE VIEW names AS SELECT name FROM account;
CREATE FUNCTION secret() RETURNS text LANGUAGE sql AS 'SELECT name FROM account';
CREATE TYPE colour AS ENUM ('red');
"""


@pytest.fixture(scope="module")
def shared(postgresql_programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    with shared_database(stack(STACK), postgresql_programs, tmp_path_factory.mktemp("schemas")) as made:
        printed = made.set_up()
        assert [line.partition(":")[0] for line in printed.splitlines()] == ["dev", "prod"]
        for environment in SCHEMAS:
            made.server.sql(OBJECTS, made.login(environment))
        yield made


def refused(shared: Shared, statement: str, login: dict[str, str]) -> str:
    """What PostgreSQL says to a statement that it refuses."""
    with pytest.raises(subprocess.CalledProcessError) as refusal:
        shared.server.sql(statement, login)
    proven("statements and logins refused by PostgreSQL")
    message: str = refusal.value.stderr
    return message


def catalogs(shared: Shared) -> list[str]:
    """All that says who may do what, in the shared database."""
    lines = shared.server.sql(CATALOGS, shared.master).splitlines()
    kinds = {line.partition("|")[0] for line in lines}
    assert kinds == {"role", "member", "database", "setting", "schema", "default", "relation", "function"}
    return lines


def test_server_has_the_version_of_the_stack(shared: Shared) -> None:
    assert shared.stack.recording.one(CLUSTER).inputs["engineVersion"].split(".")[0] == postgresql.packaged()


def test_second_run_changes_nothing(shared: Shared) -> None:
    before = catalogs(shared)
    shared.set_up()
    assert catalogs(shared) == before
    proven("roles, rights and settings that a second run of the schemas' Job left alone", len(before))


@pytest.mark.parametrize("environment", SCHEMAS)
def test_user_owns_its_schema_and_uses_it_by_default(shared: Shared, environment: str) -> None:
    login, schema = shared.login(environment), SCHEMAS[environment]
    found = shared.server.sql("SHOW search_path; SELECT current_schema(), current_user", login)
    assert found.splitlines() == [f"{schema}, public", f"{schema}|{USERS[environment]}"]
    owner = f"SELECT nspowner::regrole FROM pg_namespace WHERE nspname = '{schema}'"  # noqa: S608
    assert shared.server.sql(owner, shared.master) == USERS[environment]
    shared.server.sql("CREATE TABLE two (id int); ALTER TABLE two ADD one int; DROP TABLE two", login)


@pytest.mark.parametrize("environment", SCHEMAS)
@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        ("SELECT * FROM {other}.account", "permission denied for schema {other}"),
        ("INSERT INTO {other}.account (name) VALUES ('x')", "permission denied for schema {other}"),
        ("SELECT nextval('{other}.ticket')", "permission denied for schema {other}"),
        ("SELECT {other}.secret()", "permission denied for schema {other}"),
        ("CREATE TABLE {other}.mine (id int)", "permission denied for schema {other}"),
        ("DROP SCHEMA {other} CASCADE", "must be owner of schema {other}"),
        ("SET ROLE {user}", "permission denied to set role"),
        ("SET ROLE pingvas_admin", "permission denied to set role"),
        ("CREATE TABLE public.mine (id int)", "permission denied for schema public"),
        ("CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'", "permission denied for schema public"),
        ("CREATE SCHEMA mine", "permission denied for database pingvas_saas"),
        ("CREATE TEMPORARY TABLE mine (id int)", "permission denied to create temporary tables"),
        ("CREATE DATABASE mine", "permission denied to create database"),
        ("CREATE ROLE mine", "permission denied to create role"),
        ("ALTER ROLE {user} PASSWORD 'x'", "permission denied to alter role"),
        ("ALTER ROLE {user} SET search_path TO public", "permission denied to alter role"),
        ("SELECT rolpassword FROM pg_authid", "permission denied for table pg_authid"),
    ],
)
def test_users_cannot_leave_their_own_schema(shared: Shared, environment: str, statement: str, answer: str) -> None:
    (other,) = SCHEMAS.keys() - {environment}
    names = {"other": SCHEMAS[other], "user": USERS[other]}
    assert answer.format(**names) in refused(shared, statement.format(**names), shared.login(environment))


def test_scratch_database_belongs_to_production_only(shared: Shared) -> None:
    assert shared.server.sql("SELECT current_database()", shared.login("prod", SCRATCH)) == SCRATCH
    assert "does not have CONNECT privilege" in refused(shared, "SELECT 1", shared.login("dev", SCRATCH))
    names = "SELECT datname FROM pg_database WHERE datname LIKE 'restore%'"
    assert shared.server.sql(names, shared.master) == SCRATCH, "only production has a backup"


def test_objects_that_the_master_creates_in_a_schema_are_for_its_user_only(shared: Shared) -> None:
    shared.server.sql(
        """
        SET search_path TO prod_pingvas;
        CREATE TABLE by_master (id int);
        CREATE SEQUENCE by_master_ids;
        CREATE FUNCTION by_master() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE TYPE by_master_colour AS ENUM ('red');
        """,
        shared.master,
    )
    used = "INSERT INTO by_master VALUES (nextval('by_master_ids')); SELECT by_master(), 'red'::by_master_colour"
    assert shared.server.sql(used, shared.login("prod")) == "1|red"
    assert "permission denied" in refused(shared, "SELECT * FROM prod_pingvas.by_master", shared.login("dev"))


def test_functions_and_types_of_a_user_are_not_public(shared: Shared) -> None:
    for environment, user in USERS.items():
        question = f"""
        SELECT has_function_privilege('public', '{SCHEMAS[environment]}.secret()', 'EXECUTE'),
               has_type_privilege('public', '{SCHEMAS[environment]}.colour', 'USAGE'),
               has_function_privilege('{user}', '{SCHEMAS[environment]}.secret()', 'EXECUTE')
        """
        assert shared.server.sql(question, shared.master) == "f|f|t"


def test_existing_schema_is_taken_over_with_its_tables(shared: Shared) -> None:
    shared.server.sql(
        """
        CREATE SCHEMA old_shop;
        CREATE TABLE old_shop.goods (id bigserial, name text);
        INSERT INTO old_shop.goods (name) VALUES ('kept');
        """,
        shared.master,
    )
    pod = shared.pod(shared.bootstrap)
    (pod.folder("schemas") / "owners").write_text("old old_user old_shop\n")
    (pod.folder("passwords") / "old").write_text("by-hand")
    pod.run()
    login = shared.server.environment("old_user", "by-hand", shared.database)
    shared.server.sql("INSERT INTO goods (name) VALUES ('new')", login)
    assert shared.server.sql("SELECT count(*) FROM goods", login) == "2"
    assert "permission denied" in refused(shared, "SELECT * FROM dev_pingvas.account", login)


def test_scratch_database_of_another_owner_is_refused(shared: Shared) -> None:
    # A restore test would empty it.
    shared.server.sql("CREATE DATABASE somebodys", shared.master)
    pod = shared.pod(shared.bootstrap)
    (pod.folder("schemas") / "owners").write_text("dev dev_user dev_pingvas somebodys\n")
    with pytest.raises(FailedError, match="the database for restore tests belongs to another user") as failure:
        pod.run()
    assert "is ready" not in failure.value.printed
    owner = "SELECT datdba::regrole FROM pg_database WHERE datname = 'somebodys'"
    assert shared.server.sql(owner, shared.master) == shared.server.master


def test_server_log_holds_no_password_although_it_logs_ddl(shared: Shared) -> None:
    assert shared.server.sql("SHOW log_statement", shared.master) == "ddl"
    log = shared.server.log.read_text()
    assert 'ALTER USER "dev_user" PASSWORD \'SCRAM-SHA-256$' in log, "the verifier does"
    assert [name for name in SCHEMAS if shared.password(name) in log] == []


def test_connections_require_tls_and_passwords_are_stored_as_scram(shared: Shared) -> None:
    assert "no encryption" in refused(shared, "SELECT 1", {**shared.login("prod"), "PGSSLMODE": "disable"})
    superuser = shared.server.environment(postgresql.SUPERUSER, shared.server.superuser_password, "postgres")
    kept = shared.server.sql("SELECT rolpassword FROM pg_authid WHERE rolname ~ '^(dev|prod)_user$'", superuser)
    assert [line[:14] for line in kept.splitlines()] == ["SCRAM-SHA-256$"] * 2


def test_rotation_makes_the_new_password_the_only_one(shared: Shared) -> None:
    old, other = shared.login("dev"), shared.login("prod")
    shared.stack.vault.rotate("pingvas/dev/database")
    shared.set_up()
    assert shared.login("dev") != old
    assert "password authentication failed" in refused(shared, "SELECT 1", old)
    assert shared.server.sql("SELECT current_user", shared.login("dev")) == "dev_user"
    assert shared.login("prod") == other
    assert shared.server.sql("SELECT current_user", other) == "prod_user"


def test_job_fails_where_the_master_cannot_log_in(shared: Shared) -> None:
    pod = shared.pod(shared.bootstrap)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(pod.spec["containers"][0]["env"][-1], "value", "wrong")
        with pytest.raises(FailedError, match="password authentication failed") as failure:
            pod.run()
    assert "is ready" not in failure.value.printed
