"""`aiplatform prices` on the command line: tables, exit statuses, and the page of the documents."""

import shutil
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aiplatform.cli.main import app
from aiplatform.cli.optimize import planned
from aiplatform.cost.compare import known
from aiplatform.cost.prices.documents import DOCUMENTS, Term, cost_table
from aiplatform.cost.prices.page import cost_page, money, percent
from aiplatform.optimize.trial import Trial
from catalog.prices import load_prices, parse_prices
from tests.aiplatform.costing import stack_bill
from tests.config.base import ROOT, shipped_project

TABLE = load_prices()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["prices", *arguments])


def test_committed_page_is_the_output_of_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stack files are those that are shipped: a user changes those at the top."""
    written = tmp_path / "cost.md"
    shutil.copytree(ROOT / "docs" / "lean", tmp_path / "docs" / "lean")
    monkeypatch.chdir(shipped_project(tmp_path))
    # The bills of the stacks as they are shipped are made once for all tests.
    monkeypatch.setattr(
        "aiplatform.cli.lean.planned",
        lambda folder, stack, changes: (
            planned(folder, stack, changes) if changes else Trial(bill=known(stack_bill(stack)))
        ),
    )
    assert run("documents", "--out", str(written)).exit_code == 0
    assert written.read_text() == (ROOT / "docs/cost.md").read_text()


def test_page_is_printed_without_an_output_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiplatform.cli.lean.compared", dict)
    assert run("documents").output == cost_page(TABLE)


def test_unwritable_page_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiplatform.cli.lean.compared", dict)
    result = run("documents", "--out", str(tmp_path / "missing" / "cost.md"))
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_region_without_prices_leaves_every_line_missing() -> None:
    about = "unit: USD/h, source: list, as_of: '2026', confidence: sourced"
    text = (
        "meta: {currency: USD, hours_per_month: 730, compiled: 2026-11-21}\n"
        f"ec2: {{us-east-1: {{t3.medium: {{on_demand: 0.0416, {about}}}}}}}\n"
        f"services: {{us-east-1: {{alb_hour: {{price: 0.0225, {about}}}}}}}\n"
    )
    table = parse_prices(text, "prices.yaml")
    total = cost_table("004").total_today("before", table)
    assert (total.amount, total.at_least) == (0, True)
    assert "t3.medium" in cost_table("004").missing(table)
    assert "| Application load balancer | 22.00 | 22.00 | - | - |" in cost_page(table)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_line_without_a_current_price_makes_the_sum_a_minimum(document: str) -> None:
    costs = cost_table(document)
    lines = [costs.today(line, "after", TABLE) for line in costs.lines]
    total = costs.total_today("after", TABLE)
    assert total.amount == sum(amount for amount in lines if amount is not None)
    assert total.at_least is (None in lines)


def test_missing_price_is_named() -> None:
    item = "elasticache_redis_cache.r6g.large"
    services = {**TABLE.services["us-east-1"]}
    assert cost_table("003").missing(TABLE) == ()
    del services[item]
    poorer = replace(TABLE, services={**TABLE.services, "us-east-1": services})
    assert cost_table("003").missing(poorer) == (item,)


def test_zero_quantity_costs_nothing_without_a_price() -> None:
    assert Term(instance="x9.large", quantity=0).amount(TABLE, "us-east-1") == 0
    assert Term(instance="x9.large").amount(TABLE, "us-east-1") is None


@pytest.mark.parametrize(
    ("amount", "text"), [("1373.755", "1,373.76"), ("0.125", "0.13"), ("0", "0.00"), ("1e6", "1,000,000.00")]
)
def test_money_is_rounded_half_up(amount: str, text: str) -> None:
    assert money(Decimal(amount)) == text


def test_percentage_is_rounded_half_up() -> None:
    assert percent(Decimal("59.25"), Decimal(100)) == Decimal("59.3")


def test_instance_type_is_shown_in_each_region_with_its_source() -> None:
    result = run("show", "t3.medium")
    assert result.exit_code == 0
    rows = [line.split() for line in result.stdout.splitlines()]
    assert rows[1][:6] == ["us-east-1", "t3.medium", "0.0416", "0.0191", "USD/h", "sourced"]
    assert [row[0] for row in rows[1:4]] == ["us-east-1", "us-west-2", "ap-northeast-2"]
    assert "skypilot-org/skypilot-catalog" in rows[4][1]


def test_database_class_is_shown_by_engine_and_optionally_one_region() -> None:
    result = run("show", "db.t4g.micro", "--region", "us-east-1")
    names = [line.split()[1] for line in result.stdout.splitlines() if line.startswith("us-east-1")]
    assert names == [
        "rds_postgres_single_az_db.t4g.micro",
        "rds_postgres_multi_az_db.t4g.micro",
        "rds_mysql_single_az_db.t4g.micro",
        "rds_mysql_multi_az_db.t4g.micro",
    ]


def test_unsold_type_is_shown_without_a_price() -> None:
    result = run("show", "p5.4xlarge", "--region", "ap-northeast-2")
    assert result.exit_code == 0
    assert "not offered" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("t3.medum",), "t3.medum: nothing of that name has a price; the nearest are t3.medium"),
        (("qqqqqq",), "qqqqqq: nothing of that name has a price; name an instance type like t3.medium"),
        (
            ("t3.medium", "--region", "us-east-2"),
            "--region us-east-2: has no prices; the table has us-east-1, us-west-2, ap-northeast-2",
        ),
        (("t3.medium", "--file", "/nowhere.yaml"), "/nowhere.yaml: cannot be read: No such file or directory"),
    ],
)
def test_misspelt_type_is_one_line_with_the_nearest_and_status_2(arguments: tuple[str, ...], said: str) -> None:
    result = run("show", *arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith(said)
    assert result.stderr.count("\n") == 1


def test_undated_prices_are_marked() -> None:
    assert "have no date" in run("show", "t3.medium").stderr


def test_plan_does_not_import_boto3_or_the_price_table() -> None:
    unwanted = ("boto3", "botocore", "catalog.prices")
    code = f"import sys, aiplatform.cli.main; print([m for m in {unwanted} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "[]\n"
