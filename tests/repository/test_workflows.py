"""The workflows as GitHub reads them, including those of the repository of releases."""

import os
import re
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.config.base import ROOT
from tests.parts import debian, zizmor
from tests.parts.go import program
from tests.parts.place import MissingPartError, absent

OWN = ROOT / ".github" / "workflows"
RELEASES = ROOT / "docs" / "releases" / ".github" / "workflows"
FILES = sorted([*OWN.glob("*.yaml"), *RELEASES.glob("*.yaml")])
ACTION = ROOT / ".github" / "actions" / "pulumi" / "action.yaml"
READ = {"contents": "read"}
OIDC = {"contents": "read", "id-token": "write"}


def read(file: Path) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    # YAML 1.1 takes the key `on` for true.
    return {"on" if key is True else key: value for key, value in found.items()}


def own(name: str) -> dict[Any, Any]:
    return read(OWN / name)


def steps(file: Path) -> list[dict[str, Any]]:
    found = read(file)
    return [
        *found.get("runs", {}).get("steps", ()),
        *(step for job in found.get("jobs", {}).values() for step in job.get("steps", ())),
    ]


@pytest.fixture(scope="module", params=[*FILES, ACTION], ids=lambda file: file.name)
def file(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


# --- what holds for each ---


def test_actionlint_finds_nothing() -> None:
    try:
        actionlint, shellcheck = program("actionlint"), debian.program("shellcheck")
    except MissingPartError as missing:
        absent(missing)
    said = subprocess.run(
        [actionlint, "-no-color", "-shellcheck", shellcheck, *FILES],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.stdout + said.stderr, said.returncode) == ("", 0)


def test_zizmor_finds_nothing() -> None:
    try:
        scanner = zizmor.program()
    except MissingPartError as missing:
        absent(missing)
    folders = [ROOT / ".github", RELEASES.parent]
    options = ["--offline", "--no-progress", "--quiet", "--min-severity=low", f"--config={ROOT / '.github/zizmor.yml'}"]
    said = subprocess.run([scanner, *options, *folders], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


def test_action_is_pinned_by_commit(file: Path) -> None:
    # Tags can be moved.
    used = re.findall(r"uses: (\S+)(.*)", file.read_text(encoding="utf-8"))
    for action, comment in used:
        if action.startswith("./.github/workflows/"):
            assert "workflow_call" in read(ROOT / action)["on"]
            continue
        if action.startswith("./"):
            assert (ROOT / action.replace("/.platform/", "/") / "action.yaml").is_file()
            continue
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), "what a person reads, and Renovate raises"


def test_one_action_has_one_commit_everywhere() -> None:
    used = {
        line
        for place in [*FILES, ACTION]
        for line in re.findall(r"uses: ([^.\s]\S+ # \S+)", place.read_text(encoding="utf-8"))
    }
    names = [line.partition("@")[0] for line in used]
    assert sorted(set(names)) == sorted(names)


def test_scripts_contain_no_expression(file: Path) -> None:
    """What users type reaches a script as a variable."""
    assert [step for step in steps(file) if "${{" in step.get("run", "")] == []


def test_script_of_a_step_exists(file: Path) -> None:
    for step in steps(file):
        for path in re.findall(r"\.github/scripts/\S+|\.ci/\S+", step.get("run", "")):
            assert (ROOT / path).is_file()
            assert path.endswith(".py") or os.access(ROOT / path, os.X_OK)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_workflow_grants_nothing_and_every_job_has_a_time_limit(file: Path) -> None:
    found = read(file)
    assert found["permissions"] == {}
    assert all(job["permissions"] for job in found["jobs"].values())
    assert all("uses" in job or job["timeout-minutes"] <= 120 for job in found["jobs"].values())
    assert "pull_request_target" not in found["on"], "it runs with secrets what a fork wrote"


def test_job_permissions_are_minimal() -> None:
    granted = {
        (file.name, name): job["permissions"]
        for file in sorted(OWN.glob("*.yaml"))
        for name, job in read(file)["jobs"].items()
    }
    assert granted == {
        ("ci.yaml", "test"): READ,
        ("comment.yaml", "comment"): {"actions": "read", **READ, "pull-requests": "write"},
        ("deploy.yaml", "plan"): READ,
        ("deploy.yaml", "dev"): OIDC,
        ("deploy.yaml", "proposal"): OIDC,
        ("deploy.yaml", "prod"): OIDC,
        ("drift.yaml", "check"): {**OIDC, "issues": "write"},
        ("plan.yaml", "plan"): READ,
        ("pull-request.yaml", "plan"): READ,
        ("pull-request.yaml", "preview"): OIDC,
        ("pulumi.yaml", "run"): OIDC,
    }


def test_called_workflow_gets_the_permissions_that_its_job_has(file: Path) -> None:
    for job in read(file).get("jobs", {}).values():
        if "uses" in job:
            (called,) = read(ROOT / job["uses"])["jobs"].values()
            assert job["permissions"] == called["permissions"], "GitHub refuses the run otherwise"


@pytest.mark.parametrize("name", ["comment", "deploy", "drift", "pull-request"])
def test_team_with_its_own_stacks_calls_the_same_workflow(name: str) -> None:
    called = own(f"{name}.yaml")["on"]["workflow_call"]["inputs"]
    required = {key for key, one in called.items() if one["required"]}
    assert required == {"platform", "ref"}
    page = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert f"uses: OWNER/ai-platform/.github/workflows/{name}.yaml@COMMIT" in page


@pytest.mark.parametrize("name", ["comment", "drift", "plan", "pulumi"])
def test_program_is_checked_out_beside_the_stack_files(name: str) -> None:
    placed = [one["with"] for one in steps(OWN / f"{name}.yaml") if one.get("with", {}).get("path") == ".platform"]
    assert len(placed) == 1
    for given in placed:
        assert given["repository"] == "${{ inputs.platform || github.repository }}"
        assert given["ref"] == "${{ inputs.ref || github.sha }}"
        assert given["persist-credentials"] is False


def test_workflows_of_this_repository_have_no_secret() -> None:
    assert [file.name for file in OWN.glob("*.yaml") if "secrets." in file.read_text(encoding="utf-8")] == []


# --- ci ---


def test_ci_runs_the_developer_commands_for_pull_requests_and_main() -> None:
    found = own("ci.yaml")
    assert found["on"] == {"push": {"branches": ["main"]}, "pull_request": None}
    assert [step["run"] for step in found["jobs"]["test"]["steps"] if "run" in step][-1] == ".ci/run"


def test_ci_caches_the_folder_of_built_parts() -> None:
    (kept,) = [step["with"] for step in steps(OWN / "ci.yaml") if "actions/cache@" in step.get("uses", "")]
    assert kept["path"] == "~/.cache/ai-platform"
    assert kept["key"].startswith(kept["restore-keys"])
    assert "hashFiles('tests/parts/**')" in kept["key"]


# --- pull requests ---


@pytest.mark.requirement("004-ops-09")
def test_pull_request_is_planned_without_credentials_and_from_forks() -> None:
    found = own("pull-request.yaml")
    called, plan = found["jobs"]["plan"], own("plan.yaml")["jobs"]["plan"]
    assert set(found["on"]) == {"pull_request", "workflow_call"}
    assert "if" not in called
    assert called["uses"] == "./.github/workflows/plan.yaml"
    assert not re.search(r"vars\.|secrets\.|role", f"{called} {plan}")
    checkout = plan["steps"][0]["with"]
    assert checkout == {"fetch-depth": 0, "persist-credentials": False}, "the merge, its base, and no token"


def test_plans_are_kept_for_a_stack_with_errors() -> None:
    plan = own("plan.yaml")["jobs"]["plan"]
    (run,) = [step for step in plan["steps"] if "plan_stacks.py" in step.get("run", "")]
    kept = plan["steps"][-1]
    assert run["env"] == {"STACKS": "${{ steps.changed.outputs.stacks }}"}
    assert kept["if"] == "${{ !cancelled() && steps.changed.outputs.stacks != '[]' }}"
    # A folder whose name begins with a dot would be left out of the artifact.
    assert kept["with"]["path"] == "${{ runner.temp }}/plans"
    assert '"$RUNNER_TEMP/plans"' in run["run"]


def test_pull_request_is_compared_with_its_base_also_when_a_plan_fails() -> None:
    compared, kept = own("plan.yaml")["jobs"]["plan"]["steps"][-3:-1]
    assert compared["if"] == "${{ !cancelled() && steps.changed.outputs.stacks != '' }}"
    assert kept["if"] == "${{ !cancelled() }}"
    # Its checkout is the merge, whose first parent is the base.
    assert own("pull-request.yaml")["jobs"]["plan"]["with"]["base"] == "HEAD^1"
    assert compared["env"]["BASE"] == "${{ inputs.base }}"
    assert compared["run"].endswith('diff_stacks.py "$BASE" "$RUNNER_TEMP/diff.json"')
    assert kept["with"]["path"] == "${{ runner.temp }}/diff.json"


def test_comment_runs_the_main_branch_alone_on_a_file_of_the_pull_request() -> None:
    found = own("comment.yaml")
    assert found["on"]["workflow_run"] == {"workflows": [own("pull-request.yaml")["name"]], "types": ["completed"]}
    job = found["jobs"]["comment"]
    # For workflow_run, `github.sha` is the last commit of the default branch. Nothing else is checked out.
    assert [one["with"]["ref"] for one in job["steps"] if "checkout@" in one.get("uses", "")] == [
        "${{ inputs.ref || github.sha }}"
    ]
    assert "cache" not in str(job["steps"]), "a cache can be written by a pull request"
    kept = [
        one["with"]["name"]
        for name in ("plan.yaml", "pulumi.yaml")
        for one in steps(OWN / name)
        if "upload-artifact@" in one.get("uses", "") and one["with"]["name"].startswith("difference")
    ]
    assert kept == ["difference", "difference-${{ inputs.stack }}"]
    assert "--pattern 'difference*' " in job["steps"][-2]["run"]
    found_, written = '"$RUNNER_TEMP/found"', '"$RUNNER_TEMP/found/difference/diff.json"'
    assert job["steps"][-1]["run"] == f".platform/.venv/bin/aiplatform comment {written} --previews {found_}"


def test_preview_needs_a_role_a_branch_of_this_repository_and_a_stack() -> None:
    preview = own("pull-request.yaml")["jobs"]["preview"]
    assert preview["if"].split(" && ") == [
        "vars.AWS_PREVIEW_ROLE != ''",
        "github.event.pull_request.head.repo.full_name == github.repository",
        "needs.plan.outputs.stacks != '[]'",
    ]
    assert preview["needs"] == "plan"
    assert (preview["uses"], preview["with"]["command"]) == ("./.github/workflows/pulumi.yaml", "preview")
    assert preview["strategy"] == {
        "fail-fast": False,
        "matrix": {"stack": "${{ fromJSON(needs.plan.outputs.stacks) }}"},
    }


# --- deployment ---


@pytest.mark.requirement("004-ops-09")
def test_dev_is_updated_on_merge_and_prod_after_it_and_an_approval() -> None:
    found = own("deploy.yaml")
    jobs = found["jobs"]
    assert (found["on"]["push"], found["on"]["workflow_dispatch"]) == ({"branches": ["main"]}, None)
    for name in ("dev", "prod"):
        stack = f"${{{{ inputs.{name} || '{name}' }}}}"
        given = jobs[name]["with"]
        assert (given["command"], given["stack"], given["environment"]) == ("up", stack, stack)
    assert jobs["dev"]["needs"] == "plan"
    assert jobs["prod"]["needs"] == ["plan", "dev", "proposal"]
    assert "environment" not in jobs["proposal"]["with"], "reviewers read it before they approve"
    assert own("pulumi.yaml")["jobs"]["run"]["environment"] == "${{ inputs.environment }}"


def test_update_needs_the_digests_of_the_first_job_of_its_own_run() -> None:
    # A comment or an artifact can be written by a pull request or a later job, an output of a job by that job alone.
    jobs = own("deploy.yaml")["jobs"]
    assert {jobs[name]["with"]["reviewed"] for name in ("dev", "prod")} == {"${{ needs.plan.outputs.digests }}"}
    (run,) = [step for step in steps(OWN / "pulumi.yaml") if "run_pulumi.py" in step.get("run", "")]
    assert run["env"]["REVIEWED"] == "${{ inputs.reviewed }}"
    planned = own("plan.yaml")
    assert planned["jobs"]["plan"]["outputs"]["digests"] == "${{ steps.plan.outputs.digests }}"
    assert planned["on"]["workflow_call"]["outputs"]["digests"]["value"] == "${{ jobs.plan.outputs.digests }}"


def test_stack_is_updated_only_after_a_change_and_without_earlier_failure() -> None:
    jobs = own("deploy.yaml")["jobs"]
    changed = "contains(fromJSON(needs.plan.outputs.stacks || '[]'), inputs.{0} || '{0}')"
    assert jobs["dev"]["if"] == changed.format("dev")
    going_on = "!cancelled() && !failure()"
    assert jobs["prod"]["if"] == f"{going_on} && {changed.format('prod')}"
    assert jobs["proposal"]["if"] == f"{going_on} && vars.AWS_PREVIEW_ROLE != '' && {changed.format('prod')}"
    assert jobs["plan"]["if"] == "vars.PULUMI_BACKEND_URL != ''"


def test_updates_of_a_stack_are_queued_and_never_cancelled() -> None:
    job = own("pulumi.yaml")["jobs"]["run"]
    turn = "${{ inputs.command == 'preview' && format('preview-{0}', github.run_id) || 'stack' }}-${{ inputs.stack }}"
    assert job["concurrency"] == {"group": turn, "cancel-in-progress": False}
    (run,) = [step for step in job["steps"] if "run_pulumi.py" in step.get("run", "")]
    assert run["env"]["PULUMI_BACKEND_URL"] == "${{ vars.PULUMI_BACKEND_URL }}"
    (verify,) = [step for step in job["steps"] if step.get("run") == '.venv/bin/aiplatform verify "$STACK"']
    assert verify["if"] == "inputs.command == 'up'", "prod waits for a dev that works"
    assert job["steps"].index(verify) == job["steps"].index(run) + 1


def test_role_that_writes_is_for_updates_alone() -> None:
    (setup,) = [step for step in steps(OWN / "pulumi.yaml") if step.get("uses") == "./.platform/.github/actions/pulumi"]
    role = "${{ inputs.command == 'up' && vars.AWS_DEPLOY_ROLE || vars.AWS_PREVIEW_ROLE }}"
    assert setup["with"] == {"role": role}


def test_events_of_the_engine_stay_on_the_runner() -> None:
    """They have the values of the state."""
    kept = [step["with"]["path"] for step in steps(OWN / "pulumi.yaml") if "upload-artifact@" in step.get("uses", "")]
    assert kept == ["${{ runner.temp }}/preview.json"]


def test_drift_is_checked_each_night_by_the_role_that_only_reads() -> None:
    found = own("drift.yaml")
    job = found["jobs"]["check"]
    assert found["on"]["schedule"] == [{"cron": "23 3 * * *"}]
    assert job["concurrency"]["group"] == "stack-${{ matrix.stack }}", "no check during an update"
    (setup,) = [step for step in job["steps"] if step.get("uses") == "./.platform/.github/actions/pulumi"]
    assert setup["with"]["role"] == "${{ vars.AWS_PREVIEW_ROLE }}"
    report = job["steps"][-1]
    assert (report["if"], report["env"]["OUTCOME"]) == ("${{ !cancelled() }}", "${{ job.status }}")


def test_cli_has_the_version_of_the_sdk(tmp_path: Path) -> None:
    (step,) = [one for one in steps(ACTION) if one.get("id") == "sdk"]
    output = tmp_path / "output"
    environment = {"PATH": os.environ["PATH"], "GITHUB_OUTPUT": str(output)}
    (tmp_path / ".platform").symlink_to(ROOT)
    subprocess.run(["bash", "-eo", "pipefail", "-c", step["run"]], cwd=tmp_path, env=environment, check=True)
    assert output.read_text(encoding="utf-8") == f"version={version('pulumi')}\n"
    (cli,) = [one for one in steps(ACTION) if one.get("uses", "").startswith("pulumi/actions@")]
    assert cli["with"] == {"pulumi-version": "${{ steps.sdk.outputs.version }}"}, "and runs no command of its own"
