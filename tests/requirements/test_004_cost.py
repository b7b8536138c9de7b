"""004: what the document says it costs, line by line from its unit prices, and what it gets wrong."""

from decimal import Decimal

import pytest

from aiplatform.cost.prices.documents import cost_table
from catalog.prices import load_prices

COSTS = cost_table("004")
TABLE = load_prices()


def base(fact: str) -> Decimal:
    """A line of the base configuration."""
    return COSTS.stated(COSTS.line(fact), "before")


def saving(fact: str) -> Decimal:
    """What the optimised configuration takes off a line."""
    line = COSTS.line(fact)
    return COSTS.stated(line, "before") - COSTS.stated(line, "after")


@pytest.mark.requirement(
    "004-cst-01", "004-cst-02", "004-cst-03", "004-cst-04", "004-cst-05", "004-cst-06", "004-cst-07"
)
def test_each_line_of_the_base_comes_out_of_quantity_times_price() -> None:
    lines = {
        "004-cst-01": 72,
        "004-cst-02": 60,
        "004-cst-03": 4,
        "004-cst-04": 64,
        "004-cst-05": 22,
        "004-cst-06": 1,
        "004-cst-07": 5,
    }
    assert {fact: base(fact) for fact in lines} == lines
    assert len(COSTS.lines) == len(lines)
    quantities = {fact: COSTS.line(fact).before.quantity for fact in ("004-cst-02", "004-cst-03", "004-cst-04")}
    assert quantities == {"004-cst-02": 2, "004-cst-03": 40, "004-cst-04": 2}


@pytest.mark.requirement("004-cst-08")
def test_the_base_adds_up_to_228() -> None:
    assert COSTS.total("before") == 228


@pytest.mark.requirement("004-cst-10", "004-cst-11")
def test_spot_saves_42_which_is_seventy_percent_and_one_nat_gateway_less_saves_32() -> None:
    assert (saving("004-cst-10"), saving("004-cst-11")) == (42, 32)
    assert saving("004-cst-10") == base("004-cst-10") * Decimal("0.7")


@pytest.mark.requirement("004-cst-12", "004-cst-13", "004-cst-14")
def test_the_optimised_total_is_154_as_the_disks_of_the_base_are_gp3_already() -> None:
    slip = next(slip for slip in COSTS.slips if "004-cst-14" in slip.facts)
    assert COSTS.line("004-cst-03").after == COSTS.line("004-cst-03").before
    assert COSTS.prices[COSTS.line("004-cst-03").before.price].price == Decimal("0.10")
    assert COSTS.total("after") == 154
    counted_twice = Decimal(1)
    assert (COSTS.total("after") - counted_twice, "153" in slip.says) == (153, True)


@pytest.mark.requirement("004-cst-09")
def test_nodes_nat_and_control_plane_at_prices_of_seoul_lift_the_base_to_267() -> None:
    assert COSTS.region == "ap-northeast-2"
    in_seoul = [COSTS.today(COSTS.line(fact), "before", TABLE) for fact in ("004-cst-01", "004-cst-02", "004-cst-04")]
    assert in_seoul == [73, Decimal("75.92"), Decimal("86.14")]
    as_stated = sum(base(fact) for fact in ("004-cst-03", "004-cst-05", "004-cst-06", "004-cst-07"))
    assert round(sum(amount for amount in in_seoul if amount) + as_stated) == 267


@pytest.mark.requirement("004-cst-18")
def test_no_free_tier_is_taken_off_because_little_of_the_design_is_in_one() -> None:
    transfer = COSTS.today(COSTS.line("004-cst-06"), "before", TABLE)
    assert transfer == Decimal("1.26")
