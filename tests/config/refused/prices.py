"""Budgets of LiteLLM that never bind, because a model counts as free."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.gateway_mistakes import row
from tests.config.refused.case import Case

_MAP = "https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json"
_BUDGETS = "https://docs.litellm.ai/docs/proxy/users"
_MINI = "mini: {provider: openai, model: gpt-5-mini, fallbacks: [small]}"


def case(old: str, new: str, *lines: str, source: str = _MAP) -> Case:
    """A case of the gateway."""
    return Case(row(old, new)[0], lines, source)


# fmt: off, one row a case
CASES: dict[str, Case] = {
    "a model that is newer than the map": case(
        _MINI,
        "mini: {provider: openai, model: gpt-9-mini}",
        "40: workloads.litellm.virtualKeys.pages.budget: does not limit mini, which has no price in LiteLLM 1.108.5; add price to workloads.litellm.models.mini, or set tokensPerMinute instead",
    ),
    "a mistyped model": case(
        _MINI,
        "mini: {provider: openai, model: gpt5-mini}",
        "40: workloads.litellm.virtualKeys.pages.budget: does not limit mini, which has no price in LiteLLM 1.108.5; add price to workloads.litellm.models.mini, or set tokensPerMinute instead",
    ),
    "a fine-tuned model of an unknown base": case(
        _MINI,
        "mini: {provider: openai, model: 'ft:gpt-9:shop::a1'}",
        "40: workloads.litellm.virtualKeys.pages.budget: does not limit mini, which has no price in LiteLLM 1.108.5; add price to workloads.litellm.models.mini, or set tokensPerMinute instead",
    ),
    "a model that the provider gives away": case(
        "openai: {kind: openai, key: {secret: openai}}",
        "openai: {kind: gemini, key: {secret: openai}}",
        "40: workloads.litellm.virtualKeys.pages.budget: does not limit mini, which has no price in LiteLLM 1.108.5; add price to workloads.litellm.models.mini, or set tokensPerMinute instead",
    ),
    "a deployment in Azure": Case(
        (
            *row(
                "openai: {kind: openai, key: {secret: openai}}",
                "openai: {kind: azure, key: {secret: openai}, url: 'https://shop.openai.azure.com'}",
            )[0],
            (_MINI, "mini: {provider: openai, model: mini}"),
        ),
        (
            "40: workloads.litellm.virtualKeys.pages.budget: does not limit mini, which has no price in LiteLLM 1.108.5; add price to workloads.litellm.models.mini, or set tokensPerMinute instead",
        ),
        "https://docs.litellm.ai/docs/proxy/cost_tracking#spend-tracking-for-azure-openai-models",
    ),
    "warning: a model that is newer than the map, with another version of LiteLLM": Case(
        (
            *row(
                "      cache: counters\n      providers",
                "      cache: counters\n      image: ghcr.io/berriai/litellm-database:v1.120.0\n      providers",
            )[0],
            (_MINI, "mini: {provider: openai, model: gpt-9-mini}"),
        ),
        (
            "41: workloads.litellm.virtualKeys.pages.budget: does not limit mini, which has no price in LiteLLM 1.108.5; add price to workloads.litellm.models.mini, or set tokensPerMinute instead",
        ),
        _MAP,
    ),
    "a model of OpenRouter": case(
        "openai: {kind: openai, key: {secret: openai}}",
        "openai: {kind: openrouter, key: {secret: openai}}",
        "40: workloads.litellm.virtualKeys.pages.budget: does not limit mini, which has no price in LiteLLM 1.108.5; add price to workloads.litellm.models.mini, or set tokensPerMinute instead",
    ),
    "a key for all models": case(
        "pages: {models: [mini], budget: 50}",
        "pages: {budget: 50}",
        "40: workloads.litellm.virtualKeys.pages.budget: does not limit small, which has no price in LiteLLM; add price to workloads.litellm.models.small, or set tokensPerMinute instead",
        source=_BUDGETS,
    ),
    "a hosted fallback that is free": Case(
        (*row("small: {provider: own, model: small}", "small: {provider: openai, model: gpt-9}")[0],),
        (
            "40: workloads.litellm.virtualKeys.pages.budget: does not limit small, which has no price in LiteLLM 1.108.5 and is a fallback; add price to workloads.litellm.models.small, or set tokensPerMinute instead",
        ),
        _BUDGETS,
    ),
    "warning: a model without a price and without a budget": case(
        "      models:\n        mini",
        "      models:\n        new: {provider: openai, model: gpt-9}\n        mini",
        "37: workloads.litellm.models.new: openai/gpt-9 has no price in LiteLLM 1.108.5 and counts as free; add price",
    ),
}
