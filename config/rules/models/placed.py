"""The models of a stack, their nodes, and how figures are formatted in messages."""

from collections.abc import Iterator
from typing import NamedTuple

from catalog.models import Published
from catalog.quantities import GIB
from catalog.reading.problems import Path
from config.model_memory import published
from config.nodes import Nodes
from config.rules.stack import Stack
from config.workloads.vllm import Pods, VllmModel, layout


def each_model(stack: Stack) -> Iterator[tuple[Path, str, VllmModel]]:
    """Yield the path, name and settings of each model."""
    vllm = stack.settings.workloads.vllm
    for name, model in (vllm.models if vllm else {}).items():
        yield ("workloads", "vllm", "models", name), name, model


def nodes_of(stack: Stack, model: VllmModel) -> Nodes | None:
    """Return the node group or pool of a model; None if its name is unknown, which another rule reports."""
    settings = stack.settings
    return settings.node_groups.get(model.node_group) or settings.node_pools.get(model.node_group)


def section_of(stack: Stack, model: VllmModel) -> str:
    """Return the section that defines a model's nodes."""
    return "nodeGroups" if model.node_group in stack.settings.node_groups else "nodePools"


def pods_of(stack: Stack, model: VllmModel) -> Pods | None:
    """Return the pods of a replica; None if the nodes have no GPUs, or if a layer would span nodes."""
    nodes = nodes_of(stack, model)
    return layout(model, nodes.gpus_per_node()) if nodes is not None and nodes.has_gpus() else None


class Placed(NamedTuple):
    """A model whose figures and nodes are known."""

    path: Path
    model: VllmModel
    known: Published
    nodes: Nodes
    because: tuple[Path, ...]
    """The paths of its nodes."""


def each_placed(stack: Stack) -> Iterator[Placed]:
    """Yield each model whose memory can be calculated: its figures are known and its nodes have GPUs."""
    for path, _, model in each_model(stack):
        nodes, known = nodes_of(stack, model), published(model)
        if nodes is not None and nodes.has_gpus() and known is not None:
            because = ((section_of(stack, model), model.node_group), (*path, "nodeGroup"))
            yield Placed(path, model, known, nodes, because)


def shown_gpus(number: int) -> str:
    """Format a number of GPUs."""
    return f"{number} GPU{'' if number == 1 else 's'}"


def shown_gib(size: int) -> str:
    """Format bytes as GiB with one decimal."""
    return f"{size / GIB:.1f}"
