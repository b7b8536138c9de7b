"""How many replicas of a model there are, and who wakes one that sleeps."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.rules.models.placed import each_model
from config.rules.stack import Stack, in_order


def numbers(stack: Stack) -> Iterator[Problem]:
    """A number of replicas is said in one way, and a model that sleeps can wake."""
    for path, _, model in each_model(stack):
        if model.batch_tokens < max(model.batch_requests, model.concurrency):
            yield Problem(
                (*path, "batchTokens"),
                f"{model.batch_tokens} is less than a token for each of {max(model.batch_requests, model.concurrency)} "
                "requests; raise it, or lower batchRequests",
                because=((*path, "batchRequests"), (*path, "concurrency")),
            )
        scaling, here = model.autoscaling, (*path, "autoscaling")
        yield from in_order(here, scaling)
        if scaling is None:
            continue
        if model.replicas is not None:
            yield Problem((*path, "replicas"), "is not used beside autoscaling; keep one", because=(here,))
        if scaling.min == 0 and scaling.schedule is None and scaling.wake_query is None:
            yield Problem(
                (*here, "min"),
                "0 is for ever: who is off has no waiting requests to count; write 1, or a schedule, or a wakeQuery",
            )
        for key, value in (("schedule", scaling.schedule), ("wakeQuery", scaling.wake_query)):
            if scaling.min > 0 and value is not None:
                yield Problem(
                    (*here, key),
                    "wakes a model that never sleeps; remove it, or write min: 0",
                    because=((*here, "min"),),
                )
        if stack.settings.monitoring is None:
            yield Problem(here, "asks Prometheus, and there is none; add monitoring, or write replicas")
