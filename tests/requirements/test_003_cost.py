"""003: the document's new costs in the bill of the stack pingvas, calculated by hand at prices of 2026-11."""

from decimal import Decimal

import pytest

from aiplatform.cost.bill import Bill, cents
from tests.config.base import ROOT
from tests.requirements.conftest import billed
from tests.requirements.costs import MONTH, cost, lines, near
from tests.requirements.query import Planned

PAGE = (ROOT / "docs" / "cost.md").read_text(encoding="utf-8")
ACU = "aurora_pg_serverless_v2_acu_hour"


@pytest.fixture(scope="module")
def shipped() -> Bill:
    """The bill of the stack as it is shipped."""
    return billed("pingvas")


@pytest.mark.requirement("003-cst-03", "003-cst-13")
def test_one_cluster_costs_72_for_720_hours(shipped: Bill) -> None:
    (line,) = lines(shipped, "eks_control_plane_hour")
    assert (line.rate.expected * 720, line.monthly.expected) == (72, 73)


@pytest.mark.requirement("003-cst-15")
def test_two_serverless_instances_cost_174_at_one_unit_each(shipped: Bill) -> None:
    found = [line.monthly.expected for line in lines(shipped, ACU)]
    assert found == [Decimal("0.12") * MONTH] * 2
    assert near(sum(found, Decimal(0)), 174) is True


@pytest.mark.requirement("003-cst-16")
def test_two_cache_nodes_cost_308(shipped: Bill) -> None:
    found = cost(shipped, "elasticache_redis_cache.r6g.large")
    assert found == 2 * Decimal("0.206") * MONTH
    assert near(found, 308) is True


@pytest.mark.requirement("003-cst-17")
def test_one_nat_gateway_costs_32_40_for_720_hours(shipped: Bill) -> None:
    (line,) = lines(shipped, "nat_gateway_hour")
    assert (line.rate.expected * 720, cents(line.monthly.expected)) == (Decimal("32.40"), Decimal("32.85"))


@pytest.mark.deviates("003-cst-19")
def test_data_transfer_costs_60_at_745_gb_to_the_internet(documented_bill: Bill) -> None:
    found = cost(documented_bill, "data_transfer_")
    assert found == Decimal("0.09") * (745 - 100) + Decimal("0.01") * 200
    assert near(found, 60) is True


@pytest.mark.deviates("003-cst-01", "003-cst-21")
def test_bill_is_neither_680_nor_944_64(shipped: Bill) -> None:
    assert cents(shipped.total.expected) == Decimal("943.57")


@pytest.mark.requirement("003-cst-02", "003-cst-22")
def test_cost_page_accepts_the_table_and_rounds_its_saving_up() -> None:
    stated, used = "The diagram states 1,800 before and 680 after, 62 % less.", "so the table is used."
    assert PAGE.count(f"- {stated} The lines of the table sum to its totals, {used}") == 1
    assert PAGE.count("| **total** | **2,318.40** | **944.64** |") == 1
    assert round(100 * (Decimal("2318.40") - Decimal("944.64")) / Decimal("2318.40"), 1) == Decimal("59.3")
    assert PAGE.count("The lines of the document save 1,373.76 a month, 59.3 %.") == 1


@pytest.mark.requirement("003-cst-23")
def test_aurora_keeps_half_a_unit_and_saves_58_percent_an_instance_and_79_in_all(
    pingvas: Planned, shipped: Bill
) -> None:
    assert pingvas.one("aws:rds/cluster:Cluster").inputs["serverlessv2ScalingConfiguration"]["minCapacity"] == 0.5
    each, all_ = lines(shipped, ACU)[0].monthly.expected, cost(shipped, ACU)
    # Four instances of 208 before.
    assert (round(100 * (1 - each / 208)), round(100 * (1 - all_ / 832))) == (58, 79)
