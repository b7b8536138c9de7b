"""Whether GPUs support a model: compute capability, parallelism, precision, context length."""

from collections.abc import Iterator

from catalog.gpus import gpu
from catalog.reading.problems import Problem, alternatives
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
