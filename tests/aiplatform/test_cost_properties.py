"""Properties of the bill of any platform."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from aiplatform.cost.bill import KEYS, NOTHING, SIZES, Bill, Sizes
from aiplatform.cost.compare import changes, known
from aiplatform.cost.document import cost_json
from aiplatform.cost.pricer import bill
from aiplatform.cost.read import read_known
from aiplatform.cost.show import WIDTH, table
from aiplatform.preview.plan import Resource
from catalog.prices import load_prices
from config.costs import Assumptions, Costs
from config.running_hours import running_share, times
from config.schedules import eventbridge_expression
from tests.aiplatform.costing import OFFICE, plan, priced, resource, sleeps, stack_bill
from tests.components.base import SHIPPED, recorded
from tests.config.base import TODAY

TABLE = load_prices()
QUICK = settings(max_examples=60, deadline=None)
TYPES = ("t3.medium", "t3.large", "m7i.large", "m6i.large", "g5.xlarge", "g6.xlarge")
USE = [field.alias or name for name, field in Assumptions.model_fields.items() if name != "group_hours_per_month"]

sizes = st.lists(st.integers(0, 50), min_size=3, max_size=3).map(sorted)
amounts = st.floats(0, 1e6, allow_nan=False).map(lambda number: round(number, 3))
BOUNDED = {
    "flowLogsMinutePercent": st.floats(100, 1000),
    "s3ObjectMb": st.floats(0.001, 1e6),
    "startedNodeHours": st.floats(0.001, 744),
}
assumptions = st.fixed_dictionaries(
    {}, optional={name: BOUNDED.get(name, st.floats(0, 100) if name.endswith("Percent") else amounts) for name in USE}
)


def group(scaling: list[int], types: list[str], *, spot: bool) -> Resource:
    return resource(
        "eks:index:ManagedNodeGroup",
        "cpu",
        nodeGroupName="cpu",
        instanceTypes=types,
        capacityType="SPOT" if spot else "ON_DEMAND",
        scalingConfig=dict(zip(("minSize", "desiredSize", "maxSize"), scaling, strict=True)),
    )


def same(one: Sizes, other: Sizes) -> bool:
    """But for the 28th digit, which depends on the order in which numbers are added."""
    return all(abs((one - other).at(size)) < Decimal("1e-12") for size in SIZES)


groups = st.builds(
    group, sizes, st.lists(st.sampled_from(TYPES), min_size=1, max_size=4, unique=True), spot=st.booleans()
)


@QUICK
@given(sizes, st.integers(0, 2), st.integers(1, 9), st.booleans(), st.booleans(), amounts)
def test_more_nodes_never_cost_less(  # noqa: PLR0917, hypothesis hands them over
    scaling: list[int], which: int, more: int, spot: bool, asleep: bool, hours: float
) -> None:
    larger = sorted([*scaling[:which], *(size + more for size in scaling[which:])])
    schedules = sleeps("nodes", "cpu", *OFFICE) if asleep else ()
    types = ["t3.large", "m6i.large"]
    few, many = (
        priced(group(each, types, spot=spot), *schedules, gpuHoursPerMonth=hours).total for each in (scaling, larger)
    )
    assert few.minimum <= many.minimum
    assert few.maximum <= many.maximum
    # The first desired node takes the place of assumed hours.
    assert few.expected <= many.expected or scaling[1] == 0


@QUICK
@given(st.sampled_from(SHIPPED), assumptions)
def test_sizes_stay_in_order_and_groups_sum_for_any_assumption(stack: str, assumed: dict[str, Any]) -> None:
    costs = Costs.model_validate_json(json.dumps({"assumptions": assumed}))
    found = bill(recorded(stack).plan, costs, TABLE, today=TODAY)
    for line in found.lines:
        assert 0 <= line.monthly.minimum <= line.monthly.expected <= line.monthly.maximum, line.item
    for kind in KEYS:
        assert same(sum(found.by(kind).values(), NOTHING), found.total)


def priced_items() -> list[str]:
    """Everything that the shipped stacks pay for at a price of the table."""
    lines = [line for stack in SHIPPED for line in stack_bill(stack).lines if line.price is not None]
    return sorted({line.item for line in lines if ":" not in line.item})


@QUICK
@given(st.sampled_from(SHIPPED), st.sets(st.deferred(lambda: st.sampled_from(priced_items()))))
def test_missing_price_removes_a_line_and_adds_a_name_and_never_a_zero(stack: str, gone: set[str]) -> None:
    whole = stack_bill(stack)
    services = {
        region: MappingProxyType({item: price for item, price in prices.items() if item not in gone})
        for region, prices in TABLE.services.items()
    }
    recording = recorded(stack)
    settings = recording.settings
    found = bill(recording.plan, settings.costs, replace(TABLE, services=services), today=TODAY, settings=settings)
    lost = [line for line in whole.lines if line.item in gone]
    assert found.lines == tuple(line for line in whole.lines if line.item not in gone)
    assert [each.item for each in found.missing] == [line.item for line in lost if line.quantity.any()]
    assert same(found.total + sum((line.monthly for line in lost), NOTHING), whole.total)


@QUICK
@given(groups, assumptions)
def test_bill_does_not_differ_from_itself_or_its_saved_form(one: Resource, assumed: dict[str, Any]) -> None:
    found = priced(one, *sleeps("nodes", "cpu", *OFFICE), resource("aws:ec2/vpc:Vpc"), **assumed)
    assert changes(known(found), known(found)) == ()
    assert changes(read_back(found), known(found)) == ()


def read_back(found: Bill) -> Any:
    def never(_: object) -> Bill:
        raise AssertionError

    with TemporaryDirectory() as folder:
        file = Path(folder) / "cost.json"
        file.write_text(cost_json(found), encoding="utf-8")
        return read_known(file, never)


@QUICK
@given(st.lists(groups, max_size=3), st.text(min_size=1, max_size=70), st.sampled_from(sorted(KEYS)))
def test_table_fits_80_columns_for_any_names_and_figures(found: list[Resource], name: str, by: Any) -> None:
    component = resource("ai-platform:test:Part", name)
    parts = [replace(each, urn=f"{each.urn}{n}", parent=component.urn) for n, each in enumerate(found)]
    costs = Costs.model_validate_json('{"budget": {"monthlyLimit": 1}}')
    shown = bill(plan(component, *parts), costs, TABLE, today=TODAY)
    lines = "\n".join(table(shown, costs, by=by, size="maximum")).split("\n")
    assert [line for line in lines if len(line) > WIDTH] == []


hours_of_day = st.integers(0, 23)
days = st.sets(st.integers(0, 6), min_size=1).map(lambda chosen: ",".join(map(str, sorted(chosen))))


@QUICK
@given(hours_of_day, hours_of_day, days, days)
def test_schedule_and_its_inverse_cover_a_week(start: int, stop: int, on: str, off: str) -> None:
    first, second = (times(eventbridge_expression(f"0 {hour} * * {on_}")) for hour, on_ in ((start, on), (stop, off)))
    if start != stop:
        assert running_share(first, second) + running_share(second, first) == 1
