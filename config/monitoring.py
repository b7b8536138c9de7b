"""Prometheus, Alertmanager and Grafana."""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from catalog.reading.model import Model
from config.overrides import Refused, of_chart
from config.secrets import SecretKey
from config.types.contacts import SlackChannel
from config.types.names import DnsName, Name
from config.types.programs import PackageVersion
from config.types.quantities import EbsSize
from config.types.references import ReceiverRef

NAMESPACE = "monitoring"
"""Namespace of Prometheus, Alertmanager and Grafana."""

PROMETHEUS_SERVICE = "monitoring-prometheus"
PROMETHEUS_PORT = 9090


Values = Annotated[
    dict[str, Any],
    of_chart(
        Refused(
            (
                *("prometheus.enabled", "prometheusoperator.enabled", "alertmanager.enabled", "grafana.enabled"),
                *("kubestatemetrics.enabled", "nodeexporter.enabled", "grafana.sidecar.*.enabled"),
            ),
            "alerts, dashboards and autoscaling depend on it",
        ),
        Refused(
            ("*selectorniluseshelmvalues", "*monitorselector", "ruleselector", "probeselector", "*namespaceselector"),
            "Prometheus would not find the platform's targets and rules",
        ),
        Refused(
            ("alertmanager.config.*", "alertmanager.tplconfig", "*alertmanagerconfiguration"),
            "use receivers, and alerts of environments",
        ),
        Refused(("prometheus.prometheusspec.retention*", "prometheus.prometheusspec.storagespec.*"), "use storage"),
        Refused(("*scrapeinterval", "*evaluationinterval"), "the windows of alerts depend on it"),
        Refused(("grafana.grafana.ini.server.*",), "use host"),
    ),
]
"""Values of kube-prometheus-stack."""


class Slack(Model):
    """Messages to a Slack channel, through an incoming webhook."""

    webhook: SecretKey
    """Secret with the URL of the webhook."""

    channel: SlackChannel
    """Slack channel, such as #alerts."""


class PagerDuty(Model):
    """Incidents in PagerDuty, through Events API v2."""

    routing_key: SecretKey
    """Secret with the integration key."""


class Receiver(Model):
    """An entry of `monitoring.receivers`: a notification target."""

    slack: Slack | None = None
    """Messages to a Slack channel."""

    pagerduty: PagerDuty | None = None
    """Incidents."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.slack is None) == (self.pagerduty is None):
            raise ValueError("must have exactly one target; set slack or pagerduty")
        return self


class Storage(Model):
    """Storage of Prometheus."""

    size: EbsSize = "50Gi"
    """Size of the volume."""

    retention_days: int = Field(default=15, ge=1, le=365)
    """Retention in days."""


class Monitoring(Model):
    """Section `ai-platform:monitoring`: monitoring is installed if the stack file has this section."""

    version: PackageVersion | None = None
    """Chart version. Default: the one in catalog/versions.py."""

    values: Values = {}
    """Values of the chart, merged last over the platform's own."""

    storage: Storage = Storage()
    """Size and retention of the storage of Prometheus."""

    receivers: dict[Name, Receiver] = Field(min_length=1)
    """Notification targets by name."""

    default_receiver: ReceiverRef
    """Notification target of alerts of the cluster, which belong to no environment."""

    host: DnsName | None = None
    """Public host name of Grafana. Default: none; use `kubectl port-forward`."""
