"""Previews and updates by Pulumi's engine, with a stub of its program."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.repository.base import Checkout

PULUMI = """\
#!/usr/bin/env bash
if [[ "$1 $2" == "stack ls" ]]; then echo "$KNOWN"; exit "${LS:-0}"; fi
echo "$*" >> "$CALLS"
echo '::add-mask::dev'
echo 'Updating <dev>'
echo 'a warning' >&2
exit "${STATUS:-0}"
"""
OPTIONS = "--policy-pack policies --non-interactive --color never"


@pytest.fixture
def published(checkout: Checkout) -> Checkout:
    """The checkout of a commit that its origin has as main."""
    origin = str(checkout.folder.parent / "origin.git")
    checkout.git("init", "--quiet", "--bare", "--initial-branch=main", origin)
    checkout.git("remote", "add", "origin", origin)
    checkout.git("push", "--quiet", "origin", "main")
    return checkout


def calls(checkout: Checkout) -> list[str]:
    file = checkout.folder.parent / "calls"
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def pulumi(checkout: Checkout, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    programs = Path(checkout.folder.parent / "bin")
    programs.mkdir(exist_ok=True)
    (programs / "pulumi").write_text(PULUMI, encoding="utf-8")
    (programs / "pulumi").chmod(0o755)
    known = json.dumps([{"name": "dev"}, {"name": "organization/ai-platform/prod"}])
    given = {"KNOWN": known, "CALLS": str(checkout.folder.parent / "calls"), **variables}
    return checkout.run("run_pulumi.py", *arguments, path=str(programs), **given)


def test_preview_runs_with_the_policy_pack_and_is_shown(checkout: Checkout) -> None:
    run = pulumi(checkout, "preview", "dev")
    assert run.returncode == 0, run.stderr
    assert calls(checkout) == [f"preview --stack dev {OPTIONS}"]
    assert checkout.summary == (
        "## pulumi preview of dev succeeded\n\n"
        "<details><summary>Output</summary>\n\n"
        "<pre>::add-mask::dev\nUpdating &lt;dev&gt;\na warning</pre>\n</details>\n\n"
    )


def test_update_of_the_newest_commit_of_main_runs(published: Checkout) -> None:
    run = pulumi(published, "up", "dev")
    assert run.returncode == 0, run.stdout + run.stderr
    assert calls(published) == [f"up --stack dev {OPTIONS} --yes"]
    assert published.summary.startswith("## pulumi up of dev succeeded\n")


def test_check_for_drift_refreshes_and_fails_on_any_change(checkout: Checkout) -> None:
    run = pulumi(checkout, "drift", "dev", STATUS="255")
    assert run.returncode == 255
    assert calls(checkout) == [f"preview --stack dev {OPTIONS} --refresh --expect-no-changes"]
    assert checkout.summary.startswith("## pulumi drift of dev failed\n")


def test_failed_update_shows_how_to_continue(published: Checkout) -> None:
    pulumi(published, "up", "dev", STATUS="1")
    assert "Nothing is rolled back, and the next update continues." in published.summary


def test_pulumi_output_lines_are_not_commands_of_the_runner(checkout: Checkout) -> None:
    lines = pulumi(checkout, "preview", "dev").stdout.splitlines()
    command, _, token = lines[0].rpartition("::")
    assert command == "::stop-commands"
    assert lines.index("::add-mask::dev") < lines.index(f"::{token}::")


@pytest.mark.parametrize("command", ["preview", "up"])
def test_pulumi_failure_is_shown_and_fails_the_step(published: Checkout, command: str) -> None:
    assert pulumi(published, command, "dev", STATUS="3").returncode == 3
    assert published.summary.startswith(f"## pulumi {command} of dev failed\n")


@pytest.mark.parametrize(
    ("command", "status", "level"), [("preview", 0, "notice"), ("drift", 0, "notice"), ("up", 1, "error")]
)
def test_stack_without_state_is_skipped(checkout: Checkout, command: str, status: int, level: str) -> None:
    run = pulumi(checkout, command, "lab")
    assert run.returncode == status
    assert run.stdout == f"::{level}::lab has no state: `pulumi stack init lab` makes it\n"
    assert calls(checkout) == []


def test_stack_is_found_behind_organization_and_project(checkout: Checkout) -> None:
    pulumi(checkout, "preview", "prod")
    assert calls(checkout) == [f"preview --stack prod {OPTIONS}"]


def test_unreachable_backend_fails_the_step(checkout: Checkout) -> None:
    assert pulumi(checkout, "preview", "dev", LS="255").returncode != 0
    assert calls(checkout) == []


@pytest.mark.parametrize("newer", ["Pulumi.prod.yaml", "components/network.py"])
def test_update_is_refused_after_a_newer_change_of_the_stack_on_main(published: Checkout, newer: str) -> None:
    approved = published.git("rev-parse", "HEAD")
    published.commit(newer)
    published.git("push", "--quiet", "origin", "main")
    published.git("checkout", "--quiet", approved)
    run = pulumi(published, "up", "prod")
    assert run.returncode == 1
    assert run.stdout == "::error::main has a newer change of prod; approve the run of that commit\n"
    assert calls(published) == []


@pytest.mark.parametrize("newer", ["docs/a.md", "Pulumi.dev.yaml"])
def test_update_runs_after_newer_changes_of_other_files_on_main(published: Checkout, newer: str) -> None:
    approved = published.git("rev-parse", "HEAD")
    published.commit(newer)
    published.git("push", "--quiet", "origin", "main")
    published.git("checkout", "--quiet", approved)
    assert pulumi(published, "up", "prod").returncode == 0


def test_update_of_a_commit_outside_main_is_refused(published: Checkout) -> None:
    published.commit("components/network.py")
    assert pulumi(published, "up", "dev").returncode == 1
    assert calls(published) == []


def test_shallow_checkout_is_enough_to_find_a_newer_change(published: Checkout) -> None:
    shallow = Checkout(published.folder.parent / "shallow")
    origin = f"file://{published.folder.parent}/origin.git"
    published.git("clone", "--quiet", "--depth=1", origin, str(shallow.folder))
    assert pulumi(shallow, "up", "prod").returncode == 0
    published.commit("Pulumi.prod.yaml")
    published.git("push", "--quiet", "origin", "main")
    assert pulumi(shallow, "up", "prod").returncode == 1
