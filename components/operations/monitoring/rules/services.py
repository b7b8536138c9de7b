"""Alerts on the applications of an environment."""

from collections.abc import Callable, Mapping

from components.operations.monitoring.rules.rule import Alert, Group, one_of
from config.applications import Application, Metrics
from config.environments import Alerts
from config.settings import Settings

RESTARTS = 3
"""Restarts within 15 minutes; a single restart can be an accident."""


def by_metric(services: Mapping[str, Application], metric: Callable[[Metrics], str | None]) -> dict[str, str]:
    """Return the services that have a metric, as a matcher's right side, by the metric's name."""
    found: dict[str, list[str]] = {}
    for name, application in services.items():
        if application.metrics is not None and (called := metric(application.metrics)) is not None:
            found.setdefault(called, []).append(name)
    return {called: one_of(names) for called, names in sorted(found.items())}


def requests(metric: str, namespace: str, services: str) -> str:
    """Return the expression for the requests a second of each service."""
    return f'sum by (namespace, service) (rate({metric}{{namespace="{namespace}", service=~"{services}"}}[5m]))'


def errors(metric: str, namespace: str, services: str) -> str:
    """Return the expression for the share of responses with 5xx, from 0 to 1; empty if there are no requests."""
    failed = f'{metric}{{namespace="{namespace}", service=~"{services}", status=~"5.."}}'
    return f"sum by (namespace, service) (rate({failed}[5m])) / {requests(metric, namespace, services)}"


def latency(metric: str, namespace: str, services: str) -> str:
    """Return the expression for the 95th percentile of the request duration, in seconds."""
    series = f'{metric}_bucket{{namespace="{namespace}", service=~"{services}"}}'
    return f"histogram_quantile(0.95, sum by (namespace, service, le) (rate({series}[5m])))"


def queue(metric: str, namespace: str, services: str) -> str:
    """Return the expression for the queue length: the maximum, because all replicas report the same queue."""
    return f'max by (namespace, service) ({metric}{{namespace="{namespace}", service=~"{services}"}})'


def restarts(namespace: str) -> str:
    """Return the expression for the restarts of each container within 15 minutes."""
    series = f'kube_pod_container_status_restarts_total{{namespace="{namespace}"}}'
    return f"sum by (namespace, pod, container) (increase({series}[15m]))"


def service_alerts(settings: Settings, environment: str, alerts: Alerts) -> Group:
    """Return the alerts on errors, latency, queues and restarts."""
    namespace, running = settings.namespace(environment), settings.services(environment)
    service = "{{ $labels.service }}"
    return Group(
        "services",
        environment,
        namespace,
        (
            *(
                Alert(
                    "ErrorRateHigh",
                    f"{errors(metric, namespace, names)} > {alerts.error_percent / 100:g}",
                    "critical",
                    f"{service} fails in {namespace}",
                    "{{ $value | humanizePercentage }} of its answers are 5xx,"
                    f" and {alerts.error_percent:g} % are allowed.",
                    "services-fail-or-are-slow",
                    "5m",
                )
                for metric, names in by_metric(running, lambda metrics: metrics.requests).items()
            ),
            *(
                Alert(
                    "LatencyHigh",
                    f"{latency(metric, namespace, names)} > {alerts.latency_seconds:g}",
                    "warning",
                    f"{service} is slow in {namespace}",
                    "One request of twenty takes longer than {{ $value | humanizeDuration }},"
                    f" and {alerts.latency_seconds:g} s are allowed.",
                    "services-fail-or-are-slow",
                    "10m",
                )
                for metric, names in by_metric(running, lambda metrics: metrics.latency).items()
            ),
            *(
                Alert(
                    "QueueLong",
                    f"{queue(metric, namespace, names)} > {alerts.queue_length}",
                    "warning",
                    f"Work for {service} piles up in {namespace}",
                    f"{{{{ $value }}}} wait, more than {alerts.queue_length}.",
                    "work-piles-up",
                    "10m",
                )
                for metric, names in by_metric(running, lambda metrics: metrics.queue).items()
            ),
            Alert(
                "ContainerRestarts",
                # increase() extrapolates from samples, so its result is slightly below or above an integer.
                f"{restarts(namespace)} > {RESTARTS - 0.5:g}",
                "critical",
                f"{{{{ $labels.pod }}}} starts again and again in {namespace}",
                "Container {{ $labels.container }} started again {{ $value | humanize }} times in 15 minutes.",
                "pods-start-again-and-again",
            ),
        ),
    )
