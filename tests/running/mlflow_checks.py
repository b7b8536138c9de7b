"""Checks of a running MLflow: workspaces, garbage collection and large artifacts."""

import contextlib
import http.client
import json
import os
import secrets
import threading
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

from tests.parts.counts import proven
from tests.running.platform import Running
from tests.running.pods import CRON_JOB

EXPERIMENTS = "/api/2.0/mlflow/experiments"
RUN = "/api/2.0/mlflow/runs/{}"
ARTIFACTS = "/api/2.0/mlflow-artifacts"


def administrator(running: Running) -> tuple[str, str]:
    return running.login("admin")


def application_login(used: Running, database: str) -> dict[str, str]:
    pod = used.pods[0]
    environment = pod.environment(pod.spec["containers"][0])
    user = environment["MLFLOW_BACKEND_STORE_URI"].partition("://")[2].partition("@")[0]
    return used.database.environment(user, environment["PGPASSWORD"], database)


def check_workspaces(running: Running) -> None:
    """Users work in their own workspaces, as the stack file says, and see nothing of others."""
    settings = running.stack.recording.settings.workloads.mlflow
    for user in settings.users:
        seen = running.call("/api/3.0/mlflow/workspaces", running.login(user))[1].get("workspaces", [])
        own = {name for name, one in settings.workspaces.items() if user in (*one.users, *one.admins)}
        assert {one["name"] for one in seen} == own
        for name, workspace in settings.workspaces.items():
            made = {"name": f"of {user} in {name}"}
            answer = running.call(f"{EXPERIMENTS}/create", running.login(user), body=made, workspace=name)
            assert answer[0] == (200 if name in own else 403), (user, name)
            if name in own:
                read = f"{EXPERIMENTS}/get?experiment_id={answer[1]['experiment_id']}"
                for other in settings.users:
                    right = (
                        other == user or other in workspace.admins or settings.default_permission != "NO_PERMISSIONS"
                    )
                    allowed = right and other in (*workspace.users, *workspace.admins)
                    status = running.call(read, running.login(other), workspace=name)[0]
                    assert (status == 200) == allowed, (user, name, other)
    (job,) = running.stack.jobs_after(running.deployment)
    lines = running.run(job, proxy=True).splitlines()
    assert lines == [f"{name}: unchanged" for name in settings.users]
    proven("permissions of users in workspaces", len(settings.users) ** 2 * len(settings.workspaces))


def check_gc(running: Running, workspaces: Sequence[str | None]) -> None:
    """What was deleted long enough ago is gone, rows and files; what was deleted a moment ago can be restored."""
    (job,) = (one for one in running.stack.recording.all(CRON_JOB) if one.name == "mlflow-gc")
    days = running.stack.recording.settings.workloads.mlflow.gc.older_than_days
    admin, kinds = administrator(running), ("kept", "deleted", "deleted long ago")
    files: dict[tuple[str | None, str], str] = {}
    runs: dict[tuple[str | None, str], str] = {}
    for workspace in workspaces:
        made = {"name": f"gc {secrets.token_hex(4)}"}
        _, experiment = running.call(f"{EXPERIMENTS}/create", admin, body=made, workspace=workspace)
        for kind in kinds:
            _, run = running.call(RUN.format("create"), admin, body=experiment, workspace=workspace)
            info = run["run"]["info"]
            path = f"{ARTIFACTS}/artifacts/{info['artifact_uri'].partition(':/')[2].lstrip('/')}/model.json"
            runs[workspace, kind], files[workspace, kind] = info["run_id"], path
            assert running.call(path, admin, body={"of": kind}, method="PUT", workspace=workspace)[0] == 200
            if kind != "kept":
                gone = {"run_id": info["run_id"]}
                assert running.call(RUN.format("delete"), admin, body=gone, workspace=workspace)[0] == 200
    aged = ", ".join(f"'{run}'" for (_, kind), run in runs.items() if kind == "deleted long ago")
    running.database.sql(
        f"UPDATE runs SET deleted_time = deleted_time - {days * 86_400_000} WHERE run_uuid IN ({aged})",  # noqa: S608
        application_login(running, running.stack.recording.settings.databases["runs"].database_name),
    )
    printed = running.run(job, proxy=True)
    assert printed.count("has been permanently deleted") == len(workspaces), printed
    for (workspace, kind), path in files.items():
        there = kind != "deleted long ago"
        assert (running.call(path, admin, workspace=workspace)[0] == 200) == there, (workspace, kind)
    for workspace in workspaces:
        restored = {"run_id": runs[workspace, "deleted"]}
        assert running.call(RUN.format("restore"), admin, body=restored, workspace=workspace)[0] == 200
    proven("runs that garbage collection deleted or kept", len(runs))


def check_limit(running: Running, limit: int, *, signed: bool) -> None:
    """A file above the limit is refused before it is on the scratch disk, with and without its length."""
    (pod, *_) = running.pods
    login = b64encode(":".join(administrator(running)).encode()).decode()
    headers = {"Host": running.host, "Authorization": f"Basic {login}"}
    room = pod.folder("scratch")
    for size, chunked, status in ((limit, False, 200), (limit + 1, False, 413), (limit + 1, True, 413)):
        path = f"{ARTIFACTS}/artifacts/check/{secrets.token_hex(4)}.bin"
        body = (b"x" * min(2**20, size - start) for start in range(0, size, 2**20))
        given = headers if chunked else {**headers, "Content-Length": str(size)}
        connection = http.client.HTTPConnection("127.0.0.1", pod.ports["http"], timeout=60)
        with contextlib.closing(connection):
            connection.request("PUT", path, body=body, headers=given, encode_chunked=chunked)
            answer = connection.getresponse()
            content = answer.read()
        assert answer.status == status, (size, chunked, content)
        if status == 413:
            assert f"larger than {limit} bytes" in json.loads(content)["message"]
        there = running.call(path, administrator(running))[0] == 200
        assert there == (status == 200), (size, chunked)
    assert [file for file in room.rglob("*.bin") if file.is_file()] == []
    info = running.call("/api/3.0/mlflow/server-info", None)[1]
    assert info["multipart_uploads_enabled"] is info["multipart_downloads_enabled"] is signed
    presigned = running.call(f"{ARTIFACTS}/presigned/check/a.bin", administrator(running))
    assert presigned[0] == (404 if signed else 501)
    proven("uploads at the limit of an MLflow server, and above it", 3)


class Watch:
    """The most that the servers' scratch disks hold meanwhile, and by how much the memory of their processes grows."""

    def __init__(self, running: Running) -> None:
        self._folders = [pod.folder("scratch") for pod in running.pods]
        self._processes = [program.process.pid for pod in running.pods for program in pod.running]
        self._over = threading.Event()
        self._before = (self._on_disk(), self._in_memory())
        self.disk = self.memory = 0
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.2):
            self.disk = max(self.disk, self._on_disk() - self._before[0])
            self.memory = max(self.memory, self._in_memory() - self._before[1])

    def _on_disk(self) -> int:
        total = 0
        for file in (file for folder in self._folders for file in folder.rglob("*")):
            with contextlib.suppress(OSError):
                total += file.stat().st_blocks * 512
        return total

    def _in_memory(self) -> int:
        return sum(map(resident, self._processes))


def resident(process: int) -> int:
    """The resident memory of a process and of those that it started, in bytes."""
    total = 0
    with contextlib.suppress(OSError):
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        total = pages * os.sysconf("SC_PAGE_SIZE")
        for task in Path(f"/proc/{process}/task").iterdir():
            total += sum(resident(int(child)) for child in (task / "children").read_text().split())
    return total
