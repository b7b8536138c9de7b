"""Figures of models on the Hugging Face Hub, read from `data/models.yaml`."""

import functools
import re
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher
from fnmatch import fnmatchcase
from importlib.resources import files
from typing import Literal, NamedTuple

import yaml
from pydantic import Field

from catalog.reading.model import Model
from catalog.reading.problems import nearest

ALIKE = 0.8
"""Similarity from which a family's name counts as mistyped, from 0 to 1."""

_SIZE = re.compile(r"(?<![a-z0-9.])\d+(?:\.\d+)?(?:x\d+)?[bm](?![a-z0-9])")
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")

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


def similar_model(name: str) -> str | None:
    """Return the known model whose name is a mistyped one of the same family; None if there is none.

    Another size of the family is similar, such as Qwen3-8B for Qwen3-9B; another family or version never is.
    """
    family, size = _family_and_size(name)

    def alike(other: str) -> bool:
        of_other, size_of_other = _family_and_size(other)
        if of_other == family:
            return True
        same = size_of_other == size and _NUMBERS.findall(of_other) == _NUMBERS.findall(family)
        inside = of_other in family or family in of_other
        return same and (inside or SequenceMatcher(None, family, of_other).ratio() >= ALIKE)

    return nearest(name, [other for other in known_models() if alike(other)])


def _family_and_size(name: str) -> tuple[str, str]:
    """Split `Qwen/Qwen2.5-7B-Instruct` into `qwen2.5` and `7b`; the size is empty if the name has none."""
    short = name.lower().rpartition("/")[2]
    found = _SIZE.search(short)
    return (short[: found.start()].strip("-_"), found[0]) if found else (short, "")
