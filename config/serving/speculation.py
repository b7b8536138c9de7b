"""Speculative decoding: tokens that are proposed cheaply, and checked by the model in one step."""

from typing import Literal, Self

from pydantic import Field, model_validator

from catalog.models import Figures
from catalog.reading.model import Model
from config.serving.names import ModelId, Revision

Method = Literal["ngram", "draft", "eagle", "eagle3", "mtp"]
_WITH_MODEL = ("draft", "eagle", "eagle3")
_NAMES = {"draft": "draft_model"}


class Speculation(Model):
    """Speculative decoding: https://docs.vllm.ai/en/latest/features/speculative_decoding/"""

    method: Method
    """What proposes tokens: text of the prompt (ngram), a smaller model (draft), a layer that was trained for the model
    (eagle, eagle3), or layers of the model itself (mtp)."""

    model: ModelId | None = None
    """Name of the draft model, or of the EAGLE layer, on the Hugging Face Hub."""

    revision: Revision | None = None
    """Its commit or tag. Default: the newest revision."""

    tokens: int = Field(default=3, ge=1, le=32)
    """Number of tokens that are proposed at once."""

    figures: Figures | None = None
    """Figures of the draft model, if it is not in the platform's table."""

    @model_validator(mode="after")
    def _one_model(self) -> Self:
        if (self.method in _WITH_MODEL) and self.model is None:
            raise ValueError(f"{self.method} requires a model; set model")
        for name, value in (("model", self.model), ("revision", self.revision)):
            if value is not None and self.method not in _WITH_MODEL:
                raise ValueError(f"{name} has no effect with {self.method}; remove {name}")
        if self.figures is not None and self.method != "draft":
            raise ValueError(f"figures has no effect with {self.method}; remove figures")
        return self

    def argument(self) -> dict[str, object]:
        """Return the value of `--speculative-config`."""
        given = {"model": self.model, "revision": self.revision}
        return {
            "method": _NAMES.get(self.method, self.method),
            "num_speculative_tokens": self.tokens,
            **{key: value for key, value in given.items() if value is not None},
        }
