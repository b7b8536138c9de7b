"""What is found wrong with a plan, as a person, a file and an exit status tell it."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

import config.loader
from aiplatform.cli.main import app
from aiplatform.cost.pricer import bill
from aiplatform.finding import SEVERITIES, FailOn, Finding, Severity
from aiplatform.findings.checks import FINDINGS, fails, findings, findings_json, show
from aiplatform.preview.plan import Plan, Resource
from catalog.prices import load_prices
from tests.aiplatform.test_cli import Today
from tests.components.base import SHIPPED, recorded
from tests.config.base import shipped_project


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config.loader, "date", Today)


ERROR, WARNING, INFO = (Finding(f"rule-{one}", one, "urn", f"it is {one}", "do this") for one in SEVERITIES)


def _planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str, list[dict[str, str]]]:
    monkeypatch.chdir(shipped_project(tmp_path))
    result = CliRunner().invoke(app, ["plan", "--stack", "mlflow", "--out", str(tmp_path / "plan"), *arguments])
    return result.exit_code, result.output, json.loads((tmp_path / "plan" / FINDINGS).read_text())


KNOWN = {
    # Its document sets a budget below what it asks for, and the warning is what comes of it: 004-cst-17.
    "openwebui": ["cost-over-budget"],
}


@pytest.mark.parametrize("stack", SHIPPED)
def test_nothing_is_wrong_with_a_stack_that_is_shipped(stack: str) -> None:
    recording = recorded(stack)
    costs = bill(recording.plan, recording.settings.costs, load_prices(), today=date(2026, 11, 21))
    found = findings(recording.plan, recording.settings, costs)
    assert [one.rule for one in found if one.severity != "info"] == KNOWN.get(stack, [])


def test_a_budget_that_does_not_hold_is_a_warning_with_both_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, output, found = _planned(tmp_path, monkeypatch, "--set", "costs.budget.monthlyLimit=300")
    assert status == 0
    (finding,) = found
    assert (finding["rule"], finding["severity"]) == ("cost-over-budget", "warning")
    assert "above the budget of 300.00" in finding["message"]
    assert "monthlyLimit" in finding["fix"]
    assert "above the budget of" in " ".join(output.split())


def test_a_warning_is_a_failure_for_who_asks_for_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = ("--set", "costs.budget.monthlyLimit=300", "--fail-on", "warning")
    assert _planned(tmp_path, monkeypatch, *changed)[0] == 1


def test_pods_that_find_no_place_at_the_largest_size_fail_a_plan_that_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = 'workloads.mlflow.resources={"requests": {"cpu": "4", "memory": "1Gi"}, "limits": {"memory": "2Gi"}}'
    status, output, found = _planned(tmp_path, monkeypatch, "--set", requests)
    assert status == 1
    assert {one["severity"] for one in found if "ml-platform/mlflow" in one["message"]} >= {"error"}
    assert "Written to" in output
    assert (tmp_path / "plan" / "plan.json").exists()
    assert _planned(tmp_path, monkeypatch, "--set", requests, "--fail-on", "never")[0] == 0


@pytest.mark.parametrize(
    ("severity", "fail_on"),
    [(severity, fail_on) for severity in SEVERITIES for fail_on in (*SEVERITIES, "never")],
)
def test_a_finding_fails_from_its_own_severity_on(severity: Severity, fail_on: FailOn) -> None:
    one = Finding("rule", severity, "urn", "message", "fix")
    expected = fail_on != "never" and SEVERITIES.index(severity) <= SEVERITIES.index(fail_on)
    assert fails([one], fail_on) is expected
    assert fails([], fail_on) is False


def test_notes_are_counted_and_the_rest_is_shown_with_what_to_do() -> None:
    screen = Console(file=io.StringIO(), width=80)
    show([ERROR, WARNING, INFO], screen)
    printed = screen.file.getvalue()  # type: ignore[attr-defined]
    assert "error    it is error; do this" in printed
    assert "warning  it is warning; do this" in printed
    assert "it is info" not in printed
    assert "1 info in findings.json" in printed
    assert [one["rule"] for one in json.loads(findings_json([INFO, ERROR]))] == ["rule-error", "rule-info"]


def test_an_add_on_that_nobody_wrote_down_is_said_and_stops_nothing() -> None:
    recording = recorded("dev")
    added = Resource("urn:new", "eks:index:Addon", "new", None, None, (), {"addonName": "new"})
    plan = Plan("p", "s", (*recording.plan.resources, added), {})
    costs = bill(plan, recording.settings.costs, load_prices(), today=date(2026, 11, 21))
    (found,) = [one for one in findings(plan, recording.settings, costs) if one.severity != "info"]
    assert found.rule == "fit-unknown-add-on"
    assert "the pods of new are unknown" in found.message


def test_what_each_quota_promises_is_noted_with_what_the_nodes_can_grow_to() -> None:
    recording = recorded("dev")
    hard = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "limit", "namespace": "team"}}
    quota = Resource(
        "urn:quota",
        "kubernetes:core/v1:ResourceQuota",
        "limit",
        None,
        None,
        (),
        {**hard, "spec": {"hard": {"pods": "9"}}},
    )
    plan = Plan("p", "s", (*recording.plan.resources, quota), {})
    costs = bill(plan, recording.settings.costs, load_prices(), today=date(2026, 11, 21))
    (found,) = [one for one in findings(plan, recording.settings, costs) if "team/limit" in one.message]
    most = sum(group.scaling.max * group.max_pods for group in recording.settings.node_groups.values())
    assert (found.rule, found.severity, found.urn) == ("quota-promised", "info", "urn:quota")
    assert found.message == f"quota team/limit is {900 // most} % (9 of {most} pods) of the maximum capacity"


def test_a_changed_stack_shows_what_the_change_saves_line_by_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, output, _ = _planned(tmp_path, monkeypatch, "--set", "network.nat=single")
    lines = output.splitlines()
    (gateway,) = [line.split() for line in lines if line.startswith("network-us-west-2c nat_gateway_hour")]
    assert gateway[-3:] == ["32.85", "0.00", "-32.85"]
    # Two gateways of 32.85 and their addresses of 3.65; the data goes through the one that is left.
    (total,) = [line.split() for line in lines if line.startswith("total ")]
    assert total[-1] == "-73.00"
    assert "against" not in _planned(tmp_path, monkeypatch)[1]
