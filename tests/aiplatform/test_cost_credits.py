"""CPU credits of burstable instances above their baseline, by hand: 2 vCPUs with a baseline of 20 % are 0.4 vCPU."""

from decimal import Decimal
from typing import Any

import pytest

from aiplatform.cost.bill import Bill, Sizes, always
from aiplatform.cost.index import Context
from aiplatform.cost.needed_nodes import Nodes
from aiplatform.cost.pricing.credits import of_nodes
from aiplatform.preview.plan import Resource
from catalog.burstable import baseline, burstable_vcpus
from catalog.prices import load_prices
from config.costs import Assumptions
from tests.aiplatform.costing import plan, priced, prices, resource
from tests.components.base import settings_from
from tests.config.base import TODAY
from tests.each import each

TABLE = prices(
    {
        "ec2_cpu_credit_vcpu_hour": "0.05",
        "ec2_cpu_credit_t4g_vcpu_hour": "0.04",
        "rds_cpu_credit_vcpu_hour": "0.075",
        "aurora_cpu_credit_vcpu_hour": "0.09",
    },
    dict.fromkeys(("t2.medium", "t3.medium", "t4g.medium", "m7g.large"), ("0.1", None)),
)


def context(percent: int) -> Context:
    assumed = settings_from(Assumptions, {"cpuUsedPercent": percent})
    return Context(plan(), assumed, Decimal(700), TODAY)


def database(type_: str, instance_class: str) -> Resource:
    return resource(type_, engine="postgres", instanceClass=instance_class, identifier="runs", allocatedStorage=0)


def credits_of(bill: Bill) -> dict[str, Decimal]:
    return {line.item: line.monthly.expected for line in bill.lines if "credit" in line.item}


@each(
    ("type_", "vcpus", "least"),
    [
        ("t3.nano", 2, "0.1"),
        ("t3.micro", 2, "0.2"),
        ("t3.small", 2, "0.4"),
        ("t3a.medium", 2, "0.4"),
        ("t4g.large", 2, "0.6"),
        ("t3.xlarge", 4, "1.6"),
        ("t3.2xlarge", 8, "3.2"),
        ("db.t4g.medium", 2, "0.4"),
        ("t2.medium", None, None),
        ("cache.t4g.small", None, None),
        ("m7g.large", None, None),
    ],
)
def test_baseline_is_that_of_the_size_in_unlimited_mode(type_: str, vcpus: int | None, least: str | None) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html"""
    assert burstable_vcpus(type_) == vcpus
    assert baseline(type_) == (None if least is None else Decimal(least))


def test_nodes_are_billed_for_what_their_pods_use_above_the_baseline() -> None:
    """Half of 1,800 and 1,000 millicores are 0.9 and 0.5 vCPU, 0.5 and 0.1 above 0.4: on average 0.3, in 1,400 hours
    420 vCPU-hours; at the minimum one node with 600, of which 0.3 vCPU is below 0.4.
    """
    nodes = Nodes({}, (), {"minimum": (600,), "expected": (1800, 1000)})
    hours = Sizes(Decimal(700), Decimal(1400), Decimal(2800))
    (usage,) = of_nodes(("t3.medium",), hours, nodes, context(50))
    assert (usage.item, usage.unit, usage.assumptions) == ("ec2_cpu_credit_vcpu_hour", "vCPU-h", ("cpuUsedPercent",))
    assert usage.quantity == Sizes(Decimal(0), Decimal(420), Decimal(840))


def test_pods_below_the_baseline_cost_nothing() -> None:
    nodes = Nodes({}, (), {"expected": (1900,)})
    (usage,) = of_nodes(("t3.medium",), always(700), nodes, context(20))
    assert not usage.quantity.any(), "0.38 of 0.4 vCPU"


def test_nodes_of_other_types_have_no_credits() -> None:
    nodes = Nodes({}, (), {"expected": (1900,)})
    for types in (("m7g.large",), ("t3.large", "m7i.large"), ("t2.large",)):
        assert list(of_nodes(types, always(700), nodes, context(100))) == []


@pytest.mark.parametrize(("type_", "amount"), [("t3.medium", 14), ("t4g.medium", Decimal("11.2"))])
def test_server_is_billed_for_the_assumed_use_above_the_baseline(type_: str, amount: Decimal) -> None:
    """40 % of 2 vCPUs are 0.8, 0.4 above the baseline: 700 h x 0.4 x 0.05, and 0.04 for t4g."""
    machine = resource("aws:ec2/instance:Instance", instanceType=type_)
    assert list(credits_of(priced(machine, table=TABLE, serverCpuPercent=40)).values()) == [amount]
    assert list(credits_of(priced(machine, table=TABLE)).values()) == [0]


def test_t2_is_in_standard_mode_and_has_no_charge() -> None:
    machine = resource("aws:ec2/instance:Instance", instanceType="t2.medium")
    assert credits_of(priced(machine, table=TABLE, serverCpuPercent=100)) == {}


@pytest.mark.parametrize(
    ("type_", "item", "amount"),
    [
        ("aws:rds/instance:Instance", "rds_cpu_credit_vcpu_hour", Decimal(21)),
        ("aws:rds/clusterInstance:ClusterInstance", "aurora_cpu_credit_vcpu_hour", Decimal("25.2")),
    ],
)
def test_database_is_billed_at_the_price_of_its_service(type_: str, item: str, amount: Decimal) -> None:
    """700 h x 0.4 vCPU x 0.075, and 0.09 for Aurora."""
    found = credits_of(priced(database(type_, "db.t4g.medium"), table=TABLE, serverCpuPercent=40))
    assert found == {item: amount}


def test_cache_is_in_standard_mode_and_has_no_charge() -> None:
    cache = resource(
        "aws:elasticache/replicationGroup:ReplicationGroup", nodeType="cache.t4g.small", numCacheClusters=2
    )
    assert credits_of(priced(cache, table=TABLE, serverCpuPercent=100)) == {}


def test_every_region_has_the_prices_of_credits() -> None:
    table = load_prices()
    items: dict[str, Any] = {
        "ec2_cpu_credit_vcpu_hour": "0.05",
        "ec2_cpu_credit_t4g_vcpu_hour": "0.04",
        "rds_cpu_credit_vcpu_hour": "0.075",
        "aurora_cpu_credit_vcpu_hour": "0.09",
    }
    for region in table.regions:
        found = {item: table.service(region, item) for item in items}
        assert {item: str(price.price) for item, price in found.items() if price} == items
