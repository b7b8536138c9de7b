"""Adapters of a model, and what proposes tokens for it."""

from collections.abc import Iterator

from catalog.models import similar_model
from catalog.reading.problems import Problem
from config.model_memory import divides, drafts, published
from config.rules.models.placed import each_model
from config.rules.stack import Stack

_PREDICTING = ("deepseek-ai/DeepSeek-V3", "deepseek-ai/DeepSeek-R1")
"""Beginning of the models of the table that have layers of multi-token prediction."""


def adapters(stack: Stack) -> Iterator[Problem]:
    """The memory of adapters can be calculated, and their settings have an effect."""
    for path, _, model in each_model(stack):
        for key, changed in (("adapterRank", "adapter_rank"), ("adaptersAtOnce", "adapters_at_once")):
            if not model.adapters and changed in model.model_fields_set:
                yield Problem((*path, key), "has no effect without adapters; remove it")
        if model.adapters_at_once is not None and 0 < len(model.adapters) < model.adapters_at_once:
            yield Problem(
                (*path, "adaptersAtOnce"),
                f"{model.adapters_at_once} exceeds the number of adapters, {len(model.adapters)}; decrease it",
                because=((*path, "adapters"),),
            )
        known = published(model)
        if not model.adapters or known is None:
            continue
        if known.figures.intermediate_size is None:
            yield Problem(
                (*path, "figures"),
                "the memory of adapters depends on intermediateSize, and on experts; set them, with the values of its "
                "config.json",
                because=((*path, "adapters"),),
            )


def speculation(stack: Stack) -> Iterator[Problem]:
    """A draft model is known, shares the vocabulary, and divides by the GPUs; multi-token prediction has its layers."""
    for path, _, model in each_model(stack):
        chosen, known = model.speculation, published(model)
        if chosen is None or known is None:
            continue
        here = (*path, "speculation")
        because = ((*path, "model"), (*path, "figures"), (*path, "tensorParallel"))
        if chosen.method == "mtp" and model.figures is None and not model.model.startswith(_PREDICTING):
            yield Problem(
                (*here, "method"), f"{model.model} has no layers of multi-token prediction; set ngram, draft or eagle3"
            )
        if chosen.method != "draft":
            continue
        draft = drafts(chosen)
        if draft is None:
            alike = similar_model(str(chosen.model))
            hint = f"did you mean {alike}? Or set figures" if alike else "set figures"
            yield Problem(
                (*here, "model"),
                f"the figures of model {chosen.model} are unknown; {hint}, with the values of its config.json",
                because=((*here, "figures"),),
            )
            continue
        if draft.figures.vocabulary != known.figures.vocabulary:
            yield Problem(
                (*here, "model"),
                f"the vocabulary of {chosen.model} has {draft.figures.vocabulary} tokens, and that of {model.model} "
                f"{known.figures.vocabulary}; choose a draft model of the same family and vocabulary",
                because=because,
            )
        if not divides(draft.figures, model.tensor_parallel):
            yield Problem(
                (*here, "model"),
                f"tensorParallel: {model.tensor_parallel} does not divide the {draft.figures.attention_heads} "
                f"attention heads and {draft.figures.kv_heads} KV heads of {chosen.model}; choose another draft model",
                because=because,
            )
