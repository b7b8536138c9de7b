"""000: what the document says it costs, line by line from its unit prices, and what it gets wrong."""

from decimal import Decimal

import pytest

from aiplatform.cost.prices.documents import cost_table
from catalog.prices import load_prices

COSTS = cost_table("000")
TABLE = load_prices()

LINES = {
    "000-cst-11": (73, 73),
    "000-cst-12": (60, 60),
    "000-cst-13": (0, 0),
    "000-cst-14": (30, 15),
    "000-cst-15": (10, 5),
    "000-cst-16": (17, 17),
    "000-cst-17": (100, 35),
}
"""By fact, before and after."""


def amounts(fact: str) -> tuple[Decimal, Decimal]:
    """A line before and after."""
    line = COSTS.line(fact)
    return COSTS.stated(line, "before"), COSTS.stated(line, "after")


@pytest.mark.requirement(
    "000-cst-11", "000-cst-12", "000-cst-13", "000-cst-14", "000-cst-15", "000-cst-16", "000-cst-17"
)
def test_each_line_of_the_table_comes_out_of_quantity_times_price() -> None:
    assert {fact: amounts(fact) for fact in LINES} == LINES
    assert len(COSTS.lines) == len(LINES)


@pytest.mark.requirement("000-cst-18")
def test_the_lines_add_up_to_290_and_205_because_the_document_adds_rightly() -> None:
    assert (COSTS.total("before"), COSTS.total("after")) == (290, 205)


@pytest.mark.requirement("000-cst-01", "000-cst-02", "000-cst-03", "000-cst-04", "000-cst-05")
def test_the_overview_has_the_same_lines_as_the_table_before() -> None:
    overview = {"000-cst-01": 73, "000-cst-02": 60, "000-cst-03": 30, "000-cst-04": 10, "000-cst-05": 17}
    assert {fact: amounts(fact)[0] for fact in overview} == overview
    nodes = COSTS.line("000-cst-02").before
    assert (nodes.quantity, COSTS.prices[nodes.price].price) == (2, 30)


@pytest.mark.requirement("000-cst-06", "000-cst-07")
def test_the_overview_says_190_because_it_leaves_out_the_nat_gateways() -> None:
    nat, _ = amounts("000-cst-17")
    assert (COSTS.total("before") - nat, nat) == (190, 100)


@pytest.mark.requirement("000-cst-08")
def test_a_standby_database_costs_twice_the_30_of_the_document_and_so_do_its_disks() -> None:
    line = COSTS.line("000-cst-03")
    single = TABLE.service("us-west-2", "rds_postgres_single_az_db.t3.small")
    multi = TABLE.service("us-west-2", "rds_postgres_multi_az_db.t3.small")
    disk = TABLE.service("us-west-2", "rds_storage_gp3_multi_az_gb_month")
    assert single
    assert multi
    assert disk
    assert multi.price == 2 * single.price
    assert COSTS.today(line, "before", TABLE) == multi.price * 730 + disk.price * 20 == Decimal("57.16")


@pytest.mark.requirement("000-cst-09", "000-cst-10")
def test_twenty_hours_of_a_gpu_on_spot_cost_18_which_is_seventy_percent_off_the_list_price() -> None:
    (example,) = COSTS.examples
    spot = COSTS.prices[example.price].price
    on_demand = TABLE.instance("us-west-2", "p3.2xlarge")
    assert on_demand
    assert (spot, COSTS.amount(example)) == (Decimal("0.90"), 18)
    assert round(1 - spot / on_demand.price, 1) == Decimal("0.7")
