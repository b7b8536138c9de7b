"""Notification targets, deliveries by Argo CD, and secrets."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from config.rules.stack import Stack
from config.secrets import SecretKey


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
    yield from stack.reference(("monitoring", "defaultReceiver"), monitoring.default_receiver, "monitoring.receivers")
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


def secrets(stack: Stack) -> Iterator[Problem]:
    """Referenced secrets exist."""
    for path, name in _named(stack):
        yield from stack.reference(path, name, "secrets")


def _named(stack: Stack) -> Iterator[tuple[Path, str]]:
    keys: list[tuple[Path, SecretKey]] = []
    for name, application in stack.settings.applications.items():
        keys += [(("applications", name, "secrets", key), value) for key, value in application.secrets.items()]
    monitoring, gitops = stack.settings.monitoring, stack.settings.gitops
    for name, receiver in monitoring.receivers.items() if monitoring else ():
        path: Path = ("monitoring", "receivers", name)
        if receiver.slack:
            keys.append(((*path, "slack", "webhook"), receiver.slack.webhook))
        if receiver.pagerduty:
            keys.append(((*path, "pagerduty", "routingKey"), receiver.pagerduty.routing_key))
    if gitops and gitops.notifications:
        keys.append((("gitops", "notifications", "token"), gitops.notifications.token))
    yield from (((*path, "secret"), key.secret) for path, key in keys)
    if gitops and gitops.credentials:
        yield ("gitops", "credentials"), gitops.credentials
