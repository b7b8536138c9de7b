"""003: what the document says it costs, line by line from its unit prices, and what it gets wrong."""

from decimal import Decimal

import pytest

from aiplatform.cost.prices.documents import cost_table
from aiplatform.cost.prices.page import percent

COSTS = cost_table("003")


def before(fact: str) -> tuple[Decimal, Decimal, Decimal]:
    """Quantity, unit price and amount of a line of the old platform."""
    stated = COSTS.line(fact).before
    return stated.quantity, COSTS.prices[stated.price].price, COSTS.amount(stated)


def after(fact: str) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Quantity, unit price, amount and saving of a line of the new platform."""
    line = COSTS.line(fact)
    amount = COSTS.amount(line.after)
    return line.after.quantity, COSTS.prices[line.after.price].price, amount, COSTS.amount(line.before) - amount


@pytest.mark.requirement(
    "003-cst-04",
    "003-cst-05",
    "003-cst-06",
    "003-cst-07",
    "003-cst-08",
    "003-cst-09",
    "003-cst-10",
    "003-cst-11",
)
def test_each_line_of_the_old_platform_comes_out_of_quantity_times_price() -> None:
    lines = {
        "003-cst-04": (2, 72, 144),
        "003-cst-05": (5, Decimal("30.40"), 152),
        "003-cst-06": (4, 208, 832),
        "003-cst-07": (4, 154, 616),
        "003-cst-08": (6, Decimal("32.40"), Decimal("194.40")),
        "003-cst-09": (1, 200, 200),
        "003-cst-10": (1, 100, 100),
        "003-cst-11": (1, 80, 80),
    }
    assert {fact: before(fact) for fact in lines} == lines
    assert len(COSTS.lines) == len(lines)


@pytest.mark.requirement(
    "003-cst-13",
    "003-cst-14",
    "003-cst-15",
    "003-cst-16",
    "003-cst-17",
    "003-cst-18",
    "003-cst-19",
    "003-cst-20",
)
def test_each_line_of_the_new_platform_comes_out_with_its_saving() -> None:
    lines = {
        "003-cst-13": (1, 72, 72, 72),
        "003-cst-14": (2, Decimal("9.12"), Decimal("18.24"), Decimal("133.76")),
        "003-cst-15": (2, 87, 174, 658),
        "003-cst-16": (2, 154, 308, 308),
        "003-cst-17": (1, Decimal("32.40"), Decimal("32.40"), 162),
        "003-cst-18": (1, 200, 200, 0),
        "003-cst-19": (1, 60, 60, 40),
        "003-cst-20": (1, 80, 80, 0),
    }
    assert {fact: after(fact) for fact in lines} == lines
    assert len(COSTS.lines) == len(lines)


@pytest.mark.requirement("003-cst-12", "003-cst-21")
def test_the_lines_add_up_to_the_totals_and_the_saving_of_the_document() -> None:
    assert COSTS.total("before") == Decimal("2318.40")
    assert COSTS.total("after") == Decimal("944.64")
    assert COSTS.total("before") - COSTS.total("after") == Decimal("1373.76")


@pytest.mark.requirement("003-cst-01", "003-cst-02")
def test_the_diagram_is_right_in_itself_and_far_from_the_table_that_adds_up() -> None:
    assert percent(Decimal(1800 - 680), Decimal(1800)) == Decimal("62.2")
    slip = next(slip for slip in COSTS.slips if "003-cst-02" in slip.facts)
    assert ("1,800" in slip.says, "680" in slip.says, "table" in slip.right) == (True, True, True)
    assert COSTS.total("before") > 1800
    assert COSTS.total("after") > 680


@pytest.mark.requirement("003-cst-03")
def test_one_cluster_instead_of_two_takes_the_control_plane_from_144_to_72() -> None:
    assert before("003-cst-03") == (2, 72, 144)
    assert after("003-cst-03") == (1, 72, 72, 72)


@pytest.mark.requirement("003-cst-22")
def test_the_saving_is_593_per_mille_as_the_document_rounds_down() -> None:
    old = COSTS.total("before")
    assert percent(old - COSTS.total("after"), old) == Decimal("59.3")


@pytest.mark.requirement("003-cst-23")
def test_aurora_saves_58_percent_an_instance_and_79_in_all_and_not_70() -> None:
    line = COSTS.line("003-cst-15")
    _, old_each, old = before("003-cst-15")
    _, new_each, new, _ = after("003-cst-15")
    assert (round(100 * (1 - new_each / old_each)), round(100 * (1 - new / old))) == (58, 79)
    assert line.item.endswith("Serverless v2")


@pytest.mark.requirement("003-cst-24")
def test_a_system_node_on_spot_costs_three_tenths() -> None:
    _, on_demand, _ = before("003-cst-24")
    _, spot, _, _ = after("003-cst-24")
    assert spot == on_demand * Decimal("0.3")
