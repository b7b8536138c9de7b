"""Estimate the GPU memory of a language model from its figures, to decide whether it fits on a GPU.

vLLM uses a share of each GPU's memory (`gpuMemoryUtilization`), loads the weights, profiles the largest batch, and uses
the rest for the KV cache; it does not start if the rest is too small for one request of the full context length:
https://docs.vllm.ai/en/latest/configuration/conserving_memory/. The estimate has four parts:

- weights: parameters x bits of each; embedding tables stay in 16 bits when the rest is quantized
- KV cache: 2 x layers x KV heads x head size x bytes x context x requests, in blocks of 16 tokens
- activations: ten times the logits of a full batch, as vLLM's measurements show, and those of a step's tokens
- CUDA: its libraries, communication buffers of several GPUs, and CUDA graphs

The last two are conservative estimates: a model that passes this check starts.
"""

import functools
import math
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from catalog.gpus import Gpu, gpu
from catalog.instance_types import instance_kind, sizes
from catalog.models import Figures, Published, Stored, known_models
from catalog.quantities import GIB
from config.workloads.vllm import VllmModel

OLDEST_CAPABILITY = (7, 5)
"""Minimum compute capability of vLLM's kernels: https://docs.vllm.ai/en/latest/getting_started/installation/gpu/"""

BLOCK = 16
"""Tokens of a block of the KV cache: https://docs.vllm.ai/en/latest/api/vllm/config/#vllm.config.CacheConfig"""

_BITS = {
    "bfloat16": 16.0,
    "float16": 16.0,
    "float32": 32.0,
    "fp8": 8.0,
    # Four bits, and for each group of 128 weights a scale of 16 bits and a zero point of 4.
    "awq": 4 + 20 / 128,
    "gptq": 4 + 20 / 128,
    # Four bits, and for each group of 32 weights a scale of 8 bits.
    "mxfp4": 4.25,
}
_CAPABILITY = {
    # get_min_capability of vLLM 0.33's quantization methods
    "fp8": (7, 5),
    "awq": (7, 5),
    "gptq": (6, 0),
    "mxfp4": (8, 0),
}

LOGITS = 10
"""Multiple of a batch's logits in 32 bits: 1.26 GiB for 256 requests with a vocabulary of 128,256 tokens:
https://github.com/vllm-project/vllm/pull/10511"""

HIDDEN = 16
"""Multiple of a step's hidden states: the feed-forward layer has up to eight times their size, twice."""

CUDA = GIB // 2
TOGETHER = GIB
"""Bytes of communication buffers of NCCL and vLLM's all-reduce, if several GPUs share a layer."""

GRAPHS = GIB // 50
"""Bytes of CUDA graphs for each layer: about 0.6 GiB for 32 layers."""


def published(model: VllmModel) -> Published | None:
    """Return the figures of a model, set or from the table; None if neither has them."""
    found = known_models().get(model.model)
    if model.figures is not None:
        return Published(model.figures, found.stored if found else "bfloat16")
    return found


def kept(model: VllmModel, stored: Stored) -> str:
    """Return the data type or quantization of the weights in GPU memory."""
    if model.quantization is not None:
        return model.quantization
    return model.precision if stored == "bfloat16" else stored


class Demand(NamedTuple):
    """Memory in bytes on the GPU with the highest use."""

    weights: int
    kv_cache: int
    activations: int
    cuda: int

    def total(self) -> int:
        """Return the sum in bytes."""
        return sum(self)


def weights(figures: Figures, bits: str, *, tensor: int = 1, pipeline: int = 1, as_published: bool = True) -> int:
    """Return the bytes of weights on the GPU with the most of them; by default all weights on one GPU."""
    tables = figures.vocabulary * figures.hidden_size
    all_tables = tables * (1 if figures.tied_embeddings else 2)
    parameters = figures.parameters_billion * 1e9
    wide = 4 if bits == "float32" else 2
    layers = max(parameters - all_tables, 0) * _BITS[bits] / 8
    if figures.weights_gib is not None and as_published:
        layers = max(figures.weights_gib * GIB - all_tables * wide, 0)
    if pipeline == 1:
        return math.ceil((layers + all_tables * wide) / tensor)
    # The first stage has the input embeddings, the last one the output embeddings.
    return math.ceil((layers / figures.layers * math.ceil(figures.layers / pipeline) + tables * wide) / tensor)


def kv_cache(figures: Figures, model: VllmModel, *, context_length: int, concurrency: int) -> int:
    """Return the bytes of KV cache on each GPU for `concurrency` requests of `context_length` tokens."""
    width = 1 if model.kv_cache == "fp8" else 4 if model.precision == "float32" else 2
    if figures.latent_size is not None:
        # Latent attention has one cache for all heads, replicated on each GPU.
        token = figures.latent_size * width
    else:
        # A GPU has at least one head: with more GPUs than heads, heads are replicated.
        token = 2 * math.ceil(figures.kv_heads / model.tensor_parallel) * figures.head_size * width
    held = _blocks(context_length) * BLOCK
    # With chunked prefill a request holds the window and the step: SlidingWindowSpec of vLLM.
    windowed = min(figures.sliding_window + model.batch_tokens, context_length)
    held_windowed = (_blocks(windowed) + 1) * BLOCK
    sliding = min(figures.sliding_layers, figures.layers)
    layers = (figures.layers - sliding) * held + sliding * min(held, held_windowed)
    return math.ceil(
        layers * token * concurrency / figures.layers * math.ceil(figures.layers / model.pipeline_parallel)
    )


def _blocks(tokens: int) -> int:
    return -(-tokens // BLOCK)


def demand(model: VllmModel, known: Published) -> Demand:
    """Return the memory that a model takes on the GPU with the highest use."""
    figures, bits = known.figures, kept(model, known.stored)
    requests = max(model.batch_requests, model.concurrency)
    together = model.tensor_parallel > 1 or model.pipeline_parallel > 1
    return Demand(
        weights=weights(
            figures,
            bits,
            tensor=model.tensor_parallel,
            pipeline=model.pipeline_parallel,
            as_published=model.quantization in (None, known.stored),
        ),
        kv_cache=kv_cache(figures, model, context_length=model.context_length, concurrency=model.concurrency),
        activations=LOGITS * requests * figures.vocabulary * 4 + HIDDEN * model.batch_tokens * figures.hidden_size * 2,
        cuda=CUDA + (TOGETHER if together else 0) + GRAPHS * math.ceil(figures.layers / model.pipeline_parallel),
    )


def room(model: VllmModel, on: Gpu) -> int:
    """Return the bytes of a GPU that vLLM can use."""
    return int(on.memory * model.gpu_memory_utilization)


def fits(model: VllmModel, known: Published, on: Gpu) -> bool:
    """Return whether the model fits into the GPU's memory, and the GPU supports it."""
    return can_compute(model, known, on) is None and demand(model, known).total() <= room(model, on)


class Inability(NamedTuple):
    """A setting that a GPU does not support."""

    setting: str
    """The setting, by its name in the stack file."""

    reason: str
    """The reason, and what to set instead."""


def can_compute(model: VllmModel, known: Published, on: Gpu) -> Inability | None:
    """Return the first setting that the GPU does not support; None if it supports all."""
    other = "choose a node group with A10G, L4 or newer"
    if on.capability < OLDEST_CAPABILITY:
        return Inability("nodeGroup", f"{_named(on)}, but vLLM requires 7.5 or higher; {other}")
    method = kept(model, known.stored)
    least = _CAPABILITY.get(method)
    if least is not None and on.capability < least:
        return Inability("nodeGroup", f"{_named(on)}, but {method} requires {least[0]}.{least[1]}; {other}")
    if model.precision == "bfloat16" and on.capability < (8, 0):
        if needs_bfloat16(model):
            return Inability("nodeGroup", f"{_named(on)} and no bfloat16, which {model.model} requires; {other}")
        return Inability("precision", f"{_named(on)} and no bfloat16; set float16")
    if model.kv_cache == "fp8" and on.capability < (8, 9):
        return Inability("kvCache", f"{_named(on)}, but an fp8 KV cache requires 8.9; set auto")
    return None


def needs_bfloat16(model: VllmModel) -> bool:
    """Return whether vLLM rejects float16: Gemma overflows (_FLOAT16_NOT_SUPPORTED_MODELS of vLLM)."""
    return model.model.startswith("google/gemma-")


def _named(on: Gpu) -> str:
    return f"the {on.name} has compute capability {on.capability[0]}.{on.capability[1]}"


def divides(figures: Figures, tensor: int) -> bool:
    """Return whether `tensor` GPUs can share each layer, by vLLM's conditions."""
    heads = figures.attention_heads % tensor == 0
    keys = figures.kv_heads % tensor == 0 or tensor % figures.kv_heads == 0
    return heads and (keys or figures.latent_size is not None)


def divisors(figures: Figures) -> tuple[int, ...]:
    """Return the tensor parallel sizes up to 8 that the model supports."""
    return tuple(tensor for tensor in (1, 2, 4, 8) if divides(figures, tensor))


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
    for text, changed in (*_lighter(model, known), *_wider(model, known, gpus_per_node)):
        again = published(changed)
        if again is not None and fits(changed, again, on):
            yield text
    other = smallest_type(model, known, sold)
    if other is not None:
        yield f"instance types such as {other}"


def _lighter(model: VllmModel, known: Published) -> Iterator[tuple[str, VllmModel]]:
    """Yield the model with smaller data types, on the same GPUs."""
    if known.stored == "bfloat16" and model.quantization is None:
        yield "quantization: fp8", model.model_copy(update={"quantization": "fp8"})
    if model.kv_cache == "auto":
        yield "kvCache: fp8", model.model_copy(update={"kv_cache": "fp8"})
    family = model.model.rpartition("/")[2].removesuffix("-Instruct")
    for name, other in known_models().items():
        alike = name.rpartition("/")[2].startswith(family) or family in name
        if model.figures is None and alike and other.figures == known.figures and other.stored in ("awq", "gptq"):
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
