"""A budget writes to people before the money is gone, and counts what the platform pays."""

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


def test_a_budget_is_a_monthly_one_of_costs_under_the_projects_name_which_the_deployer_may_change() -> None:
    inputs = budget()
    assert (inputs["name"], inputs["budgetType"], inputs["timeUnit"]) == ("shop-monthly", "COST", "MONTHLY")


@pytest.mark.parametrize(("limit", "amount"), [(500, "500"), (900.5, "900.5"), (1000000, "1000000"), (0.25, "0.25")])
def test_the_limit_is_written_as_aws_gives_it_back_or_each_up_would_change_it(limit: float, amount: str) -> None:
    inputs = budget(monthlyLimit=limit)
    assert (inputs["limitAmount"], inputs["limitUnit"]) == (amount, "USD")


def test_it_counts_by_the_tag_that_the_provider_puts_on_everything() -> None:
    assert budget()["costFilters"] == [{"name": "TagKeyValue", "values": ["user:Project$Shop"]}]


def test_it_counts_the_whole_account_where_the_stack_says_so() -> None:
    assert "costFilters" not in budget(scope="account")


def test_each_threshold_writes_twice_so_that_people_hear_of_it_before_it_is_spent() -> None:
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


def test_alerts_say_what_each_is_of_and_take_the_place_of_the_usual_thresholds() -> None:
    alerts = [{"percent": 80}, {"percent": 120, "of": "forecast"}]
    assert kinds(alerts=alerts) == [(80, "ACTUAL"), (120, "FORECASTED")]
    assert kinds(alerts=alerts, thresholds=[50]) == [
        (50, "ACTUAL"),
        (50, "FORECASTED"),
        (80, "ACTUAL"),
        (120, "FORECASTED"),
    ]
    assert kinds() == [(80, "ACTUAL"), (80, "FORECASTED"), (100, "ACTUAL"), (100, "FORECASTED")]


def test_text_messages_go_through_an_encrypted_topic_that_budgets_alone_may_write_to() -> None:
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


def test_the_key_lets_budgets_encrypt_for_this_account_and_nobody_else_but_the_accounts_own_policies() -> None:
    found = built(alerts=[{"percent": 100, "urgent": True}], phones=["+12065550100"])
    own, service = json.loads(found.inputs("aws:kms/key:Key")["policy"])["Statement"]
    assert own["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    assert service["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
    assert service["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_an_urgent_alert_has_a_topic_of_its_own_that_others_may_subscribe_to() -> None:
    alerts = [{"percent": 100, "sms": True}, {"percent": 120, "of": "forecast", "urgent": True, "emails": False}]
    found = built(alerts=alerts, phones=["+12065550100"])
    assert {topic.inputs["name"] for topic in found.all(TOPIC)} == {"shop-budget-sms", "shop-budget-urgent"}
    (last,) = found.inputs(BUDGET)["notifications"][1:]
    assert last["subscriberSnsTopicArns"] == ["arn:aws:sns:us-west-2:123456789012:shop-budget-urgent"]
    assert "subscriberEmailAddresses" not in last


def test_without_text_messages_there_is_neither_topic_nor_key() -> None:
    assert [one.type for one in built().plan.resources if "aws:" in one.type and ":Provider" not in one.type] == [
        BUDGET
    ]


def test_tags_split_the_bill_only_where_the_stack_says_so_because_the_account_that_pays_alone_may() -> None:
    tag = "aws:costexplorer/costAllocationTag:CostAllocationTag"
    made = {one.inputs["tagKey"]: one.inputs["status"] for one in recorded("alarms").all(tag)}
    assert made == {"Project": "Active", "Environment": "Active"}
    assert recorded("data").all(tag) == []


@EVERY_STACK
def test_a_stack_has_a_budget_where_it_names_somebody_to_write_to(stack: str) -> None:
    asked = settings_of(stack).costs.budget
    assert len(recorded(stack).all(BUDGET)) == (1 if asked and (asked.notify or asked.alerts) else 0)


def test_the_tag_of_the_filter_is_the_one_on_the_resources_and_not_the_prefix_of_names() -> None:
    recording = recorded("data")
    tag = recording.settings.project.default_tags()["Project"]
    assert recording.inputs(BUDGET)["costFilters"][0]["values"] == [f"user:Project${tag}"]
