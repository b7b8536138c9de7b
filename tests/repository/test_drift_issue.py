"""The issue about a stack that differs from its stack file, with a stub of GitHub's program."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.repository.base import Checkout

GH = """\
#!/usr/bin/env bash
if [[ "$1 $2" == "issue list" ]]; then echo "$OPEN"; exit "${LS:-0}"; fi
printf '%s\\n' "$*" >> "$CALLS"
"""
TITLE = "The stack dev differs from its stack file, or cannot be checked"
LINK = "https://github.example/shop/platform/actions/runs/7"
OTHER = {"number": 3, "title": f"{TITLE} today"}
OPEN = {"number": 12, "title": TITLE}


def report(checkout: Checkout, outcome: str, *issues: object, **variables: str) -> "subprocess.CompletedProcess[str]":
    programs = Path(checkout.folder.parent / "bin")
    programs.mkdir(exist_ok=True)
    (programs / "gh").write_text(GH, encoding="utf-8")
    (programs / "gh").chmod(0o755)
    given = {
        "OPEN": json.dumps(issues),
        "CALLS": str(checkout.folder.parent / "calls"),
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_REPOSITORY": "shop/platform",
        "GITHUB_RUN_ID": "7",
        **variables,
    }
    return checkout.run("drift_issue.py", "dev", outcome, path=str(programs), **given)


def calls(checkout: Checkout) -> str:
    file = checkout.folder.parent / "calls"
    return file.read_text(encoding="utf-8") if file.exists() else ""


@pytest.mark.parametrize("outcome", ["failure", "cancelled", ""])
def test_first_failure_opens_an_issue_with_the_run(checkout: Checkout, outcome: str) -> None:
    assert report(checkout, outcome, OTHER).returncode == 0
    assert calls(checkout).startswith(f"issue create --title {TITLE} --body The checks failed: {LINK}\n")


def test_next_failure_comments_on_the_same_issue(checkout: Checkout) -> None:
    report(checkout, "failure", OTHER, OPEN)
    assert calls(checkout).startswith(f"issue comment 12 --body The checks failed: {LINK}\n")


def test_success_closes_the_issue_and_opens_none(checkout: Checkout) -> None:
    report(checkout, "success", OTHER)
    assert calls(checkout) == ""
    report(checkout, "success", OPEN)
    assert calls(checkout) == f"issue close 12 --comment No difference: {LINK}\n"


def test_unreachable_github_fails_the_step(checkout: Checkout) -> None:
    assert report(checkout, "failure", LS="1").returncode != 0
