"""Notification targets, deliveries by Argo CD, and secrets."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.applications import Scaling
from config.rules.stack import Rule, Stack
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


RULES: tuple[Rule, ...] = (receivers, deliveries, queries)
