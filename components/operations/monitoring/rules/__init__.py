"""The alerting rules of every environment, as data."""

from collections.abc import Iterator

from components.operations.monitoring.rules.jobs import job_alerts
from components.operations.monitoring.rules.quota import quota_alerts
from components.operations.monitoring.rules.rule import Group
from components.operations.monitoring.rules.services import service_alerts
from components.operations.monitoring.rules.stores import store_alerts
from config.settings import Settings


def groups(settings: Settings) -> Iterator[Group]:
    """Yield the groups of every environment that has `alerts`."""
    for environment, chosen in settings.environments.items():
        if chosen.alerts is None:
            continue
        yield quota_alerts(settings, environment, chosen.alerts)
        if not chosen.alerts.services:
            continue
        yield service_alerts(settings, environment, chosen.alerts)
        yield job_alerts(settings, environment)
        if (watched := store_alerts(settings, environment, chosen.alerts)) is not None:
            yield watched
