"""Alerts and groups in the format of the Prometheus operator."""

from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["critical", "warning"]

RUNBOOK = "docs/operate.md"
"""Page of this repository with the runbooks."""


@dataclass(frozen=True)
class Alert:
    """One alerting rule."""

    name: str
    """Name without its prefix, the environment."""

    expression: str
    severity: Severity
    summary: str
    description: str
    runbook: str
    """Anchor in the page of runbooks."""

    wait: str | None = None
    """How long the condition holds before the alert fires, such as `15m`."""


@dataclass(frozen=True)
class Group:
    """The alerts of an environment on one subject, as one PrometheusRule."""

    name: str
    environment: str
    namespace: str
    alerts: tuple[Alert, ...]

    def spec(self) -> dict[str, Any]:
        """Return the PrometheusRule's `spec`, which is also a valid rule file of Prometheus."""
        return {
            "groups": [
                {"name": f"{self.environment}-{self.name}", "rules": [self._rule(alert) for alert in self.alerts]}
            ]
        }

    def _rule(self, alert: Alert) -> dict[str, Any]:
        return {
            "alert": f"{camel(self.environment)}{alert.name}",
            "expr": alert.expression,
            **({"for": alert.wait} if alert.wait else {}),
            # Alertmanager routes by the namespace, which not every expression keeps.
            "labels": {"namespace": self.namespace, "severity": alert.severity, "environment": self.environment},
            "annotations": {
                "summary": alert.summary,
                "description": alert.description,
                "runbook": f"{RUNBOOK}#{alert.runbook}",
            },
        }


def camel(key: str) -> str:
    """Return a key in camel case: `Dev` for dev, `LoadTest` for load-test."""
    return "".join(part[:1].upper() + part[1:] for part in key.split("-"))


def one_of(names: list[str]) -> str:
    """Return a matcher's right side for several names.

    The names contain no characters that are special in an expression.
    """
    return "|".join(sorted(names))
