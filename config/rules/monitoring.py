"""Who is told, and what is delivered."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.rules.stack import Rule, Stack


def receivers(stack: Stack) -> Iterator[Problem]:
    """Whoever is to be told is there, and whoever is there is told something."""
    environments = stack.settings.environments
    for name, environment in environments.items():
        alerts, path = environment.alerts, ("environments", name, "alerts")
        if alerts is None:
            continue
        if "monitoring" in stack.sections:
            yield from stack.reference((*path, "receiver"), alerts.receiver, "monitoring.receivers")
        else:
            yield Problem(path, "say nothing without monitoring; add that section, or remove them", severity="warning")
    monitoring = stack.settings.monitoring
    if monitoring is None:
        return
    told = {one.alerts.receiver for one in environments.values() if one.alerts} | {monitoring.default_receiver}
    for name in monitoring.receivers:
        if name not in told:
            yield Problem(
                ("monitoring", "receivers", name),
                "is told nothing; name it in an environment's alerts or as defaultReceiver, or remove it",
                severity="warning",
                because=(("environments",), ("monitoring", "defaultReceiver")),
            )


def deliveries(stack: Stack) -> Iterator[Problem]:
    """Argo CD is there for what it delivers, and heals nothing that waits for a person."""
    for name, environment in stack.settings.environments.items():
        delivery, path = environment.delivery, ("environments", name, "delivery")
        if delivery is None:
            continue
        if "gitops" not in stack.sections:
            yield Problem(path, "brings nothing without gitops; add that section, or remove it", severity="warning")
        if delivery.self_heal and not delivery.automatic:
            yield Problem(
                (*path, "selfHeal"),
                "true heals nothing where automatic is false: a person agrees to each change; write false",
                because=((*path, "automatic"),),
            )


RULES: tuple[Rule, ...] = (receivers, deliveries)
