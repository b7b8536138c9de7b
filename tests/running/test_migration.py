"""The migration Jobs as rendered, with a real alembic in place of the application's image."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.parts.counts import proven
from tests.running.pods import FailedError, stack
from tests.running.shared import SCHEMAS, STACK, Shared, shared_database

MIGRATIONS = Path(__file__).parent / "clients" / "migrations"


@pytest.fixture(scope="module")
def shared(
    postgresql_programs: Path, client_programs: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shared]:
    folder = tmp_path_factory.mktemp("migration")
    (folder / "alembic.ini").write_text(f"[alembic]\nscript_location = {MIGRATIONS}\npath_separator = os\n")
    with shared_database(stack(STACK), postgresql_programs, folder) as made:
        made.set_up()
        # What the application's image has: alembic, and the folder with its settings.
        image = {"ALEMBIC_CONFIG": str(folder / "alembic.ini"), "PYTHONDONTWRITEBYTECODE": "1"}
        made.place = replace(made.place, programs=[client_programs], environment=image)
        yield made


def migrate(shared: Shared, environment: str, **added: str) -> str:
    pod = shared.pod(shared.job(f"{environment}-migration"))
    pod.add_environment(added)
    printed = pod.run()
    proven("migrations by alembic")
    return printed


def columns(shared: Shared, environment: str) -> list[str]:
    schema = SCHEMAS[environment]
    query = (
        "SELECT table_name || '.' || column_name FROM information_schema.columns "  # noqa: S608
        f"WHERE table_schema = '{schema}' ORDER BY 1"
    )
    return shared.server.sql(query, shared.login(environment)).splitlines()


def test_failed_migration_changes_nothing_and_reports_no_completion(shared: Shared) -> None:
    with pytest.raises(FailedError, match='relation "nowhere" does not exist') as failure:
        migrate(shared, "dev", BROKEN="yes")
    assert failure.value.status != 0
    assert "Migration completed" not in failure.value.printed
    assert columns(shared, "dev") == []


def test_environment_has_tables_and_version_in_its_own_schema(shared: Shared) -> None:
    wanted = ["account.credits", "account.id", "account.name", "alembic_version.version_num"]
    assert migrate(shared, "dev").splitlines()[-1] == "Migration completed for dev"
    assert columns(shared, "dev") == wanted
    assert columns(shared, "prod") == [], "production waits for its own"
    shared.server.sql("INSERT INTO account (id, name) VALUES (1, 'dev')", shared.login("dev"))
    assert migrate(shared, "prod").splitlines()[-1] == "Migration completed for prod"
    assert columns(shared, "prod") == wanted
    assert shared.server.sql("SELECT count(*) FROM account", shared.login("prod")) == "0"
    made = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert shared.server.sql(made, shared.master) == "0"


@pytest.mark.parametrize("environment", SCHEMAS)
def test_second_run_changes_nothing(shared: Shared, environment: str) -> None:
    migrate(shared, environment)
    before = shared.server.sql("SELECT version_num FROM alembic_version", shared.login(environment))
    assert migrate(shared, environment).splitlines()[-1] == f"Migration completed for {environment}"
    assert shared.server.sql("SELECT version_num FROM alembic_version", shared.login(environment)) == before == "two"


def test_migration_of_dev_cannot_change_production(shared: Shared) -> None:
    migrate(shared, "prod")
    with pytest.raises(subprocess.CalledProcessError, match="returned non-zero"):
        shared.server.sql("ALTER TABLE prod_pingvas.account DROP COLUMN name", shared.login("dev"))
    pod = shared.pod(shared.job("dev-migration"))
    assert "prod" not in pod.environment(pod.spec["containers"][0])["DATABASE_URL"]
