"""The scripts that `aiplatform verify` runs in MLflow's pod, with the environment of the rendered pod."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from aiplatform.verify.platform import OBJECTS, TABLES
from tests.parts.object_store import ObjectStore
from tests.running.platform import BUCKET, COMMAND, Running, running_mlflow
from tests.running.pods import containers, stack

STACK = "mlflow"


@pytest.fixture(scope="module")
def running(
    mlflow_programs: Path,
    postgresql_programs: Path,
    object_store: ObjectStore,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Running]:
    """The database and the bucket of a stack, after the Jobs that its server waits for."""
    found = stack(STACK)
    (deployment,) = found.deployments(*COMMAND)
    with running_mlflow(
        found,
        deployment,
        tmp_path_factory.mktemp("verify"),
        mlflow=mlflow_programs,
        postgresql=postgresql_programs,
        store=object_store,
    ) as one:
        yield one


def in_pod(
    running: Running, script: str, *arguments: str, without: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a script as a shell in the server's container would."""
    pod = running._pod(running.deployment, {"http": 5000, "metrics": 9191})
    (server,) = (one for one in containers(running.deployment) if one["name"] == "server")
    environment = {"PATH": os.environ["PATH"], **running.place.environment, **pod.environment(server)}
    return subprocess.run(
        [running.programs / "python", "-c", script, *arguments],
        env={name: value for name, value in environment.items() if name not in without},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.deviates("000-ver-13")
def test_mlflow_login_counts_the_tables_of_its_database(running: Running) -> None:
    done = in_pod(running, TABLES, "MLFLOW_BACKEND_STORE_URI")

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20


@pytest.mark.deviates("000-ver-13")
def test_script_fails_without_the_password(running: Running) -> None:
    done = in_pod(running, TABLES, "MLFLOW_BACKEND_STORE_URI", without=("PGPASSWORD",))

    assert done.returncode == 1
    assert "OperationalError" in done.stderr


@pytest.mark.requirement("000-ver-17")
def test_mlflow_role_lists_its_bucket_and_a_missing_bucket_fails(running: Running) -> None:
    (bucket,) = (one.inputs["bucket"] for one in running.stack.recording.all(BUCKET))

    there, gone = (in_pod(running, OBJECTS, name) for name in (bucket, f"{bucket}-gone"))

    assert (there.returncode, there.stdout) in {(0, "0\n"), (0, "1\n")}, there.stderr
    assert (gone.returncode, gone.stdout) == (1, "")
