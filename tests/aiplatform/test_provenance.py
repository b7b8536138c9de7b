"""What a plan says about where it comes from, and which folder it is written to."""

import hashlib
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.aiplatform.test_boundary import call, project  # noqa: F401, a fixture of every test
from tests.config.base import BASE

RECORD, CHANGED = Path(".plan/small"), Path(".plan/small-set")


def provenance(folder: Path = RECORD) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "plan.json").read_text())["provenance"]
    return found


def git(*words: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *identity, *words], check=True, capture_output=True, text=True).stdout.strip()


def test_plan_and_report_have_the_digest_of_the_stack_file_and_versions() -> None:
    assert call("plan", "small", "-q").exit_code == 0
    found = provenance()
    assert found["stackFile"] == {
        "name": "Pulumi.small.yaml",
        "digest": f"sha256:{hashlib.sha256(BASE.encode()).hexdigest()}",
    }
    assert (found["commit"], found["dirty"], found["set"]) == (None, None, {})
    assert found["versions"]["pulumi-aws"].startswith("7.")
    report = (RECORD / "report.html").read_text()
    assert found["stackFile"]["digest"] in report
    assert found["prices"] in report
    assert "vpc_id" in json.loads((RECORD / "plan.json").read_text())["knownAfterUp"]
    assert "(known after up)" in report


def test_provenance_has_the_commit_and_whether_it_is_all() -> None:
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "one")
    states = []
    for change in (
        lambda: None,
        Path("notes.txt").touch,
        Path("new.py").touch,
        lambda: Path("Pulumi.yaml").write_text("name: ai-platform\n"),
    ):
        change()
        assert call("plan", "small", "-q", "--out", "plan").exit_code == 0
        states.append(
            (provenance(Path("plan"))["commit"] == git("rev-parse", "HEAD"), provenance(Path("plan"))["dirty"])
        )
        Path("new.py").unlink(missing_ok=True)
    assert states == [(True, False), (True, False), (True, True), (True, True)]


def test_digest_of_a_plan_is_that_of_its_resources_alone() -> None:
    digests = []
    for changes in ([], [], ["--set", "nodeGroups.cpu.scaling.max=9"]):
        git("init", "-q")
        git("commit", "-q", "--allow-empty", "-m", "another commit")
        assert call("plan", "small", "-q", "--out", "plan", *changes).exit_code == 0
        digests.append(provenance(Path("plan"))["planDigest"])
    assert digests[0] == digests[1] != digests[2]
    assert all(re.fullmatch("sha256:[0-9a-f]{64}", one) for one in digests)
    assert digests[2] in Path("plan", "report.html").read_text()


def test_plan_with_set_is_not_the_plan_of_record() -> None:
    assert call("plan", "small", "-q").exit_code == 0
    before = (RECORD / "plan.json").read_bytes()
    result = call("plan", "small", "--set", "nodeGroups.cpu.scaling.max=9", "--set", "cluster.version=1.34")
    assert result.stdout.endswith("Written to .plan/small-set, because of --set: the plan of record is unchanged\n")
    assert (RECORD / "plan.json").read_bytes() == before
    assert provenance(CHANGED)["set"] == {"nodeGroups.cpu.scaling.max": 9, "cluster.version": "1.34"}
    assert "cluster.version=1.34" in (CHANGED / "report.html").read_text()


@pytest.mark.parametrize("failure", ["stack file", "program"])
def test_failed_plan_leaves_no_old_folder_that_looks_current(failure: str, project: Path) -> None:  # noqa: F811
    assert call("plan", "small", "-q").exit_code == 0
    before = (RECORD / "plan.json").read_bytes()
    if failure == "program":
        (project / "__main__.py").write_text("import pulumi\nraise pulumi.RunError('no')\n")
    else:
        (project / "Pulumi.small.yaml").write_text(BASE.replace("t3.large", "t3.big"))
    for _ in range(2):
        result = call("plan", "small")
        assert result.exit_code == 2
    assert not RECORD.exists()
    assert Path(".plan/small-outdated/plan.json").read_bytes() == before


def test_failed_plan_of_one_stack_keeps_the_plans_of_others(project: Path) -> None:  # noqa: F811
    assert call("plan", "small", "-q").exit_code == 0
    (project / "Pulumi.other.yaml").write_text("config: {}")
    result = call("plan", "small", "other")
    assert (result.exit_code, result.stdout) == (2, "")
    assert RECORD.is_dir()
