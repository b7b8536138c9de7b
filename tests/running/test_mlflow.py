"""MLflow as rendered: the Deployments and Jobs of every stack run on a real database and an S3."""

import hashlib
import http.client
import json
import os
import random
import re
import secrets
import subprocess
import threading
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from aiplatform.preview.plan import Resource
from catalog.quantities import DISK, amount
from catalog.versions import MLFLOW_IMAGE
from tests.components.base import SHIPPED, STACKS
from tests.parts import mlflow
from tests.parts.counts import proven
from tests.parts.object_store import ObjectStore
from tests.running.balancer import request
from tests.running.clients.wanted import RUNS, SIZES, STEPS
from tests.running.mlflow_checks import (
    ARTIFACTS,
    EXPERIMENTS,
    Watch,
    administrator,
    application_login,
    check_gc,
    check_limit,
    check_workspaces,
)
from tests.running.platform import COMMAND, LARGE, Running, running_mlflow
from tests.running.pods import Stack, containers, stack
from tests.running.rows import checksums

USERS = "/api/2.0/mlflow/users"
SEARCH = f"{EXPERIMENTS}/search?max_results=1"
JOURNEY = "mlflow"
"""The stack whose MLflow is used, restarted and upgraded; the others are started and asked."""

Others: TypeAlias = dict[str, list[Future[None]]]


@pytest.fixture(scope="session")
def parts(mlflow_programs: Path, postgresql_programs: Path, object_store: ObjectStore) -> dict[str, Any]:
    return {"mlflow": mlflow_programs, "postgresql": postgresql_programs, "store": object_store}


@pytest.fixture(scope="module")
def used(others: Others, parts: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Two replicas of one stack, and the stack's users. The other stacks are checked meanwhile."""
    assert others
    found = stack(JOURNEY)
    (deployment,) = found.deployments(*COMMAND)
    with running_mlflow(found, deployment, tmp_path_factory.mktemp(JOURNEY), **parts) as running:
        for pod in [running.start(), running.start()]:
            running.wait(pod)
        for job in found.jobs_after(deployment):
            running.run(job, proxy=True)
        yield running


def test_part_has_the_version_of_the_stacks() -> None:
    assert f":v{mlflow.version()}-" in MLFLOW_IMAGE


NAMES = ("--artifacts-destination", "--allowed-hosts", "--cors-allowed-origins")
"""The options whose values are names alone."""


def shape(deployment: Resource) -> str:
    """What a Deployment's containers are told, but for names and for how many seconds."""
    told = []
    for container in containers(deployment):
        options = zip(["", *container["command"]], container["command"], strict=False)
        command = ["" if option in NAMES else re.sub(r"(?<= )\d+", "", value) for option, value in options]
        told.append([command, sorted(item["name"] for item in container["env"])])
    return json.dumps(told)


@pytest.fixture(scope="module")
def others(parts: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Others]:
    """The checks of every MLflow Deployment but the used one, two at a time: each waits for one processor.

    Of variants that differ from one that is started in names alone, or in a number of seconds, none is started.
    """
    # Those of tenants have no login and no balancer: test_tenant_mlflow runs them.
    shared = [stack(name) for name in STACKS if stack(name).recording.settings.workloads.mlflow is not None]
    servers = ((one, item) for one in shared for item in one.deployments(*COMMAND))
    found = [(one, item) for one, item in servers if not item.name.startswith("tenant-")]
    shapes = {shape(item) for one, item in found if one.name in SHIPPED}
    with ThreadPoolExecutor(2) as pool:
        checks: Others = {name: [] for name in STACKS if name != JOURNEY}
        for one, item in found:
            if one.name in SHIPPED or shape(item) not in shapes:
                shapes.add(shape(item))
                if one.name != JOURNEY:
                    checks[one.name].append(pool.submit(check, one, item, tmp_path_factory.mktemp(one.name), parts))
            else:
                proven("MLflow Deployments that differ from a started one in names and seconds alone")
        yield checks


def check(found: Stack, deployment: Resource, folder: Path, parts: dict[str, Any]) -> None:
    with running_mlflow(found, deployment, folder / "pods", **parts) as running:
        running.wait(running.start())
        for job in found.jobs_after(deployment):
            running.run(job, proxy=True)
        assert_doors(running)
        check_artifact(running)
        mlflow = found.recording.settings.workloads.mlflow
        if mlflow.workspaces:
            check_workspaces(running)
        if mlflow.gc is not None:
            check_gc(running, list(mlflow.workspaces) or [None])
        if mlflow.artifact_limit is not None:
            check_limit(running, amount(DISK, mlflow.artifact_limit), signed=mlflow.signed_urls)
        check_end(running)


def assert_doors(running: Running) -> None:
    (pod, *_) = running.pods
    admin = administrator(running)
    health = running.way.health
    address = f"10.0.3.27:{pod.ports['http']}"
    assert request(pod.ports["http"], address, health.path)[0] in health.statuses, "the load balancer's check"
    assert running.call(SEARCH, None)[0] == 401
    assert running.call(SEARCH, (admin[0], secrets.token_hex()))[0] == 401
    assert running.call(SEARCH, admin)[0] == 200
    for host in ("mlflow.example.org", address, f"{running.host}.example.org"):
        assert running.call(SEARCH, admin, host=host, pod=pod)[0] == 403, host
    inside = f"{running.way.service}.{running.way.namespace}.svc.cluster.local:5000"
    assert running.call(SEARCH, admin, host=inside, pod=pod)[0] == 200
    assert running.call(SEARCH, admin, host=f"{running.host}:443", pod=pod)[0] == 200
    if running.way.hosts:
        assert running.balancer.target("mlflow.example.org") is None, "no rule of the load balancer leads here"


def check_artifact(running: Running) -> None:
    """Through the server into the stack's bucket, and back."""
    admin = administrator(running)
    content = {"text": secrets.token_hex(200)}
    path = f"/api/2.0/mlflow-artifacts/artifacts/check/{secrets.token_hex(4)}.json"
    assert running.call(path, admin, body=content, method="PUT")[0] == 200
    assert running.call(path, admin) == (200, content)
    assert running.call(path, None)[0] == 401


def check_end(running: Running) -> None:
    """An upload that has begun is completed after SIGTERM, and the server ends by itself."""
    (pod, *_) = running.pods
    admin, content = administrator(running), secrets.token_bytes(4096)
    connection = http.client.HTTPConnection("127.0.0.1", pod.ports["http"], timeout=60)
    path = f"/api/2.0/mlflow-artifacts/artifacts/check/{secrets.token_hex(4)}.bin"
    connection.putrequest("PUT", path, skip_host=True)
    login = b64encode(":".join(admin).encode()).decode()
    given = {"Host": running.host, "Authorization": f"Basic {login}", "Content-Length": str(2 * len(content))}
    for name, value in given.items():
        connection.putheader(name, value)
    connection.endheaders(content)
    statuses: list[int] = []

    def complete() -> None:
        time.sleep(3)
        connection.send(content)
        statuses.append(connection.getresponse().status)

    uploading = threading.Thread(target=complete, daemon=True)
    uploading.start()
    time.sleep(1)
    seconds = running.end(pod)
    uploading.join(timeout=30)
    connection.close()
    assert statuses == [200], "the server cut an upload"
    assert 1 < seconds < pod.spec["terminationGracePeriodSeconds"], "the kubelet would have killed it"
    proven("pods that ended by themselves within their grace period")


# --- one stack, used ---


def test_wrong_host_and_wrong_or_missing_password_are_refused(used: Running) -> None:
    assert_doors(used)


def test_users_of_the_stack_log_in_and_only_administrators_administrate(used: Running) -> None:
    users = used.stack.recording.settings.workloads.mlflow.users
    assert {user.admin for user in users.values()} == {True, False}, "the stack has both kinds"
    for name, user in users.items():
        login = used.login(name)
        status, found = used.call(f"{USERS}/current", login)
        assert (status, found["user"]["is_admin"]) == (200, user.admin)
        made = {"username": f"made-by-{name}", "password": secrets.token_hex()}
        assert used.call(f"{USERS}/create", login, body=made)[0] == (200 if user.admin else 403)
        rights = {"username": name, "is_admin": True}
        assert used.call(f"{USERS}/update-admin", login, body=rights, method="PATCH")[0] == (200 if user.admin else 403)


def test_second_run_of_the_users_job_changes_nothing(used: Running) -> None:
    (job,) = used.stack.jobs_after(used.deployment)
    lines = used.run(job, proxy=True).splitlines()
    assert lines == [f"{name}: unchanged" for name in used.stack.recording.settings.workloads.mlflow.users]


def test_user_created_on_one_replica_logs_in_on_the_other(used: Running) -> None:
    first, second = used.pods
    login = ("visitor", secrets.token_hex())
    made = {"username": login[0], "password": login[1]}
    assert used.call(f"{USERS}/create", administrator(used), body=made, pod=first)[0] == 200
    assert used.call(SEARCH, login, pod=second)[0] == 200
    assert used.call(SEARCH, (login[0], secrets.token_hex()), pod=second)[0] == 401


def test_metrics_sidecar_counts_the_answers_of_the_server(used: Running) -> None:
    for pod in used.pods:
        before = answered(pod.ports["metrics"])
        for _ in range(3):
            assert used.call(SEARCH, administrator(used), pod=pod)[0] == 200
        assert answered(pod.ports["metrics"]) >= before + 3
        assert used.call("/metrics", None, pod=pod)[0] == 401, "the server's own page is closed"


def answered(port: int) -> float:
    status, page = request(port, "10.0.3.27:9191", "/metrics")
    assert status == 200
    lines = [line for line in page.decode().splitlines() if line.startswith("mlflow_http_request_total{")]
    return sum(float(line.rpartition(" ")[2]) for line in lines)


def test_signed_urls_name_the_region(used: Running) -> None:
    # Other regions do not know a new bucket yet.
    pod = used.pods[0]
    environment = pod.environment(pod.spec["containers"][0])
    command = containers(used.deployment)[0]["command"]
    bucket = command[command.index("--artifacts-destination") + 1]
    script = (
        "import sys; from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository as found;"
        "parameters = {'Bucket': sys.argv[1].removeprefix('s3://'), 'Key': 'a'};"
        "print(found(sys.argv[1])._get_s3_client().generate_presigned_url('get_object', Params=parameters))"
    )
    printed = subprocess.run(
        ["python", "-c", script, bucket],
        env={name: value for name, value in environment.items() if name not in {"AWS_ENDPOINT_URL_S3", "TMPDIR"}},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    region = used.stack.recording.settings.project.region
    assert printed.startswith(
        f"https://{bucket.removeprefix('s3://')}.s3.{region}.amazonaws.com/a?X-Amz-Algorithm=AWS4-"
    )


PART = 5 * 2**20
LARGE_BYTES = int(float(os.environ.get("LARGE_ARTIFACT_GIB", "0")) * 2**30) or 24 * PART + 1
PARTS = 512
"""Of 5 GiB, by the client's default of 10 MiB a part."""


def test_large_files_go_to_the_bucket_and_not_through_the_server(used: Running) -> None:
    # By default from 500 MiB in parts of 10 MiB; here from 5 MiB, the least of S3. LARGE_ARTIFACT_GIB=5 takes 5 GiB.
    large = LARGE_BYTES > 2**30
    sizes = {"MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE": str(PART), "MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE": str(PART)}
    before, scratch = used.balancer.transferred, Watch(used)
    with scratch:
        found = used.client(str(LARGE_BYTES), used.login("ml-engineer-1"), {} if large else sizes, script=LARGE)
    assert (found["size"], found["read"]) == (LARGE_BYTES, found["written"])
    assert used.balancer.transferred - before < 2**20, "requests and signed URLs alone"
    assert scratch.disk < 2**20, "nothing on the scratch disk"
    assert scratch.memory < 2**27, f"{scratch.memory} bytes of memory"
    proven("MiB of memory that servers took for it", scratch.memory // 2**20)
    proven("bytes that went to the bucket and back by signed URLs", 2 * LARGE_BYTES)


def test_urls_for_the_parts_of_5_gib_are_signed_at_once(used: Running) -> None:
    admin = administrator(used)
    made = {"path": "weights.bin", "num_parts": PARTS}
    status, upload = used.call(f"{ARTIFACTS}/mpu/create/check", admin, body=made)
    assert status == 200
    assert [one["part_number"] for one in upload["credentials"]] == list(range(1, PARTS + 1))
    gone = {"path": "weights.bin", "upload_id": upload["upload_id"]}
    assert used.call(f"{ARTIFACTS}/mpu/abort/check", admin, body=gone)[0] == 200


# --- what must not be lost ---


def test_restart_upgrade_and_password_rotation_lose_nothing(used: Running) -> None:
    author, reader = used.login("ml-engineer-1"), used.login("mlops-engineer-2")
    written = used.client("write", author)
    check_journey(written)
    old = administrator(used)
    users = names_and_rights(used, old)
    before = {name: contents(used, name) for name in ("mlflow", "mlflow_auth")}

    check_end(used)
    used.stack.vault.rotate(admin_secret(used.stack))
    upgrade = used.stack.jobs_before(used.deployment)[-1]
    printed = used.run(upgrade)
    assert "admin: password set" in printed
    after = {name: contents(used, name) for name in ("mlflow", "mlflow_auth")}
    assert after["mlflow"] == before["mlflow"]
    assert {table for table in after["mlflow_auth"] if after["mlflow_auth"][table] != before["mlflow_auth"][table]} == {
        "users"
    }, "the administrator's password, and nothing else"
    proven(
        "rows compared before and after an upgrade", sum(rows for found in after.values() for rows, _ in found.values())
    )

    check_end(used)
    used.wait(used.start())
    new = administrator(used)
    assert old != new
    assert used.call(SEARCH, old)[0] == 401
    assert used.call(SEARCH, new)[0] == 200
    assert names_and_rights(used, new) == users
    assert used.client("read", reader, {"MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD": "false"}) == written
    proven("runs, model versions and artifacts read again by another user after a restart", 3 * RUNS)


def names_and_rights(used: Running, login: tuple[str, str]) -> dict[str, bool]:
    status, found = used.call(f"{USERS}/list", login)
    assert status == 200
    return {user["username"]: user["is_admin"] for user in found["users"]}


def admin_secret(found: Stack) -> str:
    (name,) = (name for name, known in found.vault.fixed.items() if known.get("username") == "admin")
    return name


def check_journey(written: Mapping[str, Any]) -> None:
    """What the client wrote is what it read, and what it was to write."""
    assert len(written["runs"]) == len(written["versions"]) == RUNS
    for number, run in enumerate(written["runs"]):
        assert run["params"]["umlaut"] == "Größe 🙂"
        assert [step for step, *_ in run["metrics"]] == list(range(STEPS))
        assert [value for _, value, _ in run["metrics"]] == [1 / (step + 1 + number) for step in range(STEPS)]
        content = random.Random(number).randbytes(SIZES[number])  # noqa: S311, only to tell files apart
        assert run["artifact"] == hashlib.sha256(content).hexdigest()
    proven("metric values read back", RUNS * STEPS)
    proven("bytes of artifacts read back", sum(SIZES))


def contents(used: Running, database: str) -> dict[str, tuple[int, str]]:
    """The number of rows and a checksum of every table."""
    login = application_login(used, database)
    return checksums(used.database, login)


# --- every other stack ---


@pytest.mark.parametrize("name", [name for name in STACKS if name != JOURNEY])
def test_rendered_jobs_and_command_start_a_server_with_logins(name: str, others: Others) -> None:
    for checked in others[name]:
        checked.result()
