"""Tolerations of workloads."""

from collections.abc import Iterator, Sequence

from catalog.reading.problems import Path, Problem
from config.nodes import Taint
from config.rules.nodes import all_nodes
from config.rules.stack import Stack


def of_workloads(stack: Stack) -> Iterator[Problem]:
    """A toleration matches a taint of some nodes."""
    workloads = stack.settings.workloads
    tolerated: list[tuple[Path, Sequence[Taint]]] = []
    if workloads.litellm is not None:
        tolerated.append((("workloads", "litellm", "tolerations"), workloads.litellm.tolerations))
    if workloads.open_webui is not None:
        tolerated.append((("workloads", "openWebui", "tolerations"), workloads.open_webui.tolerations))
    there = [taint for _, nodes in all_nodes(stack) for taint in nodes.all_taints()]
    for path, taints in tolerated:
        for index, taint in enumerate(taints):
            if taint not in there:
                shown = sorted({f"{{key: {one.key}, value: {one.value!r}, effect: {one.effect}}}" for one in there})
                yield Problem(
                    (*path, index),
                    f"matches no taint of a node group or pool; {'set ' + shown[0] if shown else 'remove it'}",
                    because=(("nodeGroups",), ("nodePools",)),
                )
