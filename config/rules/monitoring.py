"""Notification targets, deliveries by Argo CD, and secrets."""

import re
from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.applications import Scaling
from config.promql import LEAST_SECONDS, fault, is_single, short_range
from config.rules.stack import Rule, Stack
from config.serving.scaling import ModelScaling
from config.walk import each


def receivers(stack: Stack) -> Iterator[Problem]:
    """Notification targets exist, and each target receives alerts."""
    environments = stack.settings.environments
    for name, environment in environments.items():
        alerts, path = environment.alerts, ("environments", name, "alerts")
        if alerts is None:
            continue
        if "monitoring" in stack.sections:
            yield from stack.reference((*path, "receiver"), alerts.receiver, "monitoring.receivers")
        else:
            message = "requires the section monitoring; add it, or remove alerts"
            yield Problem(path, message, severity="warning")
    monitoring = stack.settings.monitoring
    if monitoring is None:
        return
    told = {one.alerts.receiver for one in environments.values() if one.alerts} | {monitoring.default_receiver}
    for name in monitoring.receivers:
        if name not in told:
            yield Problem(
                ("monitoring", "receivers", name),
                "receives no alerts; set it in an environment's alerts or as defaultReceiver, or remove it",
                severity="warning",
                because=(("environments",), ("monitoring", "defaultReceiver")),
            )


def deliveries(stack: Stack) -> Iterator[Problem]:
    """A delivery requires Argo CD, and self-healing requires automatic sync."""
    for name, environment in stack.settings.environments.items():
        delivery, path = environment.delivery, ("environments", name, "delivery")
        if delivery is None:
            continue
        if "gitops" not in stack.sections:
            message = "requires the section gitops; add it, or remove the delivery"
            yield Problem(path, message, severity="warning")
        if delivery.self_heal and not delivery.automatic:
            yield Problem(
                (*path, "selfHeal"),
                "has no effect with automatic: false; set false",
                because=((*path, "automatic"),),
            )


def queries(stack: Stack) -> Iterator[Problem]:
    """A query that replicas follow has a Prometheus."""
    if stack.settings.monitoring is None:
        for path, scaling in each(stack.settings, Scaling):
            if scaling.query is not None:
                yield Problem(
                    (*path, "query"),
                    "requires the section monitoring; add it, or remove query and perReplica",
                    because=(("monitoring",),),
                )


def values_of_queries(stack: Stack) -> Iterator[Problem]:
    """A query that replicas follow parses, and gives one value: KEDA stops scaling with several.

    https://keda.sh/docs/latest/scalers/prometheus/
    """
    found = [((*path, "query"), one.query) for path, one in each(stack.settings, Scaling)]
    found += [((*path, "wakeQuery"), one.wake_query) for path, one in each(stack.settings, ModelScaling)]
    for path, query in found:
        if query is None:
            continue
        reason, window = fault(query), short_range(query)
        if reason is not None:
            yield Problem(path, f"{reason}, so that Prometheus rejects it; close it")
        elif not is_single(query):
            yield Problem(
                path,
                "can give several series, such as one of each pod, and KEDA scales only by one; use sum(...) or "
                "max(...)",
                severity="warning",
            )
        if window is not None:
            yield Problem(
                path,
                f"{window} holds fewer than two samples, which are {LEAST_SECONDS // 2} seconds apart, so that the "
                "result is empty; use [2m] or more",
                severity="warning",
            )


FASTEST_REPEAT = 300
"""Seconds between two notifications of a group, `group_interval`: none is repeated earlier."""

LARGEST_BUCKET = 10
"""Largest finite bucket of Prometheus' client libraries in seconds: quantiles are never above it.
https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile"""


def alerts(stack: Stack) -> Iterator[Problem]:
    """Alerts can fire: there are metrics, and thresholds within what they measure."""
    for name, environment in stack.settings.environments.items():
        found, path = environment.alerts, ("environments", name, "alerts")
        if found is None:
            continue
        silent = [
            service
            for service in environment.services
            if service in stack.settings.applications and stack.settings.applications[service].metrics is None
        ]
        if found.services and silent and len(silent) == len(environment.services):
            yield Problem(
                (*path, "services"),
                f"no service has metrics, so that alerts on errors and latency never fire; set metrics of "
                f"applications.{silent[0]}",
                severity="warning",
                because=(("applications",),),
            )
        if found.services and found.latency_seconds >= LARGEST_BUCKET:
            yield Problem(
                (*path, "latencySeconds"),
                f"{found.latency_seconds:g} is not below the largest bucket of Prometheus' client libraries, "
                f"{LARGEST_BUCKET} seconds, so that the alert fires only with buckets of your own; decrease it",
                severity="warning",
            )
        if _seconds(found.repeat_interval) < FASTEST_REPEAT:
            yield Problem(
                (*path, "repeatInterval"),
                f"{found.repeat_interval} is less than the interval of notifications, 5m, and has no effect; set 5m or "
                "more",
                severity="warning",
            )


def _seconds(duration: str) -> int:
    units = {"h": 3600, "m": 60, "s": 1}
    return sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+)([hms])", duration))


def metric_names(stack: Stack) -> Iterator[Problem]:
    """A histogram is named without the endings of its series."""
    for name, application in stack.settings.applications.items():
        latency = application.metrics.latency if application.metrics is not None else ""
        ending = next((one for one in ("_bucket", "_count", "_sum") if latency.endswith(one)), None)
        if ending is not None:
            yield Problem(
                ("applications", name, "metrics", "latency"),
                f"{latency} is a series of the histogram, to which alerts add the ending; "
                f"set {latency.removesuffix(ending)}",
            )


RULES: tuple[Rule, ...] = (receivers, deliveries, queries, values_of_queries, alerts, metric_names)
