"""Whether a model's pods fit on its nodes, alone and together with other models."""

from collections.abc import Iterator

from catalog.quantities import CPU, DISK, GIB, GPU, MEMORY, Amounts, amount, shown
from catalog.reading.problems import Path, Problem
from config.capacity import each_offers
from config.model_memory import published
from config.nodes import Nodes
from config.reach import most_nodes, reach
from config.rules.models.placed import each_model, nodes_of, shown_gpus
from config.rules.stack import Stack
from config.workloads.vllm import VllmModel, layout

IMAGE = 25 * GIB
"""Bytes of disk that vLLM's image takes: 10 GB compressed, and the unpacked layers."""


def room_on_nodes(stack: Stack) -> Iterator[Problem]:
    """The requests of a pod fit on a node of its group."""
    prefixes = stack.settings.addons.vpc_cni.gives_prefixes()
    for path, _, model in each_model(stack):
        nodes = nodes_of(stack, model)
        if nodes is None or not nodes.has_gpus():
            continue
        pods = layout(model, nodes.gpus_per_node())
        because: tuple[Path, ...] = (("nodeGroups",), ("nodePools",), (*path, "nodeGroup"))
        for instance_type, offers in each_offers(nodes, prefixes=prefixes).items():
            # Rules of node groups refuse a type without GPUs among others.
            found = _too_much(model, nodes, offers, pods.gpus if pods else 0) if offers.get(GPU) else None
            if found is not None:
                key, message = found
                yield Problem((*path, *key), f"{message} of a {instance_type}; decrease it", because=because)
                break
        else:
            yield from _enough_nodes(stack, path, model, nodes)
        yield from _memory(path, model)


def _too_much(model: VllmModel, nodes: Nodes, offers: Amounts, gpus_of_pod: int) -> tuple[tuple[str, ...], str] | None:
    """Return the setting and the message of the first request that exceeds a node; None if all fit."""
    asked = model.resources.requests
    rows: list[tuple[str, str | None, tuple[str, ...]]] = [
        (CPU, asked.cpu, ("resources", "requests", "cpu")),
        (MEMORY, asked.memory, ("resources", "requests", "memory")),
    ]
    for resource, wanted, key in rows:
        if wanted is not None and amount(resource, wanted) > offers[resource]:
            return key, f"{wanted} exceeds the {shown(resource, offers[resource])} allocatable"
    # weights.places_of_weights reports nodes that do not use their instance store.
    on_disk = model.weights.node_disk or (model.weights.instance_store if nodes.instance_store else None)
    if on_disk is not None and amount(DISK, on_disk) + IMAGE > offers[DISK]:
        left = max(offers[DISK] - IMAGE, 0) // GIB
        name, where = ("nodeDisk", "disk") if model.weights.node_disk else ("instanceStore", "instance store")
        return ("weights", name), f"{on_disk} exceeds the {left}Gi that vLLM's image leaves free on the {where}"
    if gpus_of_pod > offers.get(GPU, 0):
        return ("tensorParallel",), f"{shown_gpus(gpus_of_pod)} exceed the {offers.get(GPU, 0)}"
    return None


def _memory(path: Path, model: VllmModel) -> Iterator[Problem]:
    limit = amount(MEMORY, model.resources.limits.memory)
    if amount(MEMORY, model.shared_memory) >= limit:
        yield Problem(
            (*path, "sharedMemory"),
            f"{model.shared_memory} is not below the pod's memory limit, {model.resources.limits.memory}; decrease it",
            because=((*path, "resources"),),
        )


def _enough_nodes(stack: Stack, path: Path, model: VllmModel, nodes: Nodes) -> Iterator[Problem]:
    """Report replicas that exceed the maximum capacity of their nodes."""
    pods, known = layout(model, nodes.gpus_per_node()), published(model)
    if pods is None or (known is not None and model.pipeline_parallel > known.figures.layers):
        return
    group = stack.settings.node_groups.get(model.node_group)
    if group is not None:
        most = most_nodes(group, stack.settings.addons)
        there = most // pods.nodes if pods.nodes > 1 else most * (nodes.gpus_per_node() // pods.gpus)
    else:
        there = reach_of_pool(stack, model.node_group) // model.gpus()
    if model.most() > there:
        key = ("autoscaling", "max") if model.autoscaling else ("replicas",) if model.replicas else ("nodeGroup",)
        yield Problem(
            (*path, *key),
            f"{model.most()} replicas of {shown_gpus(model.gpus())} each exceed the maximum capacity of "
            f"{model.node_group} ({there} replicas); decrease it, or increase the maximum of {model.node_group}",
            because=(("nodeGroups",), ("nodePools",), ("addons",)),
        )


def room_beside_others(stack: Stack) -> Iterator[Problem]:
    """The maximum capacity of a node group is enough for the minimum replicas of all its models together."""
    before: dict[str, list[tuple[str, int]]] = {}
    for path, name, model in each_model(stack):
        nodes = nodes_of(stack, model)
        if nodes is None or not nodes.has_gpus():
            continue
        group = stack.settings.node_groups.get(model.node_group)
        there = reach_of_pool(stack, model.node_group)
        if group is not None:
            there = most_nodes(group, stack.settings.addons) * nodes.gpus_per_node()
        earlier, own = before.setdefault(model.node_group, []), model.least() * model.gpus()
        taken = sum(gpus for _, gpus in earlier)
        if own <= there < taken + own:
            others = ", ".join(other for other, _ in earlier)
            yield Problem(
                (*path, "nodeGroup"),
                f"{shown_gpus(own)} in addition to {taken} of {others} exceed the maximum capacity of "
                f"{model.node_group} ({there}); increase it, or decrease replicas",
                because=(("nodeGroups",), ("nodePools",), ("addons",)),
            )
        if own <= there:
            earlier.append((name, own))


def reach_of_pool(stack: Stack, name: str) -> int:
    """Return the maximum number of GPUs of a node pool; 0 if there is no such pool."""
    if name not in stack.settings.node_pools:
        return 0
    alone = {"node_groups": {}, "node_pools": {name: stack.settings.node_pools[name]}}
    return reach(stack.settings.model_copy(update=alone)).get(GPU, 0)
