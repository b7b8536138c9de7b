"""What an alert is, as the operator of Prometheus has it."""

from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["critical", "warning"]

RUNBOOK = "docs/operate.md"
"""Of this repository."""


@dataclass(frozen=True)
class Alert:
    """One rule that tells somebody."""

    name: str
    """Without the environment, which comes before it."""

    expression: str
    severity: Severity
    summary: str
    description: str
    runbook: str
    """The anchor in the page of runbooks."""

    wait: str | None = None
    """How long it has to hold."""


@dataclass(frozen=True)
class Group:
    """The alerts of an environment about one thing: a PrometheusRule."""

    name: str
    environment: str
    namespace: str
    alerts: tuple[Alert, ...]

    def spec(self) -> dict[str, Any]:
        """The PrometheusRule's `spec`, which is also a rule file of Prometheus."""
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
            # Alertmanager finds the way by the namespace, which not every expression leaves.
            "labels": {"namespace": self.namespace, "severity": alert.severity, "environment": self.environment},
            "annotations": {
                "summary": alert.summary,
                "description": alert.description,
                "runbook": f"{RUNBOOK}#{alert.runbook}",
            },
        }


def camel(key: str) -> str:
    """`Dev` of dev, `LoadTest` of load-test."""
    return "".join(part[:1].upper() + part[1:] for part in key.split("-"))


def one_of(names: list[str]) -> str:
    """A matcher's right side for several names, none of which has letters that mean something in an expression."""
    return "|".join(sorted(names))
