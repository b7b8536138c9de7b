"""Savings Plans and reserved instances: what they cost and cover, and that idle ones are reported."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from aiplatform.cost.bill import Bill
from aiplatform.cost.pricer import bill
from aiplatform.findings.commitments import commitments
from aiplatform.preview.plan import Resource
from config.costs import Costs
from tests.aiplatform.costing import OFFICE, plan, prices, resource
from tests.components.base import settings_from
from tests.config.base import TODAY

TABLE = prices(
    {
        "rds_postgres_multi_az_db.r7g.large": "0.5",
        "rds_storage_gp3_multi_az_gb_month": "0.2",
        "public_ipv4_hour": "0.01",
    },
    {"m7g.large": ("0.1", "0.04"), "m7i.large": ("0.2", None)},
)
DATABASE = resource(
    "aws:rds/instance:Instance",
    "runs",
    engine="postgres",
    multiAz=True,
    instanceClass="db.r7g.large",
    identifier="runs",
    storageType="gp3",
    allocatedStorage=10,
)


def server(name: str, instance_type: str = "m7g.large", **inputs: Any) -> Resource:
    return resource("aws:ec2/instance:Instance", name, instanceType=instance_type, **inputs)


def sleeping(machine: Resource) -> list[Resource]:
    """The schedules by which an instance runs 60 of 168 hours."""
    return [
        resource(
            "aws:scheduler/schedule:Schedule",
            f"{machine.name}-{which}",
            dependencies=(machine.urn,),
            scheduleExpression=expression,
            target={"arn": f"arn:aws:scheduler:::aws-sdk:ec2:{which}Instances", "input": '{"InstanceIds": ["i-1"]}'},
        )
        for which, expression in zip(("start", "stop"), OFFICE, strict=True)
    ]


def billed(*resources: Resource, **given: Any) -> Bill:
    return bill(plan(*resources), settings_from(Costs, {"commitments": given}), TABLE, today=TODAY)


def compute(usd_per_hour: float, discount: float | None = 30) -> dict[str, Any]:
    plan_ = {"usdPerHour": usd_per_hour}
    return plan_ if discount is None else {**plan_, "discountPercent": discount}


def said(found: Bill) -> list[tuple[str, str]]:
    return [(one.severity, one.message) for one in commitments(found, "")]


def test_plan_that_is_used_every_hour_replaces_on_demand_prices() -> None:
    """Two servers at 0.10 are 0.20 an hour. 0.14 an hour at 30 % covers 0.14 / 0.7 = 0.20, in 700 hours:
    140 on demand + 98 for the plan - 140 that it covers = 98.
    """
    found = billed(server("a"), server("b"), savingsPlans=[compute(0.14)])
    assert found.total.expected == 98
    amounts = {line.item: line.monthly.expected for line in found.lines if line.owner.component == "commitments"}
    assert amounts == {"savingsPlan:compute": 98, "savingsPlan:compute:covered": -140}
    assert said(found) == []


def test_plan_covers_a_part_and_the_rest_is_on_demand() -> None:
    """0.07 an hour covers 0.10 of 0.20: 140 + 49 - 70 = 119."""
    assert billed(server("a"), server("b"), savingsPlans=[compute(0.07)]).total.expected == 119


def test_plan_is_idle_while_a_schedule_stops_what_it_covers() -> None:
    """One server runs always, one 250 of 700 hours, so that 0.20 is used for 250 hours and 0.10 for 450:
    95 on demand, all covered of the 140 that the plan is worth, for 98. 1 - 95 / 140 = 32 %.
    """
    asleep = server("b")
    found = billed(server("a"), asleep, *sleeping(asleep), savingsPlans=[compute(0.14)])
    assert found.total.expected.quantize(Decimal("0.01")) == 98
    assert said(found) == [
        (
            "warning",
            "costs.commitments.savingsPlans[0]: 32 % of it is idle at the expected size; it costs 98.00 a month and "
            "covers 95.00 on demand, 3.00 more than without it",
        )
    ]


def test_plan_above_the_largest_use_is_an_error() -> None:
    """0.21 an hour at 30 % covers 0.30, and one server is 0.10."""
    assert said(billed(server("a"), savingsPlans=[compute(0.21)])) == [
        (
            "error",
            "costs.commitments.savingsPlans[0]: covers 0.3000 USD an hour on demand, above the 0.1000 that the stack "
            "uses at most",
        )
    ]


def test_spot_usage_is_not_covered() -> None:
    spot = server("a", instanceMarketOptions={"marketType": "spot"})
    found = billed(spot, savingsPlans=[compute(0.07)])
    assert found.total.expected == 28 + 49, "700 x 0.04 of Spot and the whole plan"


def test_instance_plan_is_for_its_family_and_comes_first() -> None:
    """The plan of m7g covers the 0.10 of a; of the 0.30 - 0.10, the other covers 0.05 at 20 %: 0.04 an hour.
    210 on demand + 42 (0.06) + 28 (0.04) - 70 - 35 = 175.
    """
    of_family = {"kind": "ec2Instance", "family": "m7g", "usdPerHour": 0.06, "discountPercent": 40}
    found = billed(server("a"), server("b", "m7i.large"), savingsPlans=[compute(0.04, 20), of_family])
    assert [one.covered.expected for one in found.commitments] == [70, 35]
    assert found.total.expected == 175


def test_reserved_database_is_billed_every_hour_and_covers_its_class() -> None:
    """0.5 x 0.6 x 700 = 210 instead of 350; its storage, 10 x 0.2 = 2, is not covered."""
    reserved = {"engine": "postgres", "instanceClass": "db.r7g.large", "multiAz": True, "discountPercent": 40}
    found = billed(DATABASE, reserved=[reserved])
    assert found.total.expected == 212
    assert said(found) == []


def test_more_reserved_than_there_are_is_an_error() -> None:
    reserved = {
        "engine": "postgres",
        "instanceClass": "db.r7g.large",
        "multiAz": True,
        "discountPercent": 40,
        "count": 2,
    }
    ((severity, message),) = said(billed(DATABASE, reserved=[reserved]))
    assert severity == "error"
    assert message.startswith("costs.commitments.reserved[0]: covers 1.0000 USD an hour on demand, above the 0.5000")


def test_commitment_without_a_discount_is_unknown() -> None:
    found = billed(server("a"), savingsPlans=[compute(0.07, None)])
    assert found.total.expected == 70
    assert [(each.item, each.why) for each in found.missing] == [
        (
            "savingsPlan:compute",
            "no discount is known; set discountPercent, which the console shows for the term and payment",
        )
    ]


def test_bill_with_missing_prices_reports_no_commitment_above_use() -> None:
    unpriced = server("b", "m7i.metal")
    assert [severity for severity, _ in said(billed(server("a"), unpriced, savingsPlans=[compute(0.21)]))] == [
        "warning"
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"savingsPlans": [{"usdPerHour": -1}]}, "greater than 0"),
        ({"savingsPlans": [{"usdPerHour": 1, "kind": "ec2Instance"}]}, "set family"),
        ({"savingsPlans": [{"usdPerHour": 1, "family": "m7g"}]}, "family has no effect"),
        ({"savingsPlans": [{"usdPerHour": 1, "kind": "ec2Instance", "family": "m7g.large"}]}, "without a size"),
        ({"savingsPlans": [{"usdPerHour": 1, "discountPercent": 100}]}, "less than 100"),
        ({"reserved": [{"engine": "redis", "instanceClass": "db.r7g.large"}]}, "is no class of redis"),
        ({"reserved": [{"engine": "valkey", "instanceClass": "cache.t4g.small", "multiAz": True}]}, "multiAz has no"),
        ({"reserved": [{"engine": "mysql", "instanceClass": "r7g.large"}]}, "write it like db.r7g.large"),
        (
            {"reserved": [{"engine": "mysql", "instanceClass": "db.r7g.large", "count": 0}]},
            "greater than or equal to 1",
        ),
    ],
)
def test_invalid_commitment_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        settings_from(Costs, {"commitments": given})
