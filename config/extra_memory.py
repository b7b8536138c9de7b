"""GPU memory of what is added to a model: LoRA adapters, and layers that propose tokens."""

import math

from catalog.models import Figures
from config.serving.speculation import Method
from config.workloads.vllm import VllmModel

_WIDE = 8
"""Feed-forward size of a proposing layer, as a multiple of the hidden size, where the model has experts: the layer has
none. An upper bound: dense models have 2.5 to 8."""


def adapter_memory(figures: Figures, model: VllmModel) -> int:
    """Return the bytes of adapters on each GPU.

    vLLM allocates the largest rank for each adapter of a batch and each matrix of a layer, in the data type of the
    model; the A matrices of column-parallel layers and the B matrices of row-parallel layers are on every GPU:
    https://github.com/vllm-project/vllm/tree/v0.33.0/vllm/lora/layers
    """
    tensor = model.tensor_parallel
    hidden, experts = figures.hidden_size, figures.experts
    queries = math.ceil(figures.attention_heads / tensor) * figures.head_size
    keys = math.ceil(figures.kv_heads / tensor) * figures.head_size
    forward = math.ceil((figures.intermediate_size or 0) / tensor)
    attention = 3 * hidden + queries + 2 * keys + queries + hidden
    layer = attention + experts * (2 * hidden + 2 * forward + forward + hidden)
    tables = 2 * (figures.vocabulary + hidden)
    width = 4 if model.precision == "float32" else 2
    layers = math.ceil(figures.layers / model.pipeline_parallel)
    return model.adapter_slots() * model.adapter_rank * width * (layers * layer + tables)


def head(figures: Figures, method: Method, width: float) -> int:
    """Return the bytes of a layer that proposes tokens, at `width` bytes a parameter.

    It is like a layer of the model, with a matrix that joins the token and up to three hidden states, and a token table
    of its own: https://github.com/SafeAILab/EAGLE. Multi-token prediction has the model's experts too.
    """
    hidden = figures.hidden_size
    tables = figures.vocabulary * hidden
    whole = (figures.parameters_billion * 1e9 - tables * (1 if figures.tied_embeddings else 2)) / figures.layers
    if figures.experts > 1 and method != "mtp":
        attention = 2 * hidden * figures.head_size * (figures.attention_heads + figures.kv_heads)
        whole = attention + 3 * hidden * _WIDE * hidden
    return math.ceil((whole + 4 * hidden * hidden) * width + tables * 2)
