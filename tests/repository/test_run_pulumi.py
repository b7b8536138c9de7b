"""Previews and updates by Pulumi's engine, with a stub of its program."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.config.base import ROOT
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
OPTIONS = "--policy-pack {} --non-interactive --color never"

# Plans with the digest that the stack file has.
COMMAND = """\
import json, pathlib, sys
words = sys.argv[1:]
digest = pathlib.Path(f"Pulumi.{words[words.index('--stack') + 1]}.yaml").read_text().strip()
if digest == "invalid":
    sys.exit("it is not valid")
plan = {"provenance": {"planDigest": digest}}
pathlib.Path(words[words.index("--out") + 1], "plan.json").write_text(json.dumps(plan))
"""
REVIEWED = json.dumps({"dev": "sha256:dev", "prod": "sha256:prod"})


def options(checkout: Checkout) -> str:
    return OPTIONS.format(os.path.relpath(ROOT / "policies", checkout.folder))


@pytest.fixture
def published(checkout: Checkout) -> Checkout:
    """The checkout of a commit that its origin has as main."""
    checkout.program(COMMAND)
    for stack in ("dev", "prod"):
        (checkout.folder / f"Pulumi.{stack}.yaml").write_text(f"sha256:{stack}\n", encoding="utf-8")
    checkout.commit()
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
    given = {"KNOWN": known, "CALLS": str(checkout.folder.parent / "calls"), "REVIEWED": REVIEWED, **variables}
    return checkout.run("run_pulumi.py", *arguments, path=str(programs), **given)


def test_preview_runs_with_the_policy_pack_and_is_shown(checkout: Checkout) -> None:
    run = pulumi(checkout, "preview", "dev")
    assert run.returncode == 0, run.stderr
    assert calls(checkout) == [f"preview --stack dev {options(checkout)}"]
    assert checkout.summary == (
        "## pulumi preview of dev succeeded\n\n"
        "<details><summary>Output</summary>\n\n"
        "<pre>::add-mask::dev\nUpdating &lt;dev&gt;\na warning</pre>\n</details>\n\n"
    )


def test_update_of_the_newest_commit_of_main_runs(published: Checkout) -> None:
    run = pulumi(published, "up", "dev")
    assert run.returncode == 0, run.stdout + run.stderr
    assert calls(published) == [f"up --stack dev {options(published)} --yes"]
    assert published.summary.startswith("## pulumi up of dev succeeded\n")


def test_check_for_drift_refreshes_and_fails_on_any_change(checkout: Checkout) -> None:
    run = pulumi(checkout, "drift", "dev", STATUS="255")
    assert run.returncode == 255
    assert calls(checkout) == [f"preview --stack dev {options(checkout)} --refresh --expect-no-changes"]
    assert checkout.summary.startswith("## pulumi drift of dev failed\n")


@pytest.mark.parametrize(
    ("reviewed", "said"),
    [
        ('{"dev": "sha256:other"}', "the plan of dev is sha256:dev and sha256:other was reviewed"),
        ('{"prod": "sha256:dev"}', "no plan of dev was reviewed in this run"),
        ("", "no plan of dev was reviewed in this run"),
    ],
)
def test_update_of_another_plan_than_the_reviewed_one_is_refused(published: Checkout, reviewed: str, said: str) -> None:
    run = pulumi(published, "up", "dev", REVIEWED=reviewed)
    assert run.returncode == 1
    assert run.stdout.startswith(f"::error::{said}")
    assert "start a new run of the workflow deploy" in run.stdout
    assert calls(published) == []
    assert published.summary.startswith("## dev is not updated\n")


def test_update_of_a_stack_that_cannot_be_planned_any_more_is_refused(published: Checkout) -> None:
    (published.folder / "Pulumi.dev.yaml").write_text("invalid", encoding="utf-8")
    published.commit()
    published.git("push", "--quiet", "origin", "main")
    run = pulumi(published, "up", "dev")
    assert (run.returncode, calls(published)) == (1, [])
    assert "it is not valid" in run.stdout
    assert "::error::dev cannot be planned any more, see the log" in run.stdout


def test_update_without_an_answer_of_the_origin_is_refused(published: Checkout) -> None:
    published.git("remote", "set-url", "origin", "/nowhere")
    run = pulumi(published, "up", "dev")
    assert (run.returncode, calls(published)) == (1, [])
    assert run.stdout.startswith("::error::main cannot be fetched")


def test_events_of_the_engine_are_written_to_the_given_file(checkout: Checkout) -> None:
    pulumi(checkout, "preview", "dev", "/tmp/events.json")  # noqa: S108, a stub gets it
    assert calls(checkout) == [f"preview --stack dev {options(checkout)} --event-log /tmp/events.json"]


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
    assert calls(checkout) == [f"preview --stack prod {options(checkout)}"]


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
