"""The summary of a pull request for the stacks that it changes."""

import html
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.base import BASE, ROOT
from tests.repository.base import SCRIPTS, Checkout

# Answers as the file of the stack says: its exit status, what it prints, its findings.
COMMAND = """\
import json, pathlib, sys
words = sys.argv[1:]
stack = words[words.index("--stack") + 1]
told = json.loads(pathlib.Path(f"Pulumi.{stack}.yaml").read_text())
if words[0] == "cost":
    print(f"bill of {stack}")
    sys.exit(0)
print(told.get("tree", "tree"))
print(told.get("errors", ""), file=sys.stderr)
if "findings" in told:
    out = pathlib.Path(words[words.index("--out") + 1])
    out.mkdir(parents=True)
    (out / "findings.json").write_text(json.dumps(told["findings"]))
    (out / "plan.json").write_text(json.dumps({"provenance": {"planDigest": f"sha256:{stack}"}}))
    cost = {"monthly": 1234.5, "minimum": 99, "maximum": 4000, "currency": "USD", "atLeast": told.get("atLeast", False)}
    (out / "cost.json").write_text(json.dumps(cost))
sys.exit(told["status"])
"""


def finding(severity: str, **more: str) -> dict[str, str]:
    return {"rule": "a-rule", "severity": severity, "urn": "urn", "message": "wrong", "fix": "mend it", **more}


def planned(checkout: Checkout, **stacks: object) -> "subprocess.CompletedProcess[str]":
    """Plan these stacks with a stand-in for the command, in this order."""
    checkout.program(COMMAND)
    for name, told in stacks.items():
        (checkout.folder / f"Pulumi.{name}.yaml").write_text(json.dumps(told), encoding="utf-8")
    folder = str(checkout.folder.parent / "plans")
    return checkout.run("plan_stacks.py", folder, STACKS=json.dumps(list(stacks)))


def test_summary_shows_cost_findings_tree_and_bill(checkout: Checkout) -> None:
    run = planned(checkout, dev={"status": 0, "tree": "Vpc\n\n└── Subnet", "findings": [finding("warning")]})
    assert run.returncode == 0, run.stderr
    assert checkout.summary == (
        "## dev: 1,234 USD a month (99 to 4,000)\n"
        "\n"
        "0 errors, 1 warning, 0 infos.\n"
        "\n"
        "| severity | rule | finding | fix |\n"
        "|---|---|---|---|\n"
        "| warning | a\\-rule | wrong | mend it |\n"
        "\n"
        "Plan `sha256:dev`\n"
        "\n"
        "<details><summary>Resources</summary>\n\n<pre>Vpc\n\n└── Subnet</pre>\n</details>\n"
        "\n"
        "<details><summary>Bill</summary>\n\n<pre>bill of dev</pre>\n</details>\n"
        "\n"
    )
    assert {file.name for file in (checkout.folder.parent / "plans" / "dev").iterdir()} == {
        "cost.json",
        "findings.json",
        "plan.json",
    }


def test_digests_of_the_plans_are_an_output_of_the_step(checkout: Checkout) -> None:
    planned(checkout, dev={"status": 0, "findings": []}, lab={"status": 2}, prod={"status": 1, "findings": []})
    name, _, value = checkout.outputs.read_text(encoding="utf-8").strip().partition("=")
    assert (name, json.loads(value)) == ("digests", {"dev": "sha256:dev", "prod": "sha256:prod"})


def test_errors_precede_warnings_and_infos_are_counted(checkout: Checkout) -> None:
    told = [finding("info"), finding("warning", message="second"), finding("error", message="first")]
    planned(checkout, dev={"status": 1, "findings": told})
    assert "1 error, 1 warning, 1 info.\n" in checkout.summary
    assert [line.split(" | ")[2] for line in checkout.summary.splitlines() if line.startswith("| ")] == [
        "finding",
        "first",
        "second",
    ]


def test_bill_with_unknown_prices_is_a_minimum(checkout: Checkout) -> None:
    planned(checkout, dev={"status": 0, "findings": [], "atLeast": True})
    assert checkout.summary.startswith("## dev: at least 1,234 USD a month")


def test_every_stack_is_shown_after_a_failure_of_the_first(checkout: Checkout) -> None:
    wrong = {"status": 2, "errors": "Pulumi.lab.yaml:31: <b> is not a network"}
    run = planned(checkout, lab=wrong, dev={"status": 0, "findings": []})
    assert run.returncode == 1
    assert "## lab: not planned\n" in checkout.summary
    assert "<pre>Pulumi.lab.yaml:31: &lt;b&gt; is not a network</pre>" in checkout.summary
    assert "## dev: 1,234 USD a month" in checkout.summary


@pytest.mark.parametrize("status", [1, 2])
def test_findings_or_an_invalid_file_of_the_last_stack_fail_the_step(checkout: Checkout, status: int) -> None:
    assert planned(checkout, dev={"status": 0, "findings": []}, lab={"status": status, "findings": []}).returncode == 1


def test_plan_without_files_is_a_failure_for_any_status(checkout: Checkout) -> None:
    assert planned(checkout, dev={"status": 0}).returncode == 1


def test_empty_list_of_stacks_is_reported_and_no_failure(checkout: Checkout) -> None:
    run = planned(checkout)
    assert run.returncode == 0
    assert checkout.summary == "No stack is affected by this change.\n"


def test_stack_file_values_are_escaped(checkout: Checkout) -> None:
    hostile = "</pre><img src=x> | `code` [link](https://example.com)\n# heading"
    planned(checkout, dev={"status": 0, "tree": hostile, "findings": [finding("error", message=hostile)]})
    assert html.escape(hostile) in checkout.summary
    (row,) = [line for line in checkout.summary.splitlines() if line.startswith("| error")]
    assert row == (
        "| error | a\\-rule | \\<\\/pre\\>\\<img src\\=x\\> \\| \\`code\\` "
        "\\[link\\]\\(https\\:\\/\\/example\\.com\\) \\# heading | mend it |"
    )
    assert checkout.summary.count("</pre>") == 2


def test_plan_lines_are_not_commands_of_the_runner(checkout: Checkout) -> None:
    run = planned(checkout, dev={"status": 0, "tree": "::add-mask::dev", "findings": []})
    lines = run.stdout.splitlines()
    command, _, token = lines[0].rpartition("::")
    assert command == "::stop-commands"
    assert len(token) >= 32
    assert lines.index("::add-mask::dev") < lines.index(f"::{token}::")


@pytest.mark.parametrize("count", [1, 3])
def test_long_plans_stay_within_the_limit_of_github(checkout: Checkout, count: int) -> None:
    told = [finding("error", message="ü" * 300) for _ in range(2000)]
    long = {"status": 1, "tree": "<resource>\n" * 70_000, "findings": told}
    planned(checkout, **{f"s{number}": long for number in range(count)})
    assert len(checkout.summary.encode()) < 1024 * 1024
    assert checkout.summary.count("more lines in the artifact") == count
    assert checkout.summary.count("more in findings.json.") == count


def test_stack_is_planned_by_the_real_command(tmp_path: Path) -> None:
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "Pulumi.test.yaml").write_text(BASE, encoding="utf-8")
    summary, plans = tmp_path / "summary", tmp_path / "plans"
    run = subprocess.run(
        [sys.executable, SCRIPTS / "plan_stacks.py", plans],
        cwd=tmp_path,
        env={**os.environ, "STACKS": '["test"]', "GITHUB_STEP_SUMMARY": str(summary), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    text = summary.read_text(encoding="utf-8")
    assert run.returncode == 0, run.stdout + run.stderr
    monthly = json.loads((plans / "test" / "cost.json").read_text(encoding="utf-8"))["monthly"]
    assert text.startswith(f"## test: {monthly:,.0f} USD a month (")
    assert "Platform  shop" in text
    assert "by component" in text
    assert (plans / "test" / "report.html").is_file()
