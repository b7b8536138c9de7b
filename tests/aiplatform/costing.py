"""Plans of a few resources, a price table of round figures, and the bills of the recorded stacks."""

import functools
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from aiplatform.cost.bill import Bill
from aiplatform.cost.pricer import bill
from aiplatform.preview.plan import Plan, Resource
from catalog.prices import Instance, Price, PriceTable, load_prices
from config.costs import Costs
from tests.components.base import recorded, settings_from
from tests.config.base import TODAY

REGION = "us-west-2"
STACK = "urn:pulumi:test::shop::pulumi:pulumi:Stack::shop-test"


def price(amount: str, unit: str = "USD/h") -> Price:
    return Price(Decimal(amount), unit, "made up", "2026-11-21", "sourced")


def prices(
    services: Mapping[str, str] | None = None, instances: Mapping[str, tuple[str | None, str | None]] | None = None
) -> PriceTable:
    """A table of one region, with 700 hours a month so that no hour of the program is written down in it."""
    return PriceTable(
        currency="USD",
        hours_per_month=700,
        compiled=TODAY,
        regions=(REGION,),
        instances={
            REGION: {
                name: Instance(True, price(on_demand) if on_demand else None, price(spot) if spot else None)
                for name, (on_demand, spot) in (instances or {}).items()
            }
        },
        services={REGION: {item: price(amount) for item, amount in (services or {}).items()}},
    )


def resource(
    type_: str, name: str = "it", /, *, parent: str | None = None, dependencies: tuple[str, ...] = (), **inputs: Any
) -> Resource:
    urn = f"urn:pulumi:test::shop::{type_}::{name}"
    return Resource(urn, type_, name, parent or STACK, None, dependencies, inputs)


def plan(*resources: Resource, region: str = REGION) -> Plan:
    tags = '{"tags": {"Environment": "staging"}}'
    provider = resource("pulumi:providers:aws", "aws", region=region, defaultTags=tags)
    return Plan("shop", "test", (provider, *resources), {})


def priced(*resources: Resource, table: PriceTable | None = None, region: str = REGION, **assumptions: Any) -> Bill:
    """The bill of some resources; assumptions as a stack file writes them."""
    costs = settings_from(Costs, {"assumptions": assumptions})
    return bill(plan(*resources, region=region), costs, table or load_prices(), today=TODAY)


@functools.cache
def stack_bill(stack: str) -> Bill:
    """The bill of a shipped stack or a variant at the shipped prices."""
    recording = recorded(stack)
    settings = recording.settings
    return bill(recording.plan, settings.costs, load_prices(), today=TODAY, settings=settings)


def sleeps(kind: str, name: str, start: str, stop: str) -> tuple[Resource, Resource]:
    """The two schedules by which a node group or database sleeps, as the platform registers them."""

    def schedule(which: str, expression: str) -> Resource:
        # As for a group that starts with 0 nodes: a stop differs only in that it leaves the maximum.
        scaling = {"MinSize": 0, "DesiredSize": 0} | ({"MaxSize": 4} if which == "start" else {})
        call, said = {
            "nodes": ("eks:updateNodegroupConfig", {"NodegroupName": name, "ScalingConfig": scaling}),
            "database": (f"rds:{which}DBInstance", {"DbInstanceIdentifier": name}),
        }[kind]
        return resource(
            "aws:scheduler/schedule:Schedule",
            f"anything-{expression}-{name}",
            scheduleExpression=expression,
            target={"arn": f"arn:aws:scheduler:::aws-sdk:{call}", "input": json.dumps(said)},
        )

    return schedule("start", start), schedule("stop", stop)


OFFICE = ("cron(0 8 ? * MON-FRI *)", "cron(0 20 ? * MON-FRI *)")
"""Five days of twelve hours: 60 of the week's 168."""
