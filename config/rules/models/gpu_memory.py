"""Whether a model fits into the memory of its GPUs."""

from collections.abc import Iterator

from catalog.gpus import gpu
from catalog.prices import load_prices
from catalog.reading.problems import Problem
from config.model_fixes import ways_out
from config.model_memory import Demand, can_compute, demand, divides, room
from config.rules.models.placed import each_placed, shown_gib
from config.rules.stack import Stack
from config.workloads.vllm import layout

_DECIDING = (
    *("model", "figures", "precision", "quantization", "kvCache", "concurrency", "batchRequests", "batchTokens"),
    *("gpuMemoryUtilization", "tensorParallel", "pipelineParallel", "arguments"),
    *("adapters", "adapterRank", "adaptersAtOnce", "speculation"),
)
"""Settings that decide how much GPU memory a model takes."""


def room_on_gpus(stack: Stack) -> Iterator[Problem]:
    """Weights, KV cache and the memory that vLLM takes fit on every GPU type of the nodes."""
    for placed in each_placed(stack):
        model, known = placed.model, placed.known
        per_node = placed.nodes.gpus_per_node()
        if not divides(known.figures, model.tensor_parallel) or layout(model, per_node) is None:
            continue
        if model.context_length > known.figures.context_length:
            continue
        for instance_type in placed.nodes.instance_types:
            on = gpu(instance_type)
            if on is None or can_compute(model, known, on) is not None:
                continue
            wanted = demand(model, known)
            if wanted.total() <= room(model, on):
                continue
            first = wanted._replace(kv_cache=0).total() > room(model, on)
            ways = list(ways_out(model, known, instance_type, per_node, sold=_sold(stack)))[:3]
            advice = f"set {' or '.join(ways)}" if ways else "choose a smaller model"
            yield Problem(
                (*placed.path, "nodeGroup" if first else "contextLength"),
                f"{model.model} takes {shown_gib(wanted.total())} GiB of "
                f"{'each' if model.gpus() > 1 else 'one'} {on.name} "
                f"(weights {shown_gib(wanted.weights)}, {model.concurrency} x {model.context_length} tokens of KV "
                f"cache {shown_gib(wanted.kv_cache)}, activations {shown_gib(wanted.activations)}, "
                f"CUDA {shown_gib(wanted.cuda)}{_added(wanted)}), but vLLM can use {shown_gib(room(model, on))}; "
                f"{advice}",
                because=(*placed.because, *((*placed.path, setting) for setting in _DECIDING)),
            )
            break


def _added(wanted: Demand) -> str:
    """Format the memory of what is added to the model."""
    added = {"adapters": wanted.adapters, "speculation": wanted.speculation}
    return "".join(f", {name} {shown_gib(size)}" for name, size in added.items() if size)


def _sold(stack: Stack) -> frozenset[str]:
    """Return the instance types that have a price in the region; empty if there are no prices for it."""
    table, region = load_prices(), stack.settings.project.region
    return frozenset(name for name in table.instances.get(region, {}) if table.instance(region, name) is not None)
