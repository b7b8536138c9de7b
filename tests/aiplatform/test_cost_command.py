"""`aiplatform cost` on the command line, and the format of `cost.json`."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import config.loader
from aiplatform.cli.main import app
from aiplatform.cost.bill import KEYS, NOTHING, SIZES
from aiplatform.cost.compare import changes, difference, known
from aiplatform.cost.document import comparison_document, document
from aiplatform.cost.show import WIDTH, comparison, summary, table
from tests.aiplatform.costing import priced, prices, resource, stack_bill
from tests.components.base import EVERY_STACK, SHIPPED, settings_of
from tests.config.base import BASE, ROOT, TODAY

FINE, WRONG = 0, 2
COSTS = "  ai-platform:costs: {budget: {monthlyLimit: 100}}\n"


class Today(date):
    """The day on which the base is up to date."""

    @classmethod
    def today(cls) -> "Today":
        return cls(TODAY.year, TODAY.month, TODAY.day)


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config.loader, "date", Today)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two stacks, `small` and `wide`, which has a NAT gateway in each zone and a budget."""
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "Pulumi.small.yaml").write_text(BASE.replace("    zones:", "    nat: single\n    zones:"))
    (tmp_path / "Pulumi.wide.yaml").write_text(BASE.replace("    zones:", "    nat: perZone\n    zones:") + COSTS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def cost(*arguments: str) -> list[str]:
    """What is printed, line by line."""
    result = call("cost", *arguments)
    assert result.exit_code == FINE, result.output
    return result.stdout.splitlines()


# --- the table ---


@EVERY_STACK
@pytest.mark.parametrize("by", KEYS)
def test_table_of_every_stack_fits_80_columns(stack: str, by: Any) -> None:
    for size in SIZES:
        lines = list(table(stack_bill(stack), settings_of(stack).costs, by=by, size=size))
        assert [line for line in lines if len(line) > WIDTH] == []


@pytest.mark.usefixtures("project")
def test_groups_are_sorted_by_cost_at_the_requested_size() -> None:
    for size, column in (("minimum", -3), ("expected", -2), ("maximum", -1)):
        rows = cost("--stack", "small", "--size", size)[3:]
        amounts = [float(row.split()[column].replace(",", "")) for row in rows[: rows.index("") - 1]]
        assert amounts == sorted(amounts, reverse=True)
        assert len(amounts) > 4


@pytest.mark.usefixtures("project")
def test_total_has_three_sizes_and_the_summary_rounds_them_to_dollars() -> None:
    lines = cost("--stack", "small")
    total = next(line for line in lines if line.startswith("total")).split()[1:]
    least, usual, most = (f"{float(amount.replace(',', '')):,.0f}" for amount in total)
    assert lines[0] == f"small in us-west-2: about {usual} USD a month ({least} to {most})"


@pytest.mark.usefixtures("project")
def test_assumptions_are_printed_with_value_and_meaning() -> None:
    text = "\n".join(cost("--stack", "small", "--set", "costs.assumptions.natGbPerMonth=250"))
    assert "  natGbPerMonth 250: GB a month through all NAT gateways together" in text


@pytest.mark.usefixtures("project")
def test_budget_is_printed_with_both_figures() -> None:
    text = " ".join(" ".join(cost("--stack", "wide")).split())
    total = document_of("wide")["monthly"]
    assert f"wide is expected to cost {total:,.2f} USD a month, {total - 100:,.2f} above the budget of 100.00" in text
    left = cost("--stack", "wide", "--set", "costs.budget.monthlyLimit=1000")
    assert f"Budget 1,000.00 USD a month: {1000 - total:,.2f} left" in left


def test_missing_prices_are_listed_once_and_the_total_is_a_minimum(project: Path) -> None:
    prices = (ROOT / "catalog" / "data" / "prices.yaml").read_text(encoding="utf-8")
    (project / "prices.yaml").write_text(prices.replace("    alb_hour: ", "    albert_hour: "), encoding="utf-8")
    lines = cost("--stack", "small", "--prices", "prices.yaml")
    assert ": at least " in lines[0]
    assert lines[0].endswith("; 1 price is missing")
    assert "  alb_hour: no price in us-west-2" in lines


def test_region_without_prices_has_no_total() -> None:
    assert summary(stack_bill("controller")) == (
        f"cost not known, {len(stack_bill('controller').missing)} prices are missing"
    )


# --- what if ---


@pytest.mark.usefixtures("project")
def test_change_is_compared_by_line_with_the_current_stack() -> None:
    lines = cost("--stack", "small", "--set", "network.nat=perZone", "--compare", "small")
    assert lines[0] == "small --set network.nat=perZone against small, USD a month, expected size"
    # A second gateway for 730 h x 0.045, with an address for 730 h x 0.005; the traffic is shared.
    assert [" ".join(line.split()) for line in lines[3:5]] == [
        "network-us-west-2b nat_gateway_hour 0.00 32.85 +32.85",
        "network-nat-us-west-2b public_ipv4_hour 0.00 3.65 +3.65",
    ]
    assert lines[-1].split()[-1] == "+36.50"
    assert [line for line in lines if len(line) > WIDTH] == []


@pytest.mark.usefixtures("project")
def test_comparison_of_stacks_ignores_their_names() -> None:
    assert cost("--stack", "wide", "--compare", "small")[-1].split()[-1] == "+36.50"
    assert cost("--stack", "small", "--compare", "small")[1:] == ["No line differs."]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("kept", ["plan.json", "cost.json"])
def test_saved_plan_and_saved_bill_compare_like_their_stack(kept: str) -> None:
    assert call("plan", "--stack", "small", "--out", "kept").exit_code == FINE
    assert cost("--stack", "small", "--compare", f"kept/{kept}")[1:] == ["No line differs."]
    assert cost("--stack", "wide", "--compare", f"kept/{kept}")[-1].split()[-1] == "+36.50"


@pytest.mark.usefixtures("project")
def test_json_comparison_has_before_after_and_changed_lines() -> None:
    found = json.loads("\n".join(cost("--stack", "wide", "--compare", "small", "--json")))
    assert found["change"]["monthly"] == 36.5
    assert found["lines"][0]["item"] == "nat_gateway_hour"
    assert found["lines"][0]["change"] == {"monthly": 32.85, "minimum": 32.85, "maximum": 32.85}


def test_changed_assumptions_are_reported() -> None:
    key = resource("aws:ec2/vpc:Vpc")
    old, new = (known(priced(key, crossZoneGb=each)) for each in (100, 50.5))
    lines = list(comparison(old, new, changes(old, new), "expected"))
    assert lines[-1] == "assumed differently: crossZoneGb 100.0 and 50.5"


def test_line_without_a_price_is_a_question_mark_in_a_comparison() -> None:
    gateway = resource("aws:ec2/natGateway:NatGateway", "nat")
    server = resource("aws:ec2/instance:Instance", "server", instanceType="p5en.48xlarge")
    table = prices({"nat_gateway_hour": "0.05"})
    old, new = (known(priced(*each, table=table, natGbPerMonth=0)) for each in ((gateway,), (gateway, server)))
    lines = [line.split() for line in comparison(old, new, changes(old, new), "expected")]
    assert ["server", "onDemand:p5en.48xlarge", "0.00", "?", "?"] in lines
    assert ["total", "35.00", "35.00", "?"] in lines
    assert ["?", "server", "onDemand:p5en.48xlarge:", "no", "price", "in", "us-west-2"] in lines
    # What is unknown in both is no difference, however it is read.
    assert changes(new, new) == ()
    assert difference(new, new) == NOTHING
    as_values = comparison_document(old, new, changes(old, new))
    assert (as_values["change"], as_values["lines"][0]["after"]) == (None, None)


# --- cost.json ---


def document_of(stack: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads("\n".join(cost("--stack", stack, "--json")))
    return found


def test_plan_includes_the_bill_that_cost_prints_as_json(project: Path) -> None:
    result = call("plan", "--stack", "small", "--out", "kept")
    assert result.exit_code == FINE
    kept = json.loads((project / "kept" / "cost.json").read_text(encoding="utf-8"))
    assert kept == document_of("small")
    (line,) = (line for line in result.stdout.splitlines() if line.startswith("about "))
    assert line == cost("--stack", "small")[0].removeprefix("small in us-west-2: ")


@pytest.mark.parametrize("stack", SHIPPED)
def test_document_has_the_documented_keys(stack: str) -> None:
    found = document(stack_bill(stack))
    assert {"region", "currency", "monthly", "lines", "minimum", "maximum", "missing", "assumptions", "by"} <= set(
        found
    )
    region = settings_of(stack).project.region
    assert (found["version"], found["region"], found["currency"]) == (1, region, "USD")
    for line in found["lines"]:
        assert {"urn", "item", "quantity", "unit", "rate", "monthly"} <= set(line)
        assert abs(line["quantity"] * line["rate"] - line["monthly"]) <= 0.0051, line
    by = {group: round(sum(each["monthly"] for each in found["by"][group].values()), 2) for group in found["by"]}
    assert all(abs(total - found["monthly"]) < 0.1 for total in by.values()), by


# --- bad input ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "old.json:1: is no JSON: Expecting property name enclosed in double quotes"),
        ("[]", "old.json:1: is no plan.json and no cost.json; `aiplatform plan` writes both"),
        ('{"a": 1}', "old.json:1: is no plan.json and no cost.json; `aiplatform plan` writes both"),
        (
            '{\n  "version": 0,\n  "lines": []\n}',
            "old.json:2: version: 0 is not 1, which this program reads; write it again with a new plan",
        ),
        (
            '{"lines": []}',
            "old.json:1: version: none is not 1, which this program reads; write it again with a new plan",
        ),
        (
            '{"version": 1, "lines": [{"urn": "a", "item": "b"}]}',
            "old.json:1: lines[0].minimum: is missing or of another kind; an older version wrote it, or it is no plan: "
            "write it again with `aiplatform plan`",
        ),
        (
            '{"project": "p", "stack": "s", "outputs": {}, "resources": [{"urn": "a", "type": "b", "name": "c"}]}',
            "old.json:1: resources[0].parent: is missing; an older version wrote it, or it is no plan: "
            "write it again with `aiplatform plan`",
        ),
    ],
)
def test_incomparable_file_is_one_located_line(project: Path, text: str, expected: str) -> None:
    (project / "old.json").write_text(text)
    result = call("cost", "--stack", "small", "--compare", "old.json")
    assert (result.exit_code, result.stderr.splitlines(), result.stdout) == (WRONG, [expected], "")


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--stack", "smal"], "Pulumi.smal.yaml:1: stack file not found; did you mean small?"),
        (
            ["--stack", "small", "--compare", "wid"],
            "Pulumi.wid.yaml:1: stack file not found; did you mean wide?",
        ),
        (["--stack", "small", "--compare", "gone.json"], "gone.json:1: there is no such file"),
        (
            ["--stack", "small", "--set", "network.nat"],
            "--set network.nat: has no value; write it like network.nat=single",
        ),
        (["--stack", "small", "--prices", "gone.yaml"], "gone.yaml: cannot be read: No such file or directory"),
    ],
)
def test_wrong_call_is_one_line_and_status_2(arguments: list[str], expected: str) -> None:
    result = call("cost", *arguments)
    assert (result.exit_code, result.stderr.splitlines()) == (WRONG, [expected])


def test_error_in_the_price_file_is_reported_with_its_line(project: Path) -> None:
    (project / "prices.yaml").write_text("meta: {}\n")
    result = call("cost", "--stack", "small", "--prices", "prices.yaml")
    assert result.exit_code == WRONG
    assert all(line.startswith("prices.yaml:") for line in result.stderr.splitlines())


def test_impossible_schedule_is_one_located_line(project: Path) -> None:
    schedule = "  ai-platform:schedules: {night: {start: 0 8 31 2 *, stop: 0 20 * * *, timeZone: UTC}}\n"
    (project / "Pulumi.bad.yaml").write_text(BASE + schedule)
    result = call("cost", "--stack", "bad")
    assert result.exit_code == WRONG
    (line,) = result.stderr.splitlines()
    assert line.startswith("Pulumi.bad.yaml:27: schedules.night.start: '0 8 31 2 *' never starts anything")


@pytest.mark.usefixtures("project")
def test_old_and_undated_prices_are_reported_with_the_bill() -> None:
    result = call("cost", "--stack", "small", "--set", "costs.priceMaxAgeDays=1")
    warnings = [line for line in result.stderr.splitlines() if line.startswith("warning: ") and "prices" in line]
    assert result.exit_code == FINE
    assert any("prices are older than 1 days" in line for line in warnings)
    assert all(line.endswith("`aiplatform prices refresh --region us-west-2` dates them") for line in warnings)
    assert "warning" not in result.stdout
