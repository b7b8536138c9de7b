"""Which hosted models LiteLLM has a price of."""

import pytest

from catalog.litellm_models import VERSION, has_price, mode_of, priced
from catalog.versions import LITELLM_IMAGE


@pytest.mark.parametrize(
    ("prefix", "model", "expected"),
    [
        ("openai", "gpt-5-mini", True),
        ("openai", "text-embedding-3-small", True),
        ("openai", "ft:gpt-4o-mini-2024-07-18:shop::a1b2", True),
        ("openai", "ft:gpt-9:shop::a1b2", False),
        ("openai", "gpt5-mini", False),
        ("anthropic", "claude-sonnet-4-5", True),
        ("anthropic", "gpt-5-mini", False),
        ("azure", "gpt-5-mini", True),
        ("azure", "mini", False),
        ("groq", "openai/gpt-oss-20b", True),
        ("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", True),
        # LiteLLM takes a profile that the map lacks for its model, if it knows the geography.
        ("bedrock", "apac.anthropic.claude-sonnet-4-5-20250929-v1:0", True),
        ("bedrock", "ca.anthropic.claude-sonnet-4-5-20250929-v1:0", False),
        ("bedrock", "us.anthropic.claude-newest-9-v1:0", False),
        ("sagemaker_chat", "llama", False),
        # It is free, and so is every budget.
        ("gemini", "gemini-exp-1206", False),
    ],
)
def test_price_is_that_of_the_pinned_map(prefix: str, model: str, expected: bool) -> None:
    assert has_price(prefix, model) is expected


@pytest.mark.parametrize(
    ("prefix", "model", "expected"),
    [
        ("openai", "gpt-5-mini", "chat"),
        ("openai", "text-embedding-3-small", "embedding"),
        ("openai", "gpt-image-1", "image_generation"),
        ("bedrock", "amazon.titan-embed-text-v2:0", "embedding"),
        ("openai", "gpt5-mini", None),
    ],
)
def test_mode_is_what_a_model_is_for(prefix: str, model: str, expected: str | None) -> None:
    assert mode_of(prefix, model) == expected


def test_table_is_of_the_version_of_the_image() -> None:
    assert LITELLM_IMAGE.endswith(f":v{VERSION}")
    assert len(priced()) > 500
