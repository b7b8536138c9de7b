"""The findings of a plan: messages, `findings.json` and exit status."""

import io
import json
from datetime import date
from ipaddress import IPv4Network
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

import config.loader
from aiplatform.cli.fit import at_least
from aiplatform.cli.main import app
from aiplatform.cost.pricer import bill
from aiplatform.cost.show import summary
from aiplatform.finding import SEVERITIES, FailOn, Finding, Severity
from aiplatform.findings.accepted import acceptance
from aiplatform.findings.budgets import budget_tags
from aiplatform.findings.checks import FINDINGS, fails, findings, findings_json, show
from aiplatform.findings.drains import single_replicas
from aiplatform.findings.private_endpoint import private_endpoint
from aiplatform.findings.stack_file import stack_file
from aiplatform.fit.fit import fit
from aiplatform.preview.charts import RELEASE
from aiplatform.preview.plan import Plan, Resource
from catalog.prices import load_prices
from config.findings import Accepted, Findings
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
    # The tag of a budget is activated in the payer account.
    "nemo": ["budget-tag"],
    # Its document sets a budget below what it asks for, and the warning is what comes of it: 004-cst-17.
    "openwebui": ["budget-tag", "cost-over-budget"],
}


def test_single_replica_has_the_cost_of_a_drain() -> None:
    """A node takes 3 minutes; the startup probe gives a model 30."""
    found = {one.urn.rpartition("::")[2]: one for one in single_replicas(recorded("vllm").plan)}
    assert set(found) == {"vllm-chat", "vllm-large"}, "others have two replicas, or are stopped"
    chat = found["vllm-chat"]
    assert (chat.rule, chat.severity) == ("single-replica", "info")
    assert chat.message.startswith("Deployment vllm/chat has one replica: ")
    assert "completes responses for up to 630 seconds" in chat.message
    assert chat.message.endswith(
        "about 3 minutes until there is a node, and until the pod has started, at most 30 minutes"
    )
    assert chat.fix.startswith("set a minimum of 2 replicas, which takes 1 more GPU,")
    assert found["vllm-large"].fix.startswith("set a minimum of 2 replicas, which takes 16 more GPUs,")


def test_single_application_with_gpus_has_the_cost_of_a_drain() -> None:
    recording = recorded("pingvas")
    services = {
        (environment, name): one
        for environment in recording.settings.environments
        for name, one in recording.settings.services(environment).items()
        if one.gpus and (one.scaling.min if one.scaling else one.replicas) == 1
    }
    found = list(single_replicas(recording.plan))
    assert len(found) == len(services) > 0
    assert all(one.urn and "requests fail for about 3 minutes" in one.message for one in found)


@pytest.mark.parametrize("stack", SHIPPED)
def test_shipped_stack_has_only_known_findings(stack: str) -> None:
    recording = recorded(stack)
    costs = bill(recording.plan, recording.settings.costs, load_prices(), today=date(2026, 11, 21))
    found = findings(recording.plan, recording.settings, costs)
    # The quota requests of a new account are counted by hand in test_quotas.py.
    told = [one.rule for one in found if one.severity != "info" and one.rule != "quota-request"]
    assert told == KNOWN.get(stack, [])


TAG = "aws:costexplorer/costAllocationTag:CostAllocationTag"
TAGGED = [{"name": "TagKeyValue", "values": ["user:Project$shop", "user:Team$ml"]}]
BUDGETS = {
    "no filter": ({}, [], []),
    "another filter": ({"costFilters": [{"name": "Service", "values": ["Amazon EC2"]}]}, [], []),
    "two tags": ({"costFilters": TAGGED}, [], ["Project", "Team"]),
    "one of two is activated": ({"costFilters": TAGGED}, [("Project", "Active")], ["Team"]),
    "both are activated": ({"costFilters": TAGGED}, [("Project", "Active"), ("Team", "Active")], []),
    "inactive": ({"costFilters": TAGGED}, [("Project", "Inactive"), ("Team", "Active")], ["Project"]),
}


@pytest.mark.parametrize("case", BUDGETS)
def test_tag_of_a_budget_that_nothing_activates_is_a_warning(case: str) -> None:
    inputs, tags, missing = BUDGETS[case]
    made = [Resource("urn:budget", "aws:budgets/budget:Budget", "budget", None, None, (), inputs)]
    made += [Resource(f"urn:{key}", TAG, key, None, None, (), {"tagKey": key, "status": to}) for key, to in tags]
    found = list(budget_tags(Plan("p", "s", tuple(made), {})))
    assert [one.severity for one in found] == ["warning"] * len(missing)
    assert all(
        one.fix.startswith(f"add {tag} to costs.allocationTags") for one, tag in zip(found, missing, strict=True)
    )
    assert all(f"until the tag {tag} is activated" in one.message for one, tag in zip(found, missing, strict=True))


def test_exceeded_budget_is_a_warning_with_both_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, output, found = _planned(tmp_path, monkeypatch, "--set", "costs.budget.monthlyLimit=300")
    assert status == 0
    (finding,) = [one for one in found if one["rule"] == "cost-over-budget"]
    assert finding["severity"] == "warning"
    assert "above the budget of 300.00" in finding["message"]
    assert "monthlyLimit" in finding["fix"]
    assert "above the budget of" in " ".join(output.split())


def test_warning_fails_the_plan_with_fail_on_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = ("--set", "costs.budget.monthlyLimit=300", "--fail-on", "warning")
    assert _planned(tmp_path, monkeypatch, *changed)[0] == 1


def test_warning_of_the_stack_file_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, output, found = _planned(tmp_path, monkeypatch, "--fail-on", "warning")
    (finding,) = [one for one in found if one["rule"] == "stack-file"]
    assert (status, finding["severity"]) == (1, "warning")
    assert finding["urn"].endswith("ai-platform:platform:Platform::cluster.endpoint.publicCidrs[0]")
    assert finding["message"] == "cluster.endpoint.publicCidrs[0]: 203.0.113.0/24 is reserved for documentation"
    assert finding["fix"] == "set your networks before you deploy"
    assert " ".join(output.split()).count("set your networks before you deploy") == 1, "in one channel"
    assert "reserved for documentation" in (tmp_path / "plan" / "report.html").read_text()


@pytest.mark.parametrize(
    ("line", "place", "message", "fix"),
    [
        ("Pulumi.a.yaml:12: a.zones: has one; add one; or two", "a.zones", "a.zones: has one; add one", "or two"),
        ("--set a.zones[0]: has one; add one", "a.zones[0]", "a.zones[0]: has one", "add one"),
        ("Pulumi.a.yaml:12: aws:region: is old", "aws:region", "aws:region: is old", "correct it in the stack file"),
        ("Pulumi.a.yaml:12: the comment is: odd; edit it", "all", "the comment is: odd", "edit it"),
    ],
)
def test_finding_of_the_stack_file_has_its_place_without_a_line(line: str, place: str, message: str, fix: str) -> None:
    assert list(stack_file([line], "urn::all")) == [Finding("stack-file", "warning", f"urn::{place}", message, fix)]


@pytest.mark.parametrize(
    ("resource", "accepted"),
    [("a.zones[0]", [True, False]), ("a.zones[1]", [False, True]), ("a.*", [True, True]), ("b", [False, False])],
)
def test_warning_of_the_stack_file_is_accepted_by_its_own_place(resource: str, accepted: list[bool]) -> None:
    settings = Findings(accepted=(Accepted(rule="stack-file", resource=resource, reason="known"),))
    found = stack_file([f"Pulumi.a.yaml:{line}: a.zones[{line}]: has one; add one" for line in range(2)], "urn::all")
    assert [acceptance(one.rule, one.urn, settings) is not None for one in found] == accepted


def test_budget_that_rests_on_a_missing_price_is_a_warning_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = ("nodeGroups.gpu-workers.instanceTypes=[p5en.48xlarge]", "costs.budget.monthlyLimit=3000")
    status, output, found = _planned(
        tmp_path, monkeypatch, "--set", changed[0], "--set", changed[1], "--fail-on", "warning"
    )
    (finding,) = [one for one in found if one["rule"] == "cost-unknown"]
    assert (status, finding["severity"]) == (1, "warning")
    assert "cannot be compared with the cost" in finding["message"]
    assert "without the price of spot:p5en.48xlarge" in finding["message"]
    assert finding["fix"].startswith("add these prices with `aiplatform prices refresh --stack ")
    assert "cost-over-budget" not in {one["rule"] for one in found}
    assert "at least" in output


def test_unschedulable_pods_at_maximum_size_fail_a_plan_that_is_written(
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
def test_finding_fails_from_its_severity_on(severity: Severity, fail_on: FailOn) -> None:
    one = Finding("rule", severity, "urn", "message", "fix")
    expected = fail_on != "never" and SEVERITIES.index(severity) <= SEVERITIES.index(fail_on)
    assert fails([one], fail_on) is expected
    assert fails([], fail_on) is False


def test_infos_are_counted_and_other_findings_have_a_fix() -> None:
    screen = Console(file=io.StringIO(), width=80)
    show([ERROR, WARNING, INFO], screen)
    printed = screen.file.getvalue()  # type: ignore[attr-defined]
    assert "error    it is error; do this" in printed
    assert "warning  it is warning; do this" in printed
    assert "it is info" not in printed
    assert "1 info in findings.json" in printed
    assert [one["rule"] for one in json.loads(findings_json([INFO, ERROR]))] == ["rule-error", "rule-info"]


RAY = {"apiVersion": "ray.io/v1", "kind": "RayCluster", "metadata": {"name": "new"}}
VOLCANO = {"apiVersion": "batch.volcano.sh/v1alpha1", "kind": "Job", "metadata": {"name": "new"}}
UNKNOWN_PODS = {
    "fit-unknown-add-on": [
        ("eks:index:Addon", {"addonName": "new"}, "unknown add-on new:"),
        ("aws:eks/addon:Addon", {"addonName": "new"}, "unknown add-on new:"),
    ],
    "fit-unknown-chart": [
        ("kubernetes:helm.sh/v3:Release", {"chart": "new"}, "unknown chart new:"),
        ("kubernetes:helm.sh/v3:Release", {"chart": "oci://example.com/charts/new"}, "unknown chart new:"),
        # The beginning of a chart that is known, and longer than one.
        ("kubernetes:helm.sh/v3:Release", {"chart": "karpenter-next"}, "unknown chart karpenter-next:"),
        ("kubernetes:helm.sh/v3:Release", {"chart": "charts/keda-http-1.2.3.tgz"}, "unknown chart keda-http:"),
    ],
    "fit-unknown-manifests": [
        ("kubernetes:kustomize/v2:Directory", {"directory": "manifests/new"}, "unknown manifests manifests/new:"),
        ("kubernetes:yaml/v2:ConfigGroup", {"files": ["a.yaml"]}, "unknown manifests kubernetes:yaml/v2:ConfigGroup:"),
    ],
    "fit-unknown-kind": [
        ("kubernetes:ray.io/v1:RayCluster", RAY, "unknown kind RayCluster of ray.io/v1:"),
        # Another group's Job is another kind.
        ("kubernetes:batch.volcano.sh/v1alpha1:Job", VOLCANO, "unknown kind Job of batch.volcano.sh/v1alpha1:"),
    ],
}


@pytest.mark.parametrize(
    ("rule", "type_", "inputs", "message"), [(rule, *case) for rule, cases in UNKNOWN_PODS.items() for case in cases]
)
def test_unknown_pods_are_an_error_and_the_rest_is_placed(
    rule: str, type_: str, inputs: dict[str, object], message: str
) -> None:
    recording = recorded("dev")
    added = Resource("urn:new", type_, "new", None, None, (), inputs)
    plan = Plan("p", "s", (*recording.plan.resources, added), {})
    settings = recording.settings
    costs = bill(plan, settings.costs, load_prices(), today=date(2026, 11, 21), settings=settings)
    (found,) = [one for one in findings(plan, settings, costs) if one.severity == "error"]
    assert (found.rule, found.severity, found.urn) == (rule, "error", "urn:new")
    assert found.message.startswith(message)
    assert found.fix
    # All else is placed as before, and both the fit and the bill say that it is not all.
    placed, known = fit(plan, settings), fit(recording.plan, settings)
    assert placed.levels == known.levels
    assert at_least(placed) == [f"At least: {found.message}; {found.fix}"]
    assert [one.urn for one in costs.missing] == ["urn:new"]
    assert summary(costs).startswith("at least")
    assert not at_least(known)


def test_each_unknown_is_its_own_finding() -> None:
    recording = recorded("dev")
    added = [Resource(f"urn:{name}", RELEASE, name, None, None, (), {"chart": name}) for name in ("one", "two")]
    plan = Plan("p", "s", (*recording.plan.resources, *added), {})
    assert [one.urn for one in fit(plan, recording.settings).unknown] == ["urn:one", "urn:two"]


def test_quota_below_the_capacity_of_nodes_is_no_finding() -> None:
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
    assert [one for one in findings(plan, recording.settings, costs) if "team/limit" in one.message] == []
    (found,) = [one for one in fit(plan, recording.settings).quotas if "team/limit" in one.message]
    most = sum(group.scaling.max * group.max_pods for group in recording.settings.node_groups.values())
    assert found.message == f"quota team/limit is {900 // most} % (9 of {most} pods) of the maximum capacity"


def test_changed_stack_shows_savings_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, output, _ = _planned(tmp_path, monkeypatch, "--set", "network.nat=single")
    lines = output.splitlines()
    (gateway,) = [line.split() for line in lines if line.startswith("network-us-west-2c nat_gateway_hour")]
    assert gateway[-3:] == ["32.85", "0.00", "-32.85"]
    # Two gateways of 32.85 and their addresses of 3.65; the data goes through the one that is left.
    (total,) = [line.split() for line in lines if line.startswith("total ")]
    assert total[-1] == "-73.00"
    assert "against" not in _planned(tmp_path, monkeypatch)[1]


def test_api_that_only_nodes_reach_is_a_warning_until_a_network_is_set() -> None:
    recording = recorded("tenants")
    (finding,) = private_endpoint(recording.plan, recording.settings)
    assert (finding.rule, finding.severity) == ("private-endpoint", "warning")
    assert "::cluster" in finding.urn
    assert "pulumi up" in finding.message
    assert "cluster.endpoint.privateCidrs" in finding.fix
    cluster = recording.settings.cluster
    for changed in ({"private_cidrs": (IPv4Network("10.1.0.0/16"),)}, {"public": True}):
        endpoint = cluster.endpoint.model_copy(update=changed)
        settings = recording.settings.model_copy(update={"cluster": cluster.model_copy(update={"endpoint": endpoint})})
        assert list(private_endpoint(recording.plan, settings)) == []
