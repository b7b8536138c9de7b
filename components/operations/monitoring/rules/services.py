"""How the applications of an environment answer."""

from collections.abc import Callable, Mapping

from components.operations.monitoring.rules.rule import Alert, Group, one_of
from config.applications import Application, Metrics
from config.environments import Alerts
from config.settings import Settings

RESTARTS = 3
"""In a quarter of an hour: one may be an accident."""


def by_metric(services: Mapping[str, Application], metric: Callable[[Metrics], str | None]) -> dict[str, str]:
    """The services, as a matcher's right side, by the name that they give to a metric; those that have it."""
    found: dict[str, list[str]] = {}
    for name, application in services.items():
        if application.metrics is not None and (called := metric(application.metrics)) is not None:
            found.setdefault(called, []).append(name)
    return {called: one_of(names) for called, names in sorted(found.items())}


def requests(metric: str, namespace: str, services: str) -> str:
    """Requests a second of each service."""
    return f'sum by (namespace, service) (rate({metric}{{namespace="{namespace}", service=~"{services}"}}[5m]))'


def errors(metric: str, namespace: str, services: str) -> str:
    """The part of them that is answered with 5xx, from 0 to 1; nothing where nothing is asked."""
    failed = f'{metric}{{namespace="{namespace}", service=~"{services}", status=~"5.."}}'
    return f"sum by (namespace, service) (rate({failed}[5m])) / {requests(metric, namespace, services)}"


def latency(metric: str, namespace: str, services: str) -> str:
    """The 95th percentile of the seconds that a request takes."""
    series = f'{metric}_bucket{{namespace="{namespace}", service=~"{services}"}}'
    return f"histogram_quantile(0.95, sum by (namespace, service, le) (rate({series}[5m])))"


def queue(metric: str, namespace: str, services: str) -> str:
    """What waits. Replicas look at one queue, so that the sum would count it several times."""
    return f'max by (namespace, service) ({metric}{{namespace="{namespace}", service=~"{services}"}})'


def restarts(namespace: str) -> str:
    """How often each container started again in a quarter of an hour."""
    series = f'kube_pod_container_status_restarts_total{{namespace="{namespace}"}}'
    return f"sum by (namespace, pod, container) (increase({series}[15m]))"


def service_alerts(settings: Settings, environment: str, alerts: Alerts) -> Group:
    """Errors, latency, queues and restarts."""
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
                # What increase() reckons from samples is a little less or more than a whole number.
                f"{restarts(namespace)} > {RESTARTS - 0.5:g}",
                "critical",
                f"{{{{ $labels.pod }}}} starts again and again in {namespace}",
                "Container {{ $labels.container }} started again {{ $value | humanize }} times in 15 minutes.",
                "pods-start-again-and-again",
            ),
        ),
    )
