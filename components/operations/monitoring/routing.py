"""Routes and receivers: the configuration of Alertmanager.

https://prometheus.io/docs/alerting/latest/configuration/
"""

from collections.abc import Mapping
from typing import Any

from components.operations.monitoring.names import receiver_secret
from components.operations.monitoring.rules.rule import camel
from config.environments import Environment
from config.monitoring import Monitoring, Receiver
from config.settings import Settings

SECRETS_FOLDER = "/etc/alertmanager/secrets"
ROUTING_KEY = "routing-key"
WEBHOOK = "webhook-url"
NOBODY = "null"
"""Receiver without notifications. Watchdog always fires, to show that alerting works; InfoInhibitor only inhibits."""

GROUP_BY = ["namespace", "alertname"]
GROUP_INTERVAL = "5m"
DEFAULT_REPEAT = "4h"

SAID_BEFORE = (
    ("ResourceQuotaExceeded", "KubeQuota.+", "resource"),
    ("JobFailed", "KubeJobFailed", "job_name"),
)
"""Suffix of an alert of ours (after the environment), the chart's alerts with the same cause, and the label in common.
"""

_SLACK_TITLE = "[{{ .Status | toUpper }}] {{ .CommonLabels.alertname }} ({{ .CommonLabels.namespace }})"
_SLACK_TEXT = (
    "{{ range .Alerts }}*{{ .Annotations.summary }}*\n{{ .Annotations.description }}\n"
    "{{ with .Annotations.runbook }}Runbook: {{ . }}\n{{ end }}{{ end }}"
)
_PAGERDUTY_SEVERITY = "{{ with .CommonLabels.severity }}{{ . }}{{ else }}error{{ end }}"


def alertmanager_configuration(settings: Settings, monitoring: Monitoring) -> dict[str, Any]:
    """Return the content of alertmanager.yaml. It contains no secret."""
    routes = [
        {"receiver": NOBODY, "matchers": ['alertname=~"Watchdog|InfoInhibitor"']},
        *(
            route
            for key, environment in settings.environments.items()
            if (route := _route(environment, settings.namespace(key)))
        ),
    ]
    return {
        "global": {"resolve_timeout": "5m"},
        "route": {
            "receiver": monitoring.default_receiver,
            "group_by": GROUP_BY,
            "group_wait": "30s",
            "group_interval": GROUP_INTERVAL,
            "repeat_interval": DEFAULT_REPEAT,
            "routes": routes,
        },
        "inhibit_rules": _silenced(settings),
        "receivers": [
            {"name": NOBODY},
            *(_receiver(name, receiver) for name, receiver in sorted(monitoring.receivers.items())),
        ],
    }


def _route(environment: Environment, namespace: str) -> dict[str, Any] | None:
    alerts = environment.alerts
    if alerts is None:
        return None
    return {
        "receiver": alerts.receiver,
        "matchers": [f'namespace="{namespace}"'],
        "group_wait": alerts.group_wait,
        "repeat_interval": alerts.repeat_interval,
    }


def _silenced(settings: Settings) -> list[dict[str, Any]]:
    """Return the inhibition rules: the chart's own, and those for the chart's alerts with the same cause as ours."""
    ours = "|".join(camel(key) for key, environment in settings.environments.items() if environment.alerts is not None)
    return [
        _silence(["severity=critical"], ["severity=~warning|info"], ["namespace", "alertname"]),
        _silence(["severity=warning"], ["severity=info"], ["namespace", "alertname"]),
        _silence(["alertname=InfoInhibitor"], ["severity=info"], ["namespace"]),
        *(
            _silence([f'alertname=~"({ours}){said}"'], [f"alertname=~{repeated}"], ["namespace", same])
            for said, repeated, same in SAID_BEFORE
            if ours
        ),
    ]


def _silence(because: list[str], of: list[str], equal: list[str]) -> dict[str, Any]:
    return {"source_matchers": because, "target_matchers": of, "equal": equal}


def _receiver(name: str, receiver: Receiver) -> Mapping[str, Any]:
    folder = f"{SECRETS_FOLDER}/{receiver_secret(name)}"
    if receiver.slack is not None:
        slack = {
            "api_url_file": f"{folder}/{WEBHOOK}",
            "channel": receiver.slack.channel,
            "send_resolved": True,
            "title": _SLACK_TITLE,
            "text": _SLACK_TEXT,
        }
        return {"name": name, "slack_configs": [slack]}
    pagerduty = {
        "routing_key_file": f"{folder}/{ROUTING_KEY}",
        "send_resolved": True,
        "severity": _PAGERDUTY_SEVERITY,
    }
    return {"name": name, "pagerduty_configs": [pagerduty]}


def secret_keys(receiver: Receiver) -> tuple[str, str, str]:
    """Return the key in the receiver's Kubernetes secret, and the source of its value.

    The source is a secret (a key of `secrets`) and its property.
    """
    if receiver.slack is not None:
        return WEBHOOK, receiver.slack.webhook.secret, receiver.slack.webhook.property
    if receiver.pagerduty is not None:
        return ROUTING_KEY, receiver.pagerduty.routing_key.secret, receiver.pagerduty.routing_key.property
    raise LookupError("a receiver reaches people by Slack or by PagerDuty")
