"""The workflows of a repository of releases: their permissions, and their steps in a repository.

What holds for every workflow is in `tests/repository/test_workflows.py`.
"""

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.config.base import ROOT

RELEASES = ROOT / "docs" / "releases"
WORKFLOWS = RELEASES / ".github" / "workflows"
FILES = ("cd-dev.yaml", "cd-prod.yaml")
SERVICES = sorted(file.name for file in (RELEASES / "dev").glob("*.yaml"))
SET = {"ARGOCD_SERVER": "argocd.example.com", "ARGOCD_AUTH_TOKEN": "token"}
ARGOCD = """#!/usr/bin/env bash
echo "$ARGOCD_SERVER $ARGOCD_OPTS ${#ARGOCD_AUTH_TOKEN} $*" >> "$CALLS"
[[ ${FAILS:-} != "$2" ]]
"""


def workflow(name: str) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8"))
    # YAML 1.1 takes the key `on` for true.
    return {"on" if key is True else key: value for key, value in found.items()}


def script(name: str, job: str, step: str) -> str:
    (found,) = (one for one in workflow(name)["jobs"][job]["steps"] if one.get("name") == step)
    assert found["shell"] == "bash"
    return str(found["run"])


# --- as GitHub reads them ---


@pytest.mark.parametrize("name", FILES)
def test_workflow_has_only_the_permissions_of_its_jobs(name: str) -> None:
    found = workflow(name)
    assert found["permissions"] == {}
    granted = {job: one["permissions"] for job, one in found["jobs"].items()}
    assert (
        granted
        == {
            "cd-dev.yaml": {"version": {"contents": "write"}},
            "cd-prod.yaml": {"propose": {"contents": "read"}, "release": {"contents": "write"}},
        }[name]
    )
    assert all(one["timeout-minutes"] <= 60 for one in found["jobs"].values())


@pytest.mark.parametrize("name", FILES)
def test_runs_of_one_kind_are_queued_and_never_cancelled(name: str) -> None:
    concurrency = workflow(name)["concurrency"]
    assert concurrency["cancel-in-progress"] is False
    assert ("inputs.service" in concurrency["group"]) == (name == "cd-dev.yaml"), "a service would lose its turn"


@pytest.mark.requirement("003-ver-20")
@pytest.mark.deviates("003-git-06")
def test_production_needs_one_approval_by_reviewers_of_the_environment() -> None:
    jobs = workflow("cd-prod.yaml")["jobs"]
    assert jobs["release"]["environment"] == "production"
    assert "environment" not in jobs["propose"], "reviewers see what is proposed before they agree"
    assert jobs["release"]["needs"] == "propose"
    text = (WORKFLOWS / "cd-prod.yaml").read_text(encoding="utf-8")
    assert "manual-approval" not in text
    assert "issues:" not in text
    assert "inputs.release" in workflow("cd-prod.yaml")["run-name"]
    holders = [step for job in jobs.values() for step in job["steps"] if "secrets." in str(step)]
    assert [step["name"] for step in holders] == ["Release"], "no other step has the token"
    assert [step["name"] for step in jobs["release"]["steps"] if "secrets." in str(step)] == ["Release"]


# --- as they run ---


class Repository:
    """A repository of releases with its origin, as a runner has it checked out."""

    def __init__(self, folder: Path) -> None:
        self.origin, self.checkout, self.folder = folder / "origin.git", folder / "checkout", folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            "CALLS": str(folder / "calls"),
            "RUNNER_TEMP": str(folder),
        }
        self.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.origin), at=folder)
        self.git("clone", "--quiet", str(self.origin), str(self.checkout), at=folder)
        self.git("checkout", "--quiet", "-B", "main")
        for file in (*RELEASES.glob("dev/*.yaml"), *RELEASES.glob("prod/*.yaml")):
            target = self.checkout / "releases" / file.relative_to(RELEASES)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
        self.git("add", ".")
        self.git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "first")
        self.git("push", "--quiet", "origin", "main")

    def git(self, *words: str, at: Path | None = None) -> str:
        run = subprocess.run(
            ["git", *words],
            cwd=at or self.checkout,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return run.stdout

    def run(self, text: str, variables: Mapping[str, str], *, path: str = "") -> subprocess.CompletedProcess[str]:
        """A step, as the runner starts `shell: bash`."""
        environment = {**self.environment, **variables}
        environment["PATH"] = f"{path}:{environment['PATH']}" if path else environment["PATH"]
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text],
            cwd=self.checkout,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def versions(self, environment: str, *, at: str = "main") -> dict[str, str]:
        """What main of the origin says, by service."""
        found = {}
        for name in SERVICES:
            text = self.git("show", f"{at}:releases/{environment}/{name}", at=self.origin)
            (container,) = yaml.safe_load(text)["spec"]["template"]["spec"]["containers"]
            found[name.removesuffix(".yaml")] = container["image"].rpartition(":")[2]
        return found

    def dev(self, service: str, tag: str) -> subprocess.CompletedProcess[str]:
        text = script("cd-dev.yaml", "version", "Write the version")
        return self.run(text, {"FOLDER": "releases/dev", "SERVICE": service, "TAG": tag})

    def prod(self, release: str, roll_back_to: str = "") -> subprocess.CompletedProcess[str]:
        """Propose and write, as one run does it."""
        self.git("fetch", "--quiet", "--tags", "origin")
        self.git("reset", "--quiet", "--hard", "origin/main")
        given = {**workflow("cd-prod.yaml")["env"], "RELEASE": release, "ROLL_BACK_TO": roll_back_to}
        (self.folder / "output").write_text("")
        (self.folder / "summary").write_text("")
        proposed = self.run(script("cd-prod.yaml", "propose", "Propose the versions"), given)
        if proposed.returncode:
            return proposed
        name, _, revision = (self.folder / "output").read_text().strip().partition("=")
        assert name == "revision"
        return self.run(script("cd-prod.yaml", "release", "Write the versions"), {**given, "REVISION": revision})


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_new_version_is_written_to_dev_only(repository: Repository) -> None:
    before = repository.versions("dev")
    run = repository.dev("user-service", "v1.1.0")
    assert run.returncode == 0, run.stdout + run.stderr
    assert repository.versions("dev") == {**before, "user-service": "v1.1.0"}
    assert repository.versions("prod") == before
    changed = repository.git("diff", "--numstat", "main~1", "main", at=repository.origin).split()
    assert changed == ["1", "1", "releases/dev/user-service.yaml"]


def test_same_version_again_is_no_commit(repository: Repository) -> None:
    repository.dev("user-service", "v1.1.0")
    head = repository.git("rev-parse", "main", at=repository.origin)
    assert repository.dev("user-service", "v1.1.0").returncode == 0
    assert repository.git("rev-parse", "main", at=repository.origin) == head


def test_concurrent_services_both_arrive_by_a_retried_push(repository: Repository, tmp_path: Path) -> None:
    other = tmp_path / "other"
    repository.git("clone", "--quiet", str(repository.origin), str(other), at=tmp_path)
    repository.dev("user-service", "v1.1.0")
    repository.checkout = other
    run = repository.dev("payment-service", "v2.0.0")
    assert run.returncode == 0, run.stdout + run.stderr
    found = repository.versions("dev")
    assert (found["user-service"], found["payment-service"]) == ("v1.1.0", "v2.0.0")


@pytest.mark.parametrize(
    ("service", "tag"),
    [
        ("user-service", "latest"),
        ("user-service", "v1|e touch owned"),
        ("user-service", "$(touch owned)"),
        ("user-service", ""),
        ("../prod/user-service", "v1.1.0"),
        ("no-service", "v1.1.0"),
        ("", "v1.1.0"),
    ],
)
def test_invalid_service_or_version_is_refused(repository: Repository, service: str, tag: str) -> None:
    run = repository.dev(service, tag)
    assert run.returncode == 1
    assert run.stdout.startswith("::error::")
    assert repository.git("log", "--format=%s", "main", at=repository.origin).split() == ["first"]
    assert not list(repository.folder.rglob("owned"))


def test_production_gets_the_versions_of_dev_under_the_release_name(repository: Repository) -> None:
    repository.dev("user-service", "v1.1.0")
    run = repository.prod("v1.1.0")
    assert run.returncode == 0, run.stdout + run.stderr
    assert repository.versions("prod") == repository.versions("dev")
    assert repository.versions("prod", at="v1.1.0")["user-service"] == "v1.1.0"
    summary = (repository.folder / "summary").read_text()
    assert "now    image: ghcr.io/pingvas/user-service:v1.0.0" in summary
    assert "then   image: ghcr.io/pingvas/user-service:v1.1.0" in summary


def test_production_gets_the_reviewed_versions_after_dev_has_changed(repository: Repository) -> None:
    repository.dev("user-service", "v1.1.0")
    seen = repository.git("rev-parse", "HEAD").strip()
    repository.dev("user-service", "v1.2.0")
    given = {**workflow("cd-prod.yaml")["env"], "RELEASE": "v1.1.0", "ROLL_BACK_TO": "", "REVISION": seen}
    run = repository.run(script("cd-prod.yaml", "release", "Write the versions"), given)
    assert run.returncode == 0, run.stdout + run.stderr
    assert repository.versions("prod")["user-service"] == "v1.1.0"
    assert repository.versions("dev")["user-service"] == "v1.2.0"


def test_rollback_restores_an_earlier_release_and_keeps_dev(repository: Repository) -> None:
    for version in ("v1.1.0", "v1.2.0"):
        repository.dev("user-service", version)
        assert repository.prod(version).returncode == 0
    run = repository.prod("v1.2.1", roll_back_to="v1.1.0")
    assert run.returncode == 0, run.stdout + run.stderr
    assert repository.versions("prod")["user-service"] == "v1.1.0"
    assert repository.versions("dev")["user-service"] == "v1.2.0"
    assert repository.versions("prod", at="v1.2.1") == repository.versions("prod", at="v1.1.0")


def test_release_keeps_manual_edits_of_production(repository: Repository) -> None:
    file = repository.checkout / "releases" / "prod" / "user-service.yaml"
    file.write_text("# A note.\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    repository.git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-a", "-m", "note")
    repository.git("push", "--quiet", "origin", "main")
    repository.dev("user-service", "v1.1.0")
    repository.prod("v1.1.0")
    shown = repository.git("show", "main:releases/prod/user-service.yaml", at=repository.origin)
    assert shown.startswith("# A note.\n")
    assert shown.endswith(":v1.1.0\n")


@pytest.mark.parametrize(
    ("release", "back"), [("v1.0.0", ""), ("v2", "v9"), ("a b", ""), ("v2", "$(id)"), ("--force", "")]
)
def test_release_needs_a_new_name_and_a_rollback_an_existing_one(
    repository: Repository, release: str, back: str
) -> None:
    assert repository.prod("v1.0.0").returncode == 0
    run = repository.prod(release, back)
    assert run.returncode == 1
    assert run.stdout.startswith("::error::")


def test_service_missing_in_dev_stops_the_release_before_any_write(repository: Repository) -> None:
    repository.git("rm", "--quiet", "releases/dev/user-service.yaml")
    repository.git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "gone")
    repository.git("push", "--quiet", "origin", "main")
    head = repository.git("rev-parse", "main", at=repository.origin)
    run = repository.prod("v1.1.0")
    assert run.returncode == 1
    assert "no version for releases/prod/user-service.yaml" in run.stdout
    assert repository.git("rev-parse", "main", at=repository.origin) == head


@pytest.fixture
def release(repository: Repository) -> Callable[..., subprocess.CompletedProcess[str]]:
    folder = repository.folder / "bin"
    folder.mkdir()
    (folder / "argocd").write_text(ARGOCD)
    (folder / "argocd").chmod(0o755)
    (step,) = (one for one in workflow("cd-prod.yaml")["jobs"]["release"]["steps"] if one.get("name") == "Release")
    given = {key: value for key, value in step["env"].items() if "${{" not in value}

    def run(**variables: str) -> subprocess.CompletedProcess[str]:
        return repository.run(step["run"], {**given, **variables}, path=str(folder))

    return run


def test_release_syncs_argo_cd_and_waits_until_production_is_healthy(
    repository: Repository, release: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    run = release(**SET)
    assert run.returncode == 0, run.stderr
    assert (repository.folder / "calls").read_text().splitlines() == [
        "argocd.example.com --grpc-web 5 app get pingvas-prod --refresh",
        "argocd.example.com --grpc-web 5 app sync pingvas-prod --prune --timeout 600",
        "argocd.example.com --grpc-web 5 app wait pingvas-prod --sync --health --operation --timeout 1500",
    ]


@pytest.mark.parametrize("failing", ["get", "sync", "wait"])
def test_failed_sync_of_argo_cd_fails_the_run(
    failing: str, release: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    assert release(**SET, FAILS=failing).returncode == 1


@pytest.mark.parametrize(
    ("server", "token", "named"), [("", "token", "ARGOCD_SERVER"), ("argocd.example.com", "", "ARGOCD_TOKEN")]
)
def test_missing_secret_or_variable_of_the_environment_is_named(
    server: str, token: str, named: str, release: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    run = release(ARGOCD_SERVER=server, ARGOCD_AUTH_TOKEN=token)
    assert run.returncode != 0
    assert named in run.stderr
