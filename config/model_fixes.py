"""Changes of a model's settings with which it fits on its GPUs."""

import functools
from collections.abc import Callable, Collection, Iterator

from catalog.gpus import Gpu, gpu
from catalog.instance_types import instance_kind, sizes
from catalog.models import Published, known_models
from config.model_memory import divides, divisors, fits, published
from config.workloads.vllm import VllmModel

SHORTEST = 2048
"""Minimum context length in tokens that is suggested."""

STEP = 256


def longest_context(model: VllmModel, known: Published, on: Gpu) -> int:
    """Return the longest context length that fits with the other settings unchanged, in steps of 256 tokens; 0 if
    none."""
    return _most(
        model.context_length // STEP,
        lambda steps: fits(model.model_copy(update={"context_length": steps * STEP}), known, on),
    ) * STEP  # fmt: skip


def most_requests(model: VllmModel, known: Published, on: Gpu) -> int:
    """Return the maximum number of concurrent requests of full length that fit; 0 if none."""
    return _most(model.concurrency, lambda number: fits(model.model_copy(update={"concurrency": number}), known, on))


def _most(upper: int, good: Callable[[int], bool]) -> int:
    """Return the largest number up to `upper` for which `good` is true, if it is true for all smaller ones."""
    low, high = 0, upper
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if good(middle) else (low, middle - 1)
    return low


def ways_out(
    model: VllmModel, known: Published, instance_type: str, gpus_per_node: int, *, sold: Collection[str] = ()
) -> Iterator[str]:
    """Yield changes that make a model fit, smallest change first; each is sufficient.

    Other instance types are limited to those in `sold`, if it is not empty.
    """
    on = gpu(instance_type)
    if on is None:
        return
    requests = most_requests(model, known, on)
    if 0 < requests < model.concurrency:
        yield f"concurrency: {requests}"
    context = longest_context(model, known, on)
    if context >= SHORTEST:
        yield f"contextLength: {context}"
    for text, changed in (*_fewer(model), *_lighter(model, known), *_wider(model, known, gpus_per_node)):
        again = published(changed)
        if again is not None and fits(changed, again, on):
            yield text
    other = smallest_type(model, known, sold)
    if other is not None:
        yield f"instance types such as {other}"


def _fewer(model: VllmModel) -> Iterator[tuple[str, VllmModel]]:
    """Yield the model with less of what is added to it."""
    slots = model.adapter_slots()
    if slots > 1:
        yield "adaptersAtOnce: 1", model.model_copy(update={"adapters_at_once": 1})
    if model.speculation is not None:
        fewer = max(model.concurrency, 32)
        if fewer < model.batch_requests:
            yield f"batchRequests: {fewer}", model.model_copy(update={"batch_requests": fewer})
        yield "speculation: null", model.model_copy(update={"speculation": None})


def _lighter(model: VllmModel, known: Published) -> Iterator[tuple[str, VllmModel]]:
    """Yield the model with smaller data types, on the same GPUs."""
    if known.stored == "bfloat16" and model.quantization is None:
        yield "quantization: fp8", model.model_copy(update={"quantization": "fp8"})
    if model.kv_cache == "auto":
        yield "kvCache: fp8", model.model_copy(update={"kv_cache": "fp8"})
    family = model.model.rpartition("/")[2].removesuffix("-Instruct")
    for name, other in known_models().items():
        alike = name.rpartition("/")[2].startswith(family) or family in name
        if model.figures is None and alike and other.like(known) and other.stored in ("awq", "gptq"):
            yield f"model: {name}", model.model_copy(update={"model": name, "quantization": None})


def _wider(model: VllmModel, known: Published, gpus_per_node: int) -> Iterator[tuple[str, VllmModel]]:
    """Yield the model on more GPUs: of its node, then of more nodes."""
    for tensor in divisors(known.figures):
        if model.tensor_parallel < tensor <= gpus_per_node // model.pipeline_parallel:
            yield f"tensorParallel: {tensor}", model.model_copy(update={"tensor_parallel": tensor})
    if model.tensor_parallel == gpus_per_node > 1:
        for pipeline in (2, 4):
            if model.pipeline_parallel < pipeline:
                yield (
                    f"pipelineParallel: {pipeline}, on {pipeline} nodes",
                    model.model_copy(update={"pipeline_parallel": pipeline}),
                )


def smallest_type(model: VllmModel, known: Published, sold: Collection[str] = ()) -> str | None:
    """Return the smallest instance type on which the model fits, on all of its GPUs if they can share layers."""
    for name, count in _gpu_types():
        on = gpu(name)
        if on is None or (sold and name not in sold):
            continue
        if model.pipeline_parallel == 1 and count > 1:
            candidate = model.model_copy(update={"tensor_parallel": count})
            if divides(known.figures, count) and fits(candidate, known, on):
                return name if count == model.tensor_parallel else f"{name} with tensorParallel: {count}"
        elif model.gpus() <= count and fits(model, known, on):
            return name
    return None


@functools.cache
def _gpu_types() -> tuple[tuple[str, int], ...]:
    """Instance types with NVIDIA GPUs and an Intel or AMD processor: GPU memory first, then size."""
    found = [
        (size.gpus * size.gpu_memory_mib, size.vcpus, name, size.gpus)
        for name, size in sizes().items()
        if size.gpus and instance_kind(name).architecture == "x86_64"
    ]
    return tuple((name, count) for _, _, name, count in sorted(found))
