"""Replicas and autoscaling of a model."""

import re
from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.rules.models.placed import each_model
from config.rules.stack import Stack, in_order

_GROWTH = re.compile(r"\b(?:increase|rate|irate|delta|idelta)\s*\(")
"""Functions of the growth of a counter: https://prometheus.io/docs/prometheus/latest/querying/functions/#increase"""


def numbers(stack: Stack) -> Iterator[Problem]:
    """Replicas are set in one place, and a model that scales to zero has a trigger that starts it."""
    for path, _, model in each_model(stack):
        if model.batch_tokens < max(model.batch_requests, model.concurrency):
            yield Problem(
                (*path, "batchTokens"),
                f"{model.batch_tokens} is less than one token for each of "
                f"{max(model.batch_requests, model.concurrency)} requests; increase it, or decrease batchRequests",
                because=((*path, "batchRequests"), (*path, "concurrency")),
            )
        scaling, here = model.autoscaling, (*path, "autoscaling")
        yield from in_order(here, scaling)
        if scaling is None:
            continue
        if model.replicas is not None:
            yield Problem((*path, "replicas"), "has no effect with autoscaling; remove one of them", because=(here,))
        if scaling.min == 0 and scaling.schedule is None and scaling.wake_query is None:
            yield Problem(
                (*here, "min"),
                "nothing starts a model with 0 replicas, because it has no waiting requests; set 1, or schedule, or "
                "wakeQuery",
            )
        for key, value in (("schedule", scaling.schedule), ("wakeQuery", scaling.wake_query)):
            if scaling.min > 0 and value is not None:
                yield Problem(
                    (*here, key),
                    f"has no effect with min: {scaling.min}; remove it, or set min: 0",
                    because=((*here, "min"),),
                )
        query = scaling.wake_query or ""
        if _GROWTH.search(query) and not any(word in query for word in ("offset", "absent")):
            yield Problem(
                (*here, "wakeQuery"),
                "is 0 for the first request, which creates the counter at 1, without an increase; add "
                "`or count(<counter> unless <counter> offset 5m)`",
                "warning",
            )
        if stack.settings.monitoring is None:
            yield Problem(here, "requires the section monitoring; add it, or set replicas instead")
