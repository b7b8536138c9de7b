"""Alerts on the usage of an environment's quota."""

from components.operations.monitoring.rules.rule import Alert, Group
from config.environments import Alerts
from config.settings import Settings


def used(namespace: str) -> str:
    """Return the used share of each resource of the quota, from 0 to 1.

    The two sides differ in the label `type`, which has to be ignored for them to match. Resources with a hard limit of
    0 are excluded.
    """
    return (
        f'kube_resourcequota{{namespace="{namespace}", type="used"}}'
        f' / ignoring(type) (kube_resourcequota{{namespace="{namespace}", type="hard"}} > 0)'
    )


def quota_alerts(settings: Settings, environment: str, alerts: Alerts) -> Group:
    """Return the alert on a quota that is used above `quotaPercent` for five minutes."""
    namespace = settings.namespace(environment)
    return Group(
        "quota",
        environment,
        namespace,
        (
            Alert(
                "ResourceQuotaExceeded",
                f"{used(namespace)} > {alerts.quota_percent / 100:g}",
                "warning",
                f"{namespace} uses more than {alerts.quota_percent} % of its quota",
                f"{{{{ $labels.resource }}}} of {{{{ $labels.resourcequota }}}} in {namespace}:"
                " {{ $value | humanizePercentage }} used. Above 100 % no further pod is made.",
                "quota-nearly-used-up",
                "5m",
            ),
        ),
    )
