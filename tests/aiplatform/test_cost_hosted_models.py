"""Budgets of LiteLLM for models of providers, which are a line of their own."""

from decimal import Decimal
from typing import Any

from aiplatform.cost.bill import Bill, cents
from aiplatform.cost.pricer import bill
from config.costs import Costs
from config.settings import Settings
from config.workloads.litellm import Litellm
from tests.aiplatform.costing import plan, prices, resource
from tests.components.base import settings_from, settings_of
from tests.config.base import TODAY

GATEWAY = resource("ai-platform:platform:Platform", "shop")
MODELS = {
    "mini": {"provider": "openai", "model": "gpt-5-mini"},
    "small": {"vllm": "small"},
    "safe": {"vllm": "small", "fallbacks": ["mini"]},
}


def billed(keys: dict[str, Any], **assumptions: Any) -> Bill:
    given = settings_of("openwebui")
    litellm = settings_from(Litellm, {"database": "main", "cache": "main", "models": MODELS, "virtualKeys": keys})
    workloads = given.workloads.model_copy(update={"litellm": litellm})
    settings: Settings = given.model_copy(update={"workloads": workloads})
    costs = settings_from(Costs, {"assumptions": assumptions})
    return bill(plan(GATEWAY), costs, prices(), today=TODAY, settings=settings)


def test_maximum_is_all_budgets_and_expected_the_assumed_part() -> None:
    """A month of 700 h is 29.1667 days: 60 in 30 days + 2 a day + 7 a week = 58.33 + 58.33 + 29.17 = 145.83; half of
    it is 72.92.
    """
    keys = {
        "pages": {"models": ["mini"], "budget": 60},
        "daily": {"models": ["mini"], "budget": 2, "per": "day"},
        "weekly": {"budget": 7, "per": "week"},
    }
    (line,) = billed(keys, hostedModelsBudgetPercent=50).lines
    assert (line.item, line.unit, line.owner.name) == ("hosted_models", "USD", "shop")
    assert [cents(amount) for amount in (line.monthly.minimum, line.monthly.expected, line.monthly.maximum)] == [
        Decimal(0),
        Decimal("72.92"),
        Decimal("145.83"),
    ]


def test_key_for_own_models_alone_spends_nothing() -> None:
    found = billed({"inside": {"models": ["small"], "budget": 60}})
    assert not found.lines
    assert not found.missing


def test_fallback_to_a_provider_counts() -> None:
    found = billed({"inside": {"models": ["safe"], "budget": 30}})
    assert [line.item for line in found.lines] == ["hosted_models"]


def test_key_without_a_budget_is_unknown_and_never_zero() -> None:
    found = billed({"free": {"models": ["mini"]}, "pages": {"models": ["mini"], "budget": 60}})
    assert [(each.item, each.why) for each in found.missing] == [
        ("hosted_models_without_budget", "no budget limits the clients free")
    ]
    assert [line.item for line in found.lines] == ["hosted_models"]
