"""Prices that the table lacks, estimated from another region: the figures, and the marks wherever they count."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from aiplatform.cost.bases import bases
from aiplatform.cost.bill import Bill
from aiplatform.cost.budget import budget_problem
from aiplatform.cost.compare import changes, known
from aiplatform.cost.document import document
from aiplatform.cost.pricer import bill
from aiplatform.cost.read import known_bill
from aiplatform.cost.show import comparison, summary, table
from aiplatform.preview.plan import Resource
from catalog.prices import Instance, Price, PriceTable, load_prices
from config.costs import Costs
from tests.aiplatform.costing import REGION, plan, price, resource
from tests.components.base import settings_from
from tests.config.base import TODAY

FRANKFURT, VIRGINIA, SEOUL = "eu-central-1", "us-east-1", "ap-northeast-2"
NAT = resource("aws:ec2/natGateway:NatGateway", "nat")


def server(instance_type: str, *, spot: bool = False) -> Resource:
    market: dict[str, Any] = {"instanceMarketOptions": {"marketType": "spot"}} if spot else {}
    return resource("aws:ec2/instance:Instance", "one", instanceType=instance_type, **market)


def billed(*resources: Resource, region: str, prices: PriceTable | None = None, **costs: Any) -> Bill:
    settings = settings_from(Costs, {"estimates": True, **costs})
    return bill(plan(*resources, region=region), settings, prices or load_prices(), today=TODAY)


def test_region_without_rows_is_estimated_by_its_factor() -> None:
    """m5.large is 0.096 in us-east-1 (Karpenter, 2026-07-20) and 0.115 in Frankfurt, a factor of 1.198:
    730 x 0.096 x 1.198 = 83.96.
    """
    (line,) = billed(server("m5.large"), region=FRANKFURT).lines
    assert line.estimated
    assert round(line.monthly.expected, 2) == Decimal("83.96")
    assert line.price is not None
    assert line.price.note == (
        "1.198 x 0.096, m5.large with Linux in https://aws.amazon.com/ec2/pricing/on-demand/: 0.115 to 0.096 "
        "(recalled, unknown)"
    )


def test_service_with_one_price_everywhere_is_estimated_as_it_is() -> None:
    """The control plane is 0.10 in every region: 730 x 0.10 = 73.00."""
    (line,) = billed(resource("eks:index:Cluster", version="1.35"), region=FRANKFURT).lines
    assert line.estimated
    assert line.monthly.expected == 73


def test_known_region_is_estimated_by_the_median_of_its_rows() -> None:
    """Types in Seoul cost 1.23 times those in us-east-1. m7i.4xlarge is 0.8064 there: 730 x 0.8064 x 1.23 = 724.07."""
    (line,) = billed(server("m7i.4xlarge"), region=SEOUL).lines
    assert line.price is not None
    assert str(line.price.note).startswith("1.23 x 0.8064, the median of ")
    assert round(line.monthly.expected, 2) == Decimal("724.07")


def test_spot_price_is_estimated_by_the_median_share_of_on_demand() -> None:
    """Three types at 0.5, 0.4 and 0.3 of their On-Demand prices: 1.00 x 0.4 x 700 h."""
    rows = {
        f"t3.{size}": Instance(True, price("1"), price(share))
        for size, share in (("nano", "0.5"), ("micro", "0.4"), ("small", "0.3"))
    }
    rows["t3.large"] = Instance(True, price("1"), None)
    prices = PriceTable("USD", 700, TODAY, (REGION,), {REGION: rows}, {REGION: {}})
    (line,) = billed(server("t3.large", spot=True), region=REGION, prices=prices).lines
    assert line.estimated
    assert line.monthly.expected == 280


def test_stated_factor_takes_precedence() -> None:
    found = billed(server("m5.large"), region=FRANKFURT, estimateFactors={"ec2": 2})
    assert found.total.expected == 730 * Decimal("0.096") * 2


def test_known_price_is_never_estimated() -> None:
    found = billed(server("m5.large"), NAT, region=VIRGINIA)
    assert found.lines
    assert not found.estimated
    assert not found.at_least


def test_type_that_the_region_does_not_offer_stays_missing() -> None:
    prices = load_prices()
    absent = {**prices.instances, FRANKFURT: {"m5.large": Instance(False, None, None)}}
    found = billed(server("m5.large"), region=FRANKFURT, prices=replace(prices, instances=absent))
    assert [each.item for each in found.missing] == ["onDemand:m5.large"]


def test_price_stays_missing_without_the_setting_or_without_a_factor() -> None:
    unwanted = billed(server("m5.large"), region=FRANKFURT, estimates=False)
    unknown = billed(server("m5.large"), region="xx-north-1")
    for found in (unwanted, unknown):
        assert [each.item for each in found.missing] == ["onDemand:m5.large"]
        assert not found.lines
        assert not found.estimated


def test_estimate_is_marked_in_total_budget_and_comparison() -> None:
    limit: dict[str, Any] = {"budget": {"monthlyLimit": 50}}
    costs = settings_from(Costs, {"estimates": True, **limit})
    found = billed(server("m5.large"), region=FRANKFURT, **limit)
    assert summary(found) == "an estimated 84 USD a month (84 to 84); prices are estimated"
    problem = budget_problem(found, costs)
    assert problem is not None
    assert "is expected to cost an estimated 83.96 USD" in problem.message
    shown = list(table(found, costs, by="resource", size="expected"))
    assert [line.split()[0] for line in shown if line.startswith("~")] == ["~one", "~total", "~"]
    before, after = known(billed(region=FRANKFURT)), known(found)
    told = list(comparison(before, after, changes(before, after), "expected"))
    assert [line.split()[0] for line in told if line.startswith("~")] == ["~one", "~total", "~"]


def test_estimate_is_marked_in_cost_json_and_read_again() -> None:
    found = billed(server("m5.large"), region=FRANKFURT)
    written = document(found)
    assert (written["estimated"], written["lines"][0]["estimated"]) == (True, True)
    again = known_bill("saved", {**written, **_decimals(written)})
    assert again is not None
    assert again.estimated == known(found).estimated != frozenset()


def _decimals(written: dict[str, Any]) -> dict[str, Any]:
    """Return the numbers as a reader of the file gets them."""
    sizes = ("minimum", "monthly", "maximum")
    lines = [{**line, **{size: Decimal(str(line[size])) for size in sizes}} for line in written["lines"]]
    return {"lines": lines, **{size: Decimal(str(written[size])) for size in sizes}}


def test_bill_has_the_part_of_each_source_in_its_amount() -> None:
    """Of 300: 200 on a source of July, 75 on a recalled price, 25 on an undated one."""
    july = Price(Decimal(200) / 700, "USD/h", "the list", "2026-07-20", "sourced")
    services = {
        "nat_gateway_hour": july,
        "eks_control_plane_hour": july._replace(price=Decimal(75) / 700, confidence="recalled", source="memory"),
        "public_ipv4_hour": july._replace(price=Decimal(25) / 700, as_of="unknown"),
    }
    prices = PriceTable("USD", 700, TODAY, (REGION,), {REGION: {}}, {REGION: services})
    found = billed(
        replace(NAT, inputs={}),
        resource("eks:index:Cluster", version="1.35"),
        resource("aws:ec2/eip:Eip"),
        region=REGION,
        prices=prices,
        estimates=False,
        assumptions={"natGbPerMonth": 0},
    )
    assert [(each.confidence, each.as_of, each.source, each.percent) for each in bases(found)] == [
        ("sourced", "2026-07-20", "the list", Decimal("66.7")),
        ("recalled", "2026-07-20", "memory", Decimal("25.0")),
        ("sourced", "unknown", "the list", Decimal("8.3")),
    ]
