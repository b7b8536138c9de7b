"""Budgets: their notifications and their filters."""

import json
from typing import Any

import pytest

from components.operations.costs.budget import Budget
from config.costs import Budget as BudgetSettings
from tests.components.base import EVERY_STACK, Found, alone, recorded, settings_from, settings_of

BUDGET, TOPIC = "aws:budgets/budget:Budget", "aws:sns/topic:Topic"


def built(**values: Any) -> Found:
    settings = settings_from(BudgetSettings, {"monthlyLimit": 500, "notify": ["team@example.com"], **values})
    names = {"budget_name": "shop-monthly", "project": "shop", "project_tag": "Shop"}
    return alone(lambda: Budget("budget", settings, account_id="123456789012", **names))


def budget(**values: Any) -> Any:
    return built(**values).inputs(BUDGET)


def test_budget_is_monthly_and_its_name_begins_with_the_project() -> None:
    inputs = budget()
    assert (inputs["name"], inputs["budgetType"], inputs["timeUnit"]) == ("shop-monthly", "COST", "MONTHLY")


@pytest.mark.parametrize(("limit", "amount"), [(500, "500"), (900.5, "900.5"), (1000000, "1000000"), (0.25, "0.25")])
def test_budget_limit_has_the_format_of_aws(limit: float, amount: str) -> None:
    # Each update would change it otherwise.
    inputs = budget(monthlyLimit=limit)
    assert (inputs["limitAmount"], inputs["limitUnit"]) == (amount, "USD")


def test_budget_filters_by_the_default_project_tag() -> None:
    assert budget()["costFilters"] == [{"name": "TagKeyValue", "values": ["user:Project$Shop"]}]


def test_budget_covers_the_account_where_the_scope_is_account() -> None:
    assert "costFilters" not in budget(scope="account")


def test_threshold_notifies_on_actual_and_forecasted_cost() -> None:
    notifications = budget(thresholds=[50, 100])["notifications"]
    assert [(each["threshold"], each["notificationType"]) for each in notifications] == [
        (50, "ACTUAL"),
        (50, "FORECASTED"),
        (100, "ACTUAL"),
        (100, "FORECASTED"),
    ]
    assert {each["thresholdType"] for each in notifications} == {"PERCENTAGE"}
    assert {each["comparisonOperator"] for each in notifications} == {"GREATER_THAN"}
    assert [each["subscriberEmailAddresses"] for each in notifications] == [["team@example.com"]] * 4


def kinds(**values: Any) -> list[tuple[int, str]]:
    return [(each["threshold"], each["notificationType"]) for each in budget(**values)["notifications"]]


def test_alerts_have_their_own_kind_and_replace_default_thresholds() -> None:
    alerts = [{"percent": 80}, {"percent": 120, "of": "forecast"}]
    assert kinds(alerts=alerts) == [(80, "ACTUAL"), (120, "FORECASTED")]
    assert kinds(alerts=alerts, thresholds=[50]) == [
        (50, "ACTUAL"),
        (50, "FORECASTED"),
        (80, "ACTUAL"),
        (120, "FORECASTED"),
    ]
    assert kinds() == [(80, "ACTUAL"), (80, "FORECASTED"), (100, "ACTUAL"), (100, "FORECASTED")]


def test_text_messages_use_an_encrypted_topic_that_only_budgets_writes_to() -> None:
    alerts = [{"percent": 100, "sms": True}]
    found = built(alerts=alerts, phones=["+821012345678"], smsRegion="ap-northeast-1")
    topic, subscription = found.one(TOPIC), found.one("aws:sns/topicSubscription:TopicSubscription")
    (notice,) = found.inputs(BUDGET)["notifications"]
    arn = "arn:aws:sns:ap-northeast-1:123456789012:shop-budget-sms"
    assert (notice["subscriberEmailAddresses"], notice["subscriberSnsTopicArns"]) == (["team@example.com"], [arn])
    assert (subscription.inputs["protocol"], subscription.inputs["endpoint"]) == ("sms", "+821012345678")
    assert ":kms:ap-northeast-1:" in topic.inputs["kmsMasterKeyId"], "a topic takes keys of its own region alone"
    (statement,) = json.loads(found.inputs("aws:sns/topicPolicy:TopicPolicy")["policy"])["Statement"]
    assert statement["Principal"] == {"Service": "budgets.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    placed = ("aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy", "aws:kms/key:Key", "aws:kms/alias:Alias")
    assert {found.inputs(type_)["region"] for type_ in placed} == {"ap-northeast-1"}


def test_topic_key_allows_budgets_of_this_account_and_the_account_itself() -> None:
    found = built(alerts=[{"percent": 100, "urgent": True}], phones=["+12065550100"])
    own, service = json.loads(found.inputs("aws:kms/key:Key")["policy"])["Statement"]
    assert own["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    assert service["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
    assert service["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_urgent_alert_has_a_topic_of_its_own() -> None:
    alerts = [{"percent": 100, "sms": True}, {"percent": 120, "of": "forecast", "urgent": True, "emails": False}]
    found = built(alerts=alerts, phones=["+12065550100"])
    assert {topic.inputs["name"] for topic in found.all(TOPIC)} == {"shop-budget-sms", "shop-budget-urgent"}
    (last,) = found.inputs(BUDGET)["notifications"][1:]
    assert last["subscriberSnsTopicArns"] == ["arn:aws:sns:us-west-2:123456789012:shop-budget-urgent"]
    assert "subscriberEmailAddresses" not in last


def test_no_topic_or_key_exists_without_text_messages() -> None:
    assert [one.type for one in built().plan.resources if "aws:" in one.type and ":Provider" not in one.type] == [
        BUDGET
    ]


def test_allocation_tags_are_activated_only_where_set() -> None:
    # Only the payer account may do that.
    tag = "aws:costexplorer/costAllocationTag:CostAllocationTag"
    made = {one.inputs["tagKey"]: one.inputs["status"] for one in recorded("alarms").all(tag)}
    assert made == {"Project": "Active", "Environment": "Active"}
    assert recorded("data").all(tag) == []


def test_budget_waits_for_the_activation_of_its_tag() -> None:
    recording = recorded("alarms")
    activated = {one.urn for one in recording.all("aws:costexplorer/costAllocationTag:CostAllocationTag")}
    assert activated <= recording.before(recording.one(BUDGET))


@EVERY_STACK
def test_budget_exists_where_a_recipient_is_set(stack: str) -> None:
    asked = settings_of(stack).costs.budget
    assert len(recorded(stack).all(BUDGET)) == (1 if asked and (asked.notify or asked.alerts) else 0)


def test_budget_filter_uses_the_tag_value_and_not_the_name_prefix() -> None:
    recording = recorded("data")
    tag = recording.settings.project.default_tags()["Project"]
    assert recording.inputs(BUDGET)["costFilters"][0]["values"] == [f"user:Project${tag}"]
