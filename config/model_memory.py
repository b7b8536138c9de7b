"""Estimate the GPU memory of a language model from its figures, to decide whether it fits on a GPU.

vLLM uses a share of each GPU's memory (`gpuMemoryUtilization`), loads the weights, profiles the largest batch, and uses
the rest for the KV cache; it does not start if the rest is too small for one request of the full context length:
https://docs.vllm.ai/en/latest/configuration/conserving_memory/. The estimate has these parts:

- weights: parameters x bits of each; embedding tables stay in 16 bits when the rest is quantized
- KV cache: 2 x layers x KV heads x head size x bytes x context x requests, in blocks of 16 tokens
- activations: ten times the logits of a full batch, as vLLM's measurements show, and those of a step's tokens
- CUDA: its libraries, communication buffers of several GPUs, and CUDA graphs
- adapters and speculative decoding, where they are set (`config/extra_memory.py`)

Activations and CUDA are conservative estimates: a model that passes this check starts.
"""

import math
from typing import NamedTuple

from catalog.gpus import Gpu
from catalog.models import Figures, Published, Stored, known_models
from catalog.quantities import GIB, MIB
from catalog.vllm_options import WORKSPACE_BACKENDS, spelled
from config.extra_memory import adapter_memory, head
from config.serving.speculation import Speculation
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

WORKSPACE = 394 * MIB
"""Bytes of FlashInfer's workspace: VLLM_FLASHINFER_WORKSPACE_BUFFER_SIZE of vLLM 0.33."""


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
    adapters: int = 0
    speculation: int = 0

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
    guessed = model.speculation.tokens if model.speculation is not None else 0
    # The tokens that are proposed for a request are sampled together with its next one.
    sampled = max(requests, min(requests * (1 + guessed), model.batch_tokens))
    return Demand(
        weights=weights(
            figures,
            bits,
            tensor=model.tensor_parallel,
            pipeline=model.pipeline_parallel,
            as_published=model.quantization in (None, known.stored),
        ),
        kv_cache=kv_cache(figures, model, context_length=model.context_length + guessed, concurrency=model.concurrency),
        activations=LOGITS * sampled * figures.vocabulary * 4 + HIDDEN * model.batch_tokens * figures.hidden_size * 2,
        cuda=_cuda(model, figures),
        adapters=adapter_memory(figures, model),
        speculation=0 if model.speculation is None else _speculation(model, model.speculation, known),
    )


def _cuda(model: VllmModel, figures: Figures) -> int:
    """Return the bytes of libraries, buffers and CUDA graphs; graphs are captured with and without adapters."""
    together = model.tensor_parallel > 1 or model.pipeline_parallel > 1
    graphs = GRAPHS * math.ceil(figures.layers / model.pipeline_parallel) * (2 if model.adapters else 1)
    chosen = (argument.lower() for argument in model.arguments if spelled(argument) == "attention-backend")
    workspace = any(backend in argument for argument in chosen for backend in WORKSPACE_BACKENDS)
    return CUDA + (TOGETHER if together else 0) + graphs + (WORKSPACE if workspace else 0)


def drafts(speculation: Speculation) -> Published | None:
    """Return the figures of the draft model, set or from the table; None if neither has them."""
    found = known_models().get(speculation.model or "")
    if speculation.figures is not None:
        return Published(speculation.figures, found.stored if found else "bfloat16")
    return found


def _speculation(model: VllmModel, speculation: Speculation, target: Published) -> int:
    """Return the bytes of what proposes tokens on each GPU: its weights, KV cache and CUDA graphs."""
    if speculation.method == "ngram":
        return 0
    # The last stage has all of it.
    alone = model.model_copy(update={"pipeline_parallel": 1})
    if speculation.method != "draft":
        layer = target.figures.model_copy(update={"layers": 1, "sliding_layers": 0})
        held = kv_cache(layer, alone, context_length=model.context_length, concurrency=model.concurrency)
        width = _BITS[kept(model, target.stored)] / 8 if speculation.method == "mtp" else 2
        return math.ceil(head(target.figures, speculation.method, width) / model.tensor_parallel) + held + GRAPHS
    known = drafts(speculation)
    if known is None:
        return 0
    bits = model.precision if known.stored == "bfloat16" else known.stored
    context = min(model.context_length, known.figures.context_length)
    return (
        weights(known.figures, bits, tensor=model.tensor_parallel)
        + kv_cache(known.figures, alone, context_length=context, concurrency=model.concurrency)
        + GRAPHS * known.figures.layers
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
