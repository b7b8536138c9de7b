"""Prometheus, Alertmanager and Grafana."""

from typing import Self

from pydantic import Field, model_validator

from catalog.reading.model import Model
from config.overrides import ChartValues
from config.secrets import SecretKey
from config.types.contacts import SlackChannel
from config.types.names import DnsName, Name
from config.types.programs import PackageVersion
from config.types.quantities import Quantity
from config.types.references import ReceiverRef

NAMESPACE = "monitoring"
"""Namespace of Prometheus, Alertmanager and Grafana."""

PROMETHEUS_SERVICE = "monitoring-prometheus"
PROMETHEUS_PORT = 9090


class Slack(Model):
    """Messages to a Slack channel, through an incoming webhook."""

    webhook: SecretKey
    """Where the webhook's URL is kept."""

    channel: SlackChannel
    """Such as #alerts."""


class PagerDuty(Model):
    """Incidents in PagerDuty, through Events API v2."""

    routing_key: SecretKey
    """Where the integration key is kept."""


class Receiver(Model):
    """Named in `monitoring.receivers`: one way to reach people."""

    slack: Slack | None = None
    """Messages to a channel."""

    pagerduty: PagerDuty | None = None
    """Incidents."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.slack is None) == (self.pagerduty is None):
            raise ValueError("reaches nobody, or by two ways at once; write one of slack and pagerduty")
        return self


class Storage(Model):
    """How much Prometheus keeps."""

    size: Quantity = "50Gi"
    """Its volume."""

    retention_days: int = Field(default=15, ge=1, le=365)
    """How long."""


class Monitoring(Model):
    """Section `ai-platform:monitoring`: installed where it stands in the stack file."""

    version: PackageVersion | None = None
    """The chart version; the one in catalog/versions.py when left out."""

    values: ChartValues = {}
    """Values of the chart, merged last over the platform's own."""

    storage: Storage = Storage()
    """What Prometheus keeps."""

    receivers: dict[Name, Receiver] = Field(min_length=1)
    """Ways to reach people, by name."""

    default_receiver: ReceiverRef
    """Who gets what no environment claims: the cluster's own alerts."""

    host: DnsName | None = None
    """Grafana's public name; without one `kubectl port-forward` leads to it."""
