"""Routing of conversations to a model's replicas."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from catalog.vllm_options import spelled
from config.rules.models.placed import each_model
from config.rules.stack import Stack
from config.workloads.vllm import ROUTER_METRICS_PORT


def routers(stack: Stack) -> Iterator[Problem]:
    """A router has replicas to choose from, prefix caches to choose by, one model, and its own port of metrics."""
    vllm = stack.settings.workloads.vllm
    routed = [path for path, _, model in each_model(stack) if model.routing is not None]
    if vllm is not None and vllm.port == ROUTER_METRICS_PORT and routed:
        yield Problem(
            ("workloads", "vllm", "port"),
            f"{ROUTER_METRICS_PORT} is the port of the metrics of routers; choose another one",
            because=((*routed[0], "routing"),),
        )
    for path, _, model in each_model(stack):
        here = (*path, "routing")
        if model.routing is None:
            continue
        if model.most() < 2:
            count = ("replicas",) if model.autoscaling is None else ("autoscaling", "max")
            yield Problem(
                here,
                f"has no effect with one replica; set {'.'.join(count)}: 2, or remove it",
                because=((*path, *count),),
            )
        if model.adapters:
            yield Problem(
                here,
                "the router knows a replica by one model, and answers 404 for its adapters; remove it, or adapters",
                because=((*path, "adapters"),),
            )
        for index, argument in enumerate(model.arguments):
            if spelled(argument) == "disable-prefix-caching":
                yield Problem(
                    (*path, "arguments", index),
                    "without a prefix cache no replica is better for a conversation; remove it, or routing",
                    because=(here,),
                )
