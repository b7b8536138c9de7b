"""The models of hosted providers that LiteLLM has a price of, in the version of `catalog.versions.LITELLM_IMAGE`."""

import functools
from collections.abc import Mapping
from importlib.resources import files

from catalog.versions import LITELLM_IMAGE

VERSION = LITELLM_IMAGE.rpartition(":v")[2]

GEOGRAPHIES = ("apac.", "au.", "eu.", "global.", "jp.", "us-gov.", "us.")
"""Prefixes of inference profiles of Amazon Bedrock that LiteLLM takes for the model itself; it counts a profile with
another one as free (`get_bedrock_cross_region_inference_regions` in litellm/llms/bedrock/common_utils.py)."""


@functools.cache
def priced() -> Mapping[str, str]:
    """Return the mode of each model by its name, `prefix/model`, read from `data/litellm-models.txt`."""
    text = (files("catalog") / "data" / "litellm-models.txt").read_text(encoding="utf-8")
    lines = (line.partition(" ") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: mode or "chat" for name, _, mode in lines}


def mode_of(prefix: str, model: str) -> str | None:
    """Return what a provider's model is for, such as chat or embedding; None if LiteLLM has no price of it.

    The price of a fine-tuned model is that of its base, and the price of an inference profile that of its model:
    https://docs.litellm.ai/docs/completion/token_usage#9-register_model
    """
    base = ":".join(model.split(":")[:2]) if model.startswith("ft:") else model
    geography = next((one for one in GEOGRAPHIES if prefix == "bedrock" and base.startswith(one)), "")
    known = priced()
    return known.get(f"{prefix}/{base}", known.get(f"{prefix}/{base.removeprefix(geography)}"))


def has_price(prefix: str, model: str) -> bool:
    """Return whether LiteLLM has a price of a provider's model."""
    return mode_of(prefix, model) is not None
