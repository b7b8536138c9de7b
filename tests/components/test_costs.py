"""A budget writes to people before the money is gone, and counts what the platform pays."""

from typing import Any

import pytest

from components.costs.budget import Budget
from config.costs import Budget as BudgetSettings
from tests.components.base import STACKS, alone, recorded, settings_from, settings_of

BUDGET = "aws:budgets/budget:Budget"


def budget(**values: Any) -> Any:
    settings = settings_from(BudgetSettings, {"monthlyLimit": 500, "notify": ["team@example.com"], **values})
    return alone(lambda: Budget("budget", settings, budget_name="shop-monthly", project_tag="Shop")).inputs(BUDGET)


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


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_has_a_budget_where_it_names_somebody_to_write_to(stack: str) -> None:
    asked = settings_of(stack).costs.budget
    assert len(recorded(stack).all(BUDGET)) == (1 if asked and asked.notify else 0)


def test_the_tag_of_the_filter_is_the_one_on_the_resources_and_not_the_prefix_of_names() -> None:
    recording = recorded("data")
    tag = recording.settings.project.default_tags()["Project"]
    assert recording.inputs(BUDGET)["costFilters"][0]["values"] == [f"user:Project${tag}"]
