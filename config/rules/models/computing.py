"""Whether GPUs support a model: compute capability, parallelism, precision, context length."""

from collections.abc import Iterator

from catalog.gpus import gpu
from catalog.reading.problems import Problem, alternatives
from catalog.vllm_options import spelled
from config.model_memory import can_compute, divides, divisors, needs_bfloat16, published
from config.rules.models.placed import each_model, each_placed, nodes_of, shown_gpus
from config.rules.nodes import all_nodes
from config.rules.stack import Stack


def gpus(stack: Stack) -> Iterator[Problem]:
    """A model's nodes have GPUs that support it."""
    with_gpus = [str(path[-1]) for path, nodes in all_nodes(stack) if nodes.has_gpus()]
    for path, _, model in each_model(stack):
        nodes = nodes_of(stack, model)
        if nodes is not None and not nodes.has_gpus():
            example = "add a node group, for example {instanceTypes: [g6.xlarge]}"
            hint = f"choose {alternatives(with_gpus)}" if with_gpus else example
            yield Problem(
                (*path, "nodeGroup"),
                f"{model.node_group} has no NVIDIA GPUs; {hint}",
                because=(("nodeGroups",), ("nodePools",)),
            )
    for placed in each_placed(stack):
        for instance_type in placed.nodes.instance_types:
            on = gpu(instance_type)
            problem = can_compute(placed.model, placed.known, on) if on else None
            if problem is not None:
                yield Problem((*placed.path, problem.setting), problem.reason, because=placed.because)
                break


def parallelism(stack: Stack) -> Iterator[Problem]:
    """Tensor parallelism divides the model's heads and stays within a node; there are layers for each stage."""
    for placed in each_placed(stack):
        model, own = placed.model, placed.known.figures
        per_node = placed.nodes.gpus_per_node()
        if not divides(own, model.tensor_parallel):
            choices = alternatives(tuple(map(str, divisors(own))))
            yield Problem(
                (*placed.path, "tensorParallel"),
                f"{model.tensor_parallel} does not divide the {own.attention_heads} attention heads and {own.kv_heads} "
                f"KV heads of {model.model}; choose {choices}",
                because=((*placed.path, "model"),),
            )
        elif model.tensor_parallel > per_node:
            stages = -(-model.gpus() // per_node)
            better = max(tensor for tensor in divisors(own) if tensor <= per_node)
            yield Problem(
                (*placed.path, "tensorParallel"),
                f"{model.tensor_parallel} exceeds the {shown_gpus(per_node)} of a node of {model.node_group}, and "
                f"tensor parallelism over the network is too slow; set tensorParallel: {better} and "
                f"pipelineParallel: {max(stages, -(-model.gpus() // better))}",
                because=placed.because,
            )
        if model.pipeline_parallel > own.layers:
            yield Problem(
                (*placed.path, "pipelineParallel"),
                f"{model.pipeline_parallel} exceeds the {own.layers} layers of {model.model}; decrease it",
                because=((*placed.path, "model"),),
            )


_GROUP = {"awq": 128, "gptq": 128}
BLOCK = {"fp8": 128, **_GROUP}
"""Width of a block or group of quantized weights with one scale."""

EXPERT_PARALLEL = "enable-expert-parallel"


def blocks(stack: Stack) -> Iterator[Problem]:
    """A GPU's part of the feed-forward layer has whole blocks of published quantized weights.

    vLLM stops otherwise: https://github.com/vllm-project/vllm/issues/17569. Experts that each GPU has whole are not
    divided, and weights that vLLM quantizes itself have one scale for a whole tensor.
    """
    for placed in each_placed(stack):
        model, own, stored = placed.model, placed.known.figures, placed.known.stored
        size, block = own.intermediate_size, BLOCK.get(stored) or _GROUP.get(model.quantization or "")
        spread = own.experts > 1 and EXPERT_PARALLEL in map(spelled, model.arguments)
        if block is None or size is None or spread or model.tensor_parallel == 1:
            continue
        if divides(own, model.tensor_parallel) and size % (model.tensor_parallel * block):
            fitting = [str(one) for one in divisors(own) if size % (one * block) == 0 or one == 1]
            other = f", or arguments: [--{EXPERT_PARALLEL}]" if own.experts > 1 else ""
            yield Problem(
                (*placed.path, "tensorParallel"),
                f"{model.tensor_parallel} GPUs divide the feed-forward size of {model.model}, {size}, into parts that "
                f"are not multiples of its {stored} blocks of {block}; choose {alternatives(fitting)}{other}",
                because=((*placed.path, "model"), (*placed.path, "arguments")),
            )


def precision(stack: Stack) -> Iterator[Problem]:
    """The precision has the range that the model needs."""
    for path, _, model in each_model(stack):
        if model.precision == "float16" and needs_bfloat16(model):
            yield Problem(
                (*path, "precision"),
                f"{model.model} overflows in float16; set bfloat16",
                because=((*path, "model"),),
            )


def context(stack: Stack) -> Iterator[Problem]:
    """The context length does not exceed the model's maximum."""
    for path, _, model in each_model(stack):
        known = published(model)
        if known is not None and model.context_length > known.figures.context_length:
            yield Problem(
                (*path, "contextLength"),
                f"{model.context_length} exceeds the maximum of {model.model}, {known.figures.context_length} tokens; "
                "decrease it, or set figures",
                because=((*path, "model"), (*path, "figures")),
            )
