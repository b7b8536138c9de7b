"""Storage of the weights of a model."""

from collections.abc import Iterator

from catalog.models import Published
from catalog.quantities import DISK, GIB, amount
from catalog.reading.problems import Problem
from config.extra_memory import adapter_memory, head
from config.model_memory import drafts, published, weights
from config.rules.models.placed import each_model, nodes_of, pods_of, section_of, shown_gib
from config.rules.stack import Stack
from config.workloads.vllm import VllmModel


def _added(model: VllmModel, known: Published) -> int:
    """Return the bytes of the files of adapters and of what proposes tokens."""
    alone = model.model_copy(update={"adapters_at_once": None, "tensor_parallel": 1, "pipeline_parallel": 1})
    chosen, draft = model.speculation, drafts(model.speculation) if model.speculation is not None else None
    if chosen is None or chosen.method in ("ngram", "mtp"):
        proposing = 0
    elif chosen.method == "draft":
        proposing = weights(draft.figures, draft.stored) if draft is not None else 0
    else:
        proposing = head(known.figures, chosen.method, 2)
    return adapter_memory(known.figures, alone) + proposing


def places_of_weights(stack: Stack) -> Iterator[Problem]:
    """Weights fit on their storage, and a volume has one pod."""
    for path, _, model in each_model(stack):
        known, here = published(model), (*path, "weights")
        for key, size in (
            ("nodeDisk", model.weights.node_disk),
            ("instanceStore", model.weights.instance_store),
            ("volume", model.weights.volume),
        ):
            if size is None or known is None:
                continue
            files = weights(known.figures, known.stored) + _added(model, known)
            if files > amount(DISK, size):
                yield Problem(
                    (*here, key),
                    f"{size} is too small for the {shown_gib(files)} GiB of {model.model}; "
                    f"set {-(-files * 6 // 5 // GIB)}Gi",
                    because=((*path, "model"),),
                )
        nodes = nodes_of(stack, model)
        if model.weights.instance_store is not None and nodes is not None and nodes.instance_store is None:
            section = section_of(stack, model)
            yield Problem(
                (*here, "instanceStore"),
                f"requires {section}.{model.node_group}.instanceStore: RAID0; set it, or use nodeDisk here",
                because=((section, model.node_group),),
            )
        pods = pods_of(stack, model)
        if model.weights.volume is not None and (model.most() > 1 or (pods is not None and pods.nodes > 1)):
            yield Problem((*here, "volume"), "supports only one pod; use shared, or nodeDisk")
        if model.weights.streamed is not None:
            token = None if any(model.downloads()) else model.token_secret
            for key, value in (("tokenSecret", token), ("revision", model.revision)):
                if value is not None:
                    yield Problem((*path, key), "has no effect with weights.streamed; remove it")
