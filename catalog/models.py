"""Figures of models on the Hugging Face Hub, read from `data/models.yaml`."""

import functools
from collections.abc import Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase
from importlib.resources import files
from typing import Literal, NamedTuple

import yaml
from pydantic import Field

from catalog.reading.model import Model

Stored = Literal["bfloat16", "fp8", "awq", "gptq", "mxfp4"]
"""Data type of the weights of a published model."""


class Figures(Model):
    """Figures that decide how much memory a model takes; their names in its config.json are in backquotes."""

    parameters_billion: float = Field(gt=0, le=5000, allow_inf_nan=False)
    """Total number of parameters in billions, inactive experts included."""

    layers: int = Field(ge=1, le=1000)
    """`num_hidden_layers`."""

    hidden_size: int = Field(ge=64, le=131072)
    """`hidden_size`."""

    attention_heads: int = Field(ge=1, le=1024)
    """`num_attention_heads`."""

    kv_heads: int = Field(ge=1, le=1024)
    """`num_key_value_heads`."""

    head_size: int = Field(ge=1, le=2048)
    """`head_dim`, or the hidden size divided by the attention heads."""

    vocabulary: int = Field(ge=100, le=2_000_000)
    """`vocab_size`."""

    context_length: int = Field(ge=128, le=10_485_760)
    """`max_position_embeddings`."""

    tied_embeddings: bool = False
    """`tie_word_embeddings`: input and output share one embedding table."""

    sliding_layers: int = Field(default=0, ge=0, le=1000)
    """Layers whose attention is limited to `sliding_window` tokens."""

    sliding_window: int = Field(default=0, ge=0, le=10_485_760)
    """`sliding_window`."""

    latent_size: int | None = Field(default=None, ge=1, le=65536)
    """Sum of `kv_lora_rank` and `qk_rope_head_dim`, for a model with multi-head latent attention."""

    intermediate_size: int | None = Field(default=None, ge=1, le=1_000_000)
    """`intermediate_size`, or `moe_intermediate_size` of an expert; required for adapters."""

    experts: int = Field(default=1, ge=1, le=4096)
    """`num_experts` or `num_local_experts`, for a mixture of experts."""

    weights_gib: float | None = Field(default=None, gt=0, le=20000, allow_inf_nan=False)
    """Size of the weight files in GiB, for a model whose parameters have several precisions."""


class Known(Model):
    """An entry of `data/models.yaml`."""

    figures: Figures
    published: Mapping[Stored, Sequence[str]]


class Published(NamedTuple):
    """The figures of a published model, and the data type of its weights."""

    figures: Figures
    stored: Stored

    def like(self, other: "Published") -> bool:
        """Return whether both are the same model: quantized weights can be padded to whole blocks."""
        padded = {"intermediate_size": other.figures.intermediate_size}
        return self.figures.model_copy(update=padded) == other.figures


class Gated(Model):
    """Patterns of models whose licence has to be accepted."""

    certain: Sequence[str]
    maybe: Sequence[str]


class Table(Model):
    """The contents of `data/models.yaml`."""

    date: date
    gated: Gated
    models: Sequence[Known]


Access = Literal["open", "gated", "unknown"]
"""Whether the Hub gives a model to anyone, or to accounts that have accepted its licence."""


def access(name: str) -> Access:
    """Return who can download a model from the Hub, as of `table_date`."""
    gated = _table().gated
    if _matches(name, gated.certain):
        return "gated"
    if name not in known_models() or _matches(name, gated.maybe):
        return "unknown"
    return "open"


def _matches(name: str, patterns: Sequence[str]) -> bool:
    """Return whether a pattern matches; the Hub ignores case."""
    return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)


def table_date() -> date:
    """Return the date of the table."""
    return _table().date


@functools.cache
def _table() -> Table:
    text = files("catalog").joinpath("data/models.yaml").read_text(encoding="utf-8")
    raw = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506, both loaders are safe ones
    return Table.model_validate(raw, strict=False)


@functools.cache
def known_models() -> Mapping[str, Published]:
    """Return the table of models by their name on the Hub."""
    return {
        name: Published(entry.figures, stored)
        for entry in _table().models
        for stored, names in entry.published.items()
        for name in names
    }
