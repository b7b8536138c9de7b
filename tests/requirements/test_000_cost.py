"""000: the document's costs in the bill of the stack mlflow, calculated by hand at prices of 2026-11."""

from decimal import Decimal

import pytest

from aiplatform.cost.bill import Bill, cents
from tests.requirements.conftest import billed
from tests.requirements.costs import MONTH, cost, lines, near

RDS = ("rds_postgres", "rds_storage")
DATABASE = "database-mlflow"


@pytest.fixture(scope="module")
def shipped() -> Bill:
    """The bill of the stack as it is shipped."""
    return billed("mlflow")


def of_the_document(bill: Bill) -> dict[str, Decimal]:
    """The lines of the document's table."""
    return {
        "control plane": cost(bill, "eks_control_plane_hour"),
        "CPU nodes": cost(bill, "onDemand:t3.medium"),
        "GPU nodes": cost(bill, "", of="nodes-gpu-workers"),
        "database": cost(bill, *RDS, of=DATABASE),
        "S3 and transfer": cost(bill, "s3_", "data_transfer_out"),
        "load balancer": cost(bill, "alb_"),
        "NAT gateways": cost(bill, "nat_gateway"),
    }


@pytest.mark.requirement("000-cst-01", "000-cst-11")
def test_control_plane_costs_73(shipped: Bill) -> None:
    assert cost(shipped, "eks_control_plane_hour") == Decimal("0.10") * MONTH == 73


@pytest.mark.requirement("000-cst-02", "000-cst-12")
def test_two_t3_medium_cost_60(shipped: Bill) -> None:
    found = cost(shipped, "onDemand:t3.medium", of="nodes-cpu-workers")
    assert cents(found) == cents(2 * Decimal("0.0416") * MONTH) == Decimal("60.74")
    assert near(found, 60) is True


@pytest.mark.requirement("000-cst-05", "000-cst-16")
def test_load_balancer_costs_17_between_its_hours_and_one_capacity_unit(shipped: Bill) -> None:
    hours, all_ = cost(shipped, "alb_hour"), cost(shipped, "alb_")
    assert (hours, all_) == (Decimal("0.0225") * MONTH, Decimal("0.0305") * MONTH)
    assert hours <= 17 <= all_


@pytest.mark.requirement("000-cst-07", "000-cst-17")
def test_nat_gateways_cost_100_or_35_with_their_data(shipped: Bill) -> None:
    single = billed("mlflow", "network.nat=single")
    # 100 GB, and images: 2 x 4 GB of CPU nodes, and 12 in each of five starts of a GPU node
    hour, data = Decimal("0.045") * MONTH, Decimal("0.045") * (100 + 8 + 60)
    for bill, gateways, stated in ((shipped, 3, 100), (single, 1, 35)):
        assert len(lines(bill, "nat_gateway_hour")) == gateways
        assert cost(bill, "nat_gateway_hour") == gateways * hour
        assert cents(cost(bill, "nat_gateway_")) == cents(gateways * hour + data)
        assert gateways * hour <= stated <= gateways * hour + data


@pytest.mark.requirement("000-cst-08")
def test_standby_doubles_instance_and_storage_of_the_database(shipped: Bill) -> None:
    assert cents(cost(shipped, "rds_postgres", of=DATABASE)) == cents(2 * Decimal("0.036") * MONTH) == Decimal("52.56")
    assert cost(shipped, "rds_storage", of=DATABASE) == 2 * Decimal("0.115") * 20
    assert cents(cost(shipped, *RDS, of=DATABASE)) == Decimal("57.16")


@pytest.mark.deviates("000-cst-09", "000-cst-10")
def test_twenty_hours_of_current_gpu_types_cost_half_of_on_demand_on_spot(shipped: Bill) -> None:
    (line,) = lines(shipped, "spot:", of="nodes-gpu-workers")
    assert line.item == "spot:g4dn.xlarge,g5.xlarge,g6.xlarge"
    assert (line.quantity.expected, cents(line.monthly.expected)) == (20, Decimal("4.93"))
    # The cheapest of the three, g4dn.xlarge.
    assert round(1 - line.rate.expected / Decimal("0.526"), 2) == Decimal("0.53")


@pytest.mark.deviates("000-cst-03", "000-cst-04", "000-cst-06")
def test_database_in_one_zone_and_435_gb_give_the_overview(documented_bill: Bill) -> None:
    found = of_the_document(documented_bill)
    assert cents(found["database"]) == cents(Decimal("0.036") * MONTH + Decimal("0.115") * 20) == Decimal("28.58")
    assert near(found["database"], 30) is True
    assert cents(found["S3 and transfer"]) == cents(435 * Decimal("0.023")) == Decimal("10.01")
    overview = ("control plane", "CPU nodes", "database", "S3 and transfer", "load balancer")
    assert near(sum((found[part] for part in overview), Decimal(0)), 190) is True


@pytest.mark.deviates("000-cst-13", "000-cst-14", "000-cst-15", "000-cst-18")
def test_half_of_the_hours_glacier_and_one_nat_gateway_give_the_optimised_table(documented_bill: Bill) -> None:
    after = of_the_document(documented_bill)
    assert after["GPU nodes"] == 0
    assert cents(after["database"]) == cents(Decimal("0.036") * MONTH / 2 + Decimal("0.115") * 20) == Decimal("15.44")
    kept, moved = 435 * Decimal("0.4") * Decimal("0.023"), 435 * Decimal("0.6") * Decimal("0.0036")
    assert cents(after["S3 and transfer"]) == cents(kept + moved) == Decimal("4.94")
    assert [near(after[part], stated) for part, stated in (("database", 15), ("S3 and transfer", 5))] == [True, True]
    assert near(sum(after.values(), Decimal(0)), 205) is True


@pytest.mark.deviates("000-cst-18")
def test_stack_without_the_optimisation_costs_290() -> None:
    assumptions = ("costs.assumptions.s3GbPerBucket=435", "costs.assumptions.gpuHoursPerMonth=0")
    before = of_the_document(billed("mlflow", "databases.mlflow.multiAz=false", *assumptions))
    assert near(sum(before.values(), Decimal(0)), 290) is True
