"""Workloads and applications: replicas, resources, GPUs and tolerations."""

from collections.abc import Iterator

from catalog.quantities import CPU, MEMORY, amount
from catalog.reading.problems import Path, Problem
from config.applications import Scaling, Service
from config.nodes import Taint
from config.rules.environments import running
from config.rules.nodes import all_nodes
from config.rules.stack import Range, Rule, Stack, in_order
from config.walk import each
from config.workloads.resources import Amounts, Replicas, Resources


def replicas(stack: Stack) -> Iterator[Problem]:
    """Replica ranges are in order, and replicas are set in one place."""
    found: list[tuple[Path, Range]] = [*each(stack.settings, Replicas), *each(stack.settings, Scaling)]
    for path, size in found:
        yield from in_order(path, size)
    for path, service in each(stack.settings, Service):
        if service.replicas is not None and service.scaling is not None:
            yield Problem(
                (*path, "replicas"), "has no effect with scaling; remove one of them", because=((*path, "scaling"),)
            )


def resources(stack: Stack) -> Iterator[Problem]:
    """Requests do not exceed limits, as Kubernetes requires."""
    for path, requests, limits, key in _amounts(stack):
        for resource, least, most in ((CPU, requests.cpu, limits.cpu), (MEMORY, requests.memory, limits.memory)):
            if least is not None and most is not None and amount(resource, least) > amount(resource, most):
                yield Problem(
                    (*path, key, resource),
                    f"{least} is above the limit, {most}; decrease it, or increase the limit",
                    because=((*path, key.replace("request", "limit")),),
                )


def _amounts(stack: Stack) -> Iterator[tuple[Path, Amounts, Amounts, str]]:
    for path, one in each(stack.settings, Resources):
        yield path, one.requests, one.limits, "requests"
    for name, environment in stack.settings.environments.items():
        path = ("environments", name, "limitRange")
        yield path, environment.limit_range.request, environment.limit_range.limit, "request"


def tolerations(stack: Stack) -> Iterator[Problem]:
    """A toleration matches a taint of some nodes."""
    there = [taint for _, nodes in all_nodes(stack) for taint in nodes.all_taints()]
    for path, taint in each(stack.settings, Taint):
        # Those of nodes are taints, all others are tolerations.
        if "tolerations" in path and taint not in there:
            shown = sorted({f"{{key: {one.key}, value: {one.value!r}, effect: {one.effect}}}" for one in there})
            yield Problem(
                path,
                f"matches no taint of a node group or pool; {'set ' + shown[0] if shown else 'remove it'}",
                because=(("nodeGroups",), ("nodePools",)),
            )


def gpus(stack: Stack) -> Iterator[Problem]:
    """Nodes with GPUs exist where an application requests GPUs."""
    if any(nodes.has_gpus() for _, nodes in all_nodes(stack)):
        return
    for path, environment, application in running(stack):
        name = str(path[-1])
        if application.gpus:
            own = stack.settings.environments[environment].services[name].gpus is not None
            yield Problem(
                (*path, "gpus") if own else ("applications", name, "gpus"),
                f"requests {application.gpus}, but no node group or node pool has GPUs; add one, for example "
                "{instanceTypes: [g6.xlarge]}",
                because=(("nodeGroups",), ("nodePools",)),
            )


RULES: tuple[Rule, ...] = (replicas, resources, tolerations, gpus)
