"""Which models there are, on which nodes, and how their figures are written in a message."""

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
    """Each model behind its place and name."""
    vllm = stack.settings.workloads.vllm
    for name, model in (vllm.models if vllm else {}).items():
        yield ("workloads", "vllm", "models", name), name, model


def nodes_of(stack: Stack, model: VllmModel) -> Nodes | None:
    """The nodes that it runs on; none where their name is unknown, which another rule tells."""
    settings = stack.settings
    return settings.node_groups.get(model.node_group) or settings.node_pools.get(model.node_group)


def section_of(stack: Stack, model: VllmModel) -> str:
    """Where in a stack file its nodes stand."""
    return "nodeGroups" if model.node_group in stack.settings.node_groups else "nodePools"


def pods_of(stack: Stack, model: VllmModel) -> Pods | None:
    """The pods of a replica; none where its nodes have no GPUs, or where a layer would span them."""
    nodes = nodes_of(stack, model)
    return layout(model, nodes.gpus_per_node()) if nodes is not None and nodes.has_gpus() else None


class Placed(NamedTuple):
    """A model whose figures and nodes are known."""

    path: Path
    model: VllmModel
    known: Published
    nodes: Nodes
    because: tuple[Path, ...]
    """The place of its nodes."""


def each_placed(stack: Stack) -> Iterator[Placed]:
    """Each model that has room to be reckoned for."""
    for path, _, model in each_model(stack):
        nodes, known = nodes_of(stack, model), published(model)
        if nodes is not None and nodes.has_gpus() and known is not None:
            because = ((section_of(stack, model), model.node_group), (*path, "nodeGroup"))
            yield Placed(path, model, known, nodes, because)


def shown_gpus(number: int) -> str:
    """How many, in a message."""
    return f"{number} GPU{'' if number == 1 else 's'}"


def shown_gib(size: int) -> str:
    """Bytes as GiB, in a message."""
    return f"{size / GIB:.1f}"
