"""The Job of a database user that needs an extension, as rendered for Open WebUI, by a master user like RDS's.

pgvector is in no package of these tests: an extension that comes with PostgreSQL, and that ordinary owners may make as
little as RDS's users may make pgvector, is made in its place.
"""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.parts.counts import proven
from tests.running.platform import host_of, running_database
from tests.running.pods import JOB, Pod, containers, stack
from tests.running.test_postgresql import _with

INSTEAD = "cube"


def test_master_user_creates_the_extension_once(postgresql_programs: Path, tmp_path: Path) -> None:
    found = stack("chat")
    job = found.recording.one(JOB, "open-webui-database-user")
    assert host_of(job)
    given = {item["name"]: item.get("value") for item in containers(job)[0]["env"]}
    assert given["APP_EXTENSIONS"] == "vector"
    other = replace(job, inputs=_with(job, {"APP_EXTENSIONS": INSTEAD}))
    with running_database(found, job, postgresql_programs) as (server, place):
        versions = []
        for run in ("first", "second"):
            Pod(found, other, replace(place, folder=tmp_path / run)).run()
            versions.append(server.sql("SELECT extname, extversion FROM pg_extension", server.as_master("open_webui")))
            proven("runs of a database user's Job that makes an extension")
        assert versions[0] == versions[1]
        assert f"{INSTEAD}|" in versions[0]
        container = containers(job)[0]
        reference = next(item for item in container["env"] if item["name"] == "APP_PASSWORD")["valueFrom"][
            "secretKeyRef"
        ]
        password = found.secret(job.inputs["metadata"]["namespace"], reference["name"])[reference["key"]]
        login = server.environment("open_webui_app", password, "open_webui")
        server.sql(f"CREATE TABLE one (at {INSTEAD}); DROP TABLE one", login)
        with pytest.raises(subprocess.CalledProcessError):
            server.sql(f"DROP EXTENSION {INSTEAD}", login)
