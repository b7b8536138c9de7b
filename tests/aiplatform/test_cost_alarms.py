"""The cost of alarms, topics and Container Insights, calculated by hand."""

from decimal import Decimal

from aiplatform.cost.budget import budget_problem
from aiplatform.cost.free import why_free
from tests.aiplatform.costing import priced, prices, resource, stack_bill
from tests.components.base import settings_of

TABLE = prices(
    {
        "container_insights_observation_million": "0.21",
        "cloudwatch_alarm_month": "0.10",
        "cloudwatch_logs_ingest_gb": "0.5",
        "cloudwatch_logs_storage_gb_month": "0.03",
    },
    {"t3.large": ("0.1", None)},
)
GROUP = resource(
    "eks:index:ManagedNodeGroup",
    "cpu",
    nodeGroupName="cpu",
    instanceTypes=["t3.large"],
    scalingConfig={"minSize": 2, "desiredSize": 2, "maxSize": 4},
)
INSIGHTS = resource("eks:index:Addon", "insights", addonName="amazon-cloudwatch-observability")
ITEM = "container_insights_observation_million"


def test_observation_is_one_metric_per_node_pod_or_container_a_minute() -> None:
    bill = priced(GROUP, INSIGHTS, table=TABLE, insightsPodsPerNode=10)
    (line,) = (one for one in bill.lines if one.item == ITEM)
    # 2 nodes x 700 h x 60 min x (26 + 10 x (35 + 12)) = 41,664,000; at most 4 nodes
    assert line.quantity.expected == Decimal("41.664")
    assert line.quantity.maximum == Decimal("83.328")
    assert line.monthly.expected == Decimal("8.74944")
    assert line.assumptions == ("insightsPodsPerNode",)


def test_other_addons_cost_their_nodes_only() -> None:
    bill = priced(GROUP, resource("eks:index:Addon", "names", addonName="coredns"), table=TABLE)
    assert [one for one in (*bill.lines, *bill.missing) if ITEM in str(one)] == []


def test_metrics_log_group_is_included_in_the_price_of_observations() -> None:
    def group(name: str) -> Decimal:
        found = resource("aws:cloudwatch/logGroup:LogGroup", "it", name=name, retentionInDays=30)
        return priced(found, table=TABLE, logsGbPerMonth=2).total.expected

    assert group("/aws/containerinsights/c/performance") == 0
    # 2 GB x 0.5; 2 GB x 0.15 x 0.03
    assert group("/aws/application/shop") == Decimal("1.009")


def test_alarm_costs_ten_cents_a_month_and_notifications_are_free() -> None:
    alarms = [resource("aws:cloudwatch/metricAlarm:MetricAlarm", name) for name in ("cpu", "memory", "pods")]
    assert priced(*alarms, table=TABLE).total.expected == Decimal("0.30")
    for type_ in ("sns/topic:Topic", "sns/topicSubscription:TopicSubscription", "sns/topicPolicy:TopicPolicy"):
        assert why_free(f"aws:{type_}") is not None


def test_stack_with_alarms_has_a_price_for_all_of_it() -> None:
    bill = stack_bill("alarms")
    assert bill.missing == ()
    assert sum(one.monthly.expected for one in bill.lines if one.item == "cloudwatch_alarm_month") == Decimal("0.7")
    # Of the cluster's secrets, of alarms and of text messages.
    assert sum(one.monthly.expected for one in bill.lines if one.item == "kms_key_month") == 3


def test_budget_below_the_bill_is_reported_with_both_figures() -> None:
    bill, costs = stack_bill("alarms"), settings_of("alarms").costs
    assert costs.budget is not None
    low = costs.model_copy(update={"budget": costs.budget.model_copy(update={"monthly_limit": 200})})
    found = budget_problem(bill, low)
    assert found is not None
    assert f"{bill.total.expected:,.2f} USD a month" in found.message
    assert "above the budget of 200.00" in found.message
    enough = costs.model_copy(update={"budget": costs.budget.model_copy(update={"monthly_limit": 10_000})})
    assert budget_problem(bill, enough) is None
