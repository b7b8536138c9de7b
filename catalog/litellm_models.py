"""The models of hosted providers that LiteLLM has a price of, in the version of `catalog.versions.LITELLM_IMAGE`."""

import functools
from importlib.resources import files

from catalog.versions import LITELLM_IMAGE

VERSION = LITELLM_IMAGE.rpartition(":v")[2]


@functools.cache
def priced() -> frozenset[str]:
    """Return the names of the models as `prefix/model`, read from `data/litellm-models.txt`."""
    text = (files("catalog") / "data" / "litellm-models.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def has_price(prefix: str, model: str) -> bool:
    """Return whether LiteLLM has a price of a provider's model; of a fine-tuned one it is that of its base.

    https://docs.litellm.ai/docs/completion/token_usage#9-register_model
    """
    base = ":".join(model.split(":")[:2]) if model.startswith("ft:") else model
    return f"{prefix}/{base}" in priced()
