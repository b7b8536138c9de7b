"""A dashboard of each environment, as Grafana's JSON.

https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from components.operations.monitoring.names import DATA_SOURCE
from components.operations.monitoring.rules import services, stores
from components.operations.monitoring.rules.quota import used
from components.operations.monitoring.rules.rule import camel
from config.applications import Metrics
from config.settings import Settings

SCHEMA_VERSION = 39
WIDTH, HEIGHT = 12, 8
"""Width and height of a panel, in grid units; a dashboard is 24 wide."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One expression of a panel, and the legend of its series."""

    expression: str
    legend: str


@dataclass(frozen=True)
class Panel:
    """A panel with time series."""

    title: str
    unit: str
    """Unit of Grafana:
    https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts
    """

    lines: tuple[Line, ...]


def title(settings: Settings, environment: str) -> str:
    """Return the title of a dashboard, such as `Production Metrics` for the environment with the title Production."""
    return f"{settings.environments[environment].title or camel(environment)} Metrics"


def panels(settings: Settings, environment: str) -> Iterator[Panel]:
    """Yield the panels of an environment: its resource usage, its applications' traffic, and its data stores."""
    namespace, name = settings.namespace(environment), camel(environment)
    chosen = f'namespace="{namespace}"'
    yield Panel(
        f"{name} Namespace CPU",
        "short",
        # Select containers only: the kubelet's series of whole pods are dropped before they are stored.
        (Line(f"sum(rate(container_cpu_usage_seconds_total{{{chosen}}}[5m]))", "cores"),),
    )
    yield Panel(
        f"{name} Namespace Memory",
        "bytes",
        (Line(f"sum(container_memory_working_set_bytes{{{chosen}}})", "working set"),),
    )
    yield Panel(f"{name} Quota Used", "percentunit", (Line(used(namespace), "{{resource}}"),))
    yield Panel(f"{name} Restarts", "short", (Line(services.restarts(namespace), "{{pod}} {{container}}"),))
    yield from _of_services(settings, environment)
    yield from _of_stores(settings, environment)


def _of_services(settings: Settings, environment: str) -> Iterator[Panel]:
    namespace, running, name = settings.namespace(environment), settings.services(environment), camel(environment)
    wanted = (
        ("Requests", "reqps", lambda metrics: metrics.requests, services.requests),
        ("Errors", "percentunit", lambda metrics: metrics.requests, services.errors),
        ("Latency (95th percentile)", "s", lambda metrics: metrics.latency, services.latency),
        ("Queue", "short", _queue, services.queue),
    )
    for what, unit, metric, expression in wanted:
        lines = tuple(
            Line(expression(called, namespace, names), "{{service}}")
            for called, names in services.by_metric(running, metric).items()
        )
        if lines:
            yield Panel(f"{name} {what}", unit, lines)


def _queue(metrics: Metrics) -> str | None:
    return metrics.queue


def _of_stores(settings: Settings, environment: str) -> Iterator[Panel]:
    database, cache = settings.environments[environment].database, settings.environments[environment].cache
    name = camel(environment)
    if database is not None:
        key = database.cluster
        yield Panel(f"{name} Database Capacity Used", "percent", (Line(stores.database(settings, key), key),))
        if key in settings.aurora_clusters:
            cluster = f'dimension_DBClusterIdentifier="{settings.aurora_identifier(key)}"'
            yield Panel(
                f"{name} Database ACU",
                "short",
                (Line(f"max({stores.AURORA_UNITS}{{{cluster}}})", "capacity units"),),
            )
    if cache is not None:
        memory = Line(stores.cache_memory(settings, cache.cache), "{{dimension_CacheClusterId}}")
        yield Panel(f"{name} Cache Memory Used", "percent", (memory,))


def dashboard(settings: Settings, environment: str) -> Json:
    """Return the dashboard. Its URL does not change, so links remain valid."""
    return {
        "uid": f"{settings.project.name}-{environment}"[:40],
        "title": title(settings, environment),
        "tags": [environment, settings.project.name],
        "schemaVersion": SCHEMA_VERSION,
        "editable": False,
        "timezone": "browser",
        "refresh": "1m",
        "time": {"from": "now-6h", "to": "now"},
        "panels": [_panel(panel, number) for number, panel in enumerate(panels(settings, environment))],
    }


def _panel(panel: Panel, number: int) -> Json:
    source = {"type": "prometheus", "uid": DATA_SOURCE}
    row, column = divmod(number, 24 // WIDTH)
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": panel.title,
        "datasource": source,
        "gridPos": {"x": column * WIDTH, "y": row * HEIGHT, "w": WIDTH, "h": HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
        "targets": [
            {"refId": chr(ord("A") + place), "datasource": source, "expr": line.expression, "legendFormat": line.legend}
            for place, line in enumerate(panel.lines)
        ],
    }
