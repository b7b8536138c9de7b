"""Who reaches whom in the namespace of monitoring, and what Prometheus reaches beyond it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from components.cluster.addons.keda import NAMESPACE as KEDA
from components.cluster.addons.keda import scales
from components.kubernetes.network_policy import (
    NAMESPACE_LABEL,
    Ports,
    Rule,
    anywhere,
    namespace,
    network,
    pods,
    to_identity,
)
from components.operations.monitoring.names import (
    ALERTMANAGER,
    ALERTMANAGER_PORT,
    COREDNS_PORT,
    EXPORTER,
    EXPORTER_PORT,
    GRAFANA_PODS,
    GRAFANA_PORT,
    KUBELET_PORT,
    NODE_EXPORTER_PORT,
    OPERATOR,
    OPERATOR_PORT,
    PROMETHEUS,
    RELOADER_PORT,
    STATE_METRICS,
    STATE_METRICS_PORTS,
)
from config.monitoring import PROMETHEUS_PORT
from config.settings import Settings


@dataclass(frozen=True)
class Part:
    """What the pods of one part may do beside looking up names."""

    name: str
    pods: Mapping[str, str]
    ingress: list[Rule]
    egress: list[Rule]


def parts(settings: Settings, *, balancer: Sequence[str], exporter: bool) -> Iterator[Part]:
    """Each part's traffic; `balancer` is where people's requests to Grafana come from."""
    prometheus, grafana, alertmanager = pods(PROMETHEUS), pods(GRAFANA_PODS), pods(ALERTMANAGER)
    # The API server, AWS, Slack and PagerDuty, which have no addresses that a policy could name.
    elsewhere = Rule((anywhere(),), _tcp(443))
    yield Part(
        "prometheus",
        PROMETHEUS,
        ingress=[
            # KEDA asks how many requests wait.
            Rule((prometheus, grafana, *([namespace(KEDA)] if scales(settings) else [])), _tcp(PROMETHEUS_PORT)),
            Rule((prometheus,), _tcp(RELOADER_PORT)),
        ],
        egress=[*_scrapes(settings, exporter=exporter), elsewhere],
    )
    yield Part(
        "alertmanager",
        ALERTMANAGER,
        ingress=[Rule((prometheus, grafana), _tcp(ALERTMANAGER_PORT)), Rule((prometheus,), _tcp(RELOADER_PORT))],
        egress=[elsewhere],
    )
    yield Part(
        "grafana",
        GRAFANA_PODS,
        ingress=[Rule((prometheus, *map(network, balancer)), _tcp(GRAFANA_PORT))],
        # The API server tells its sidecars of dashboards.
        egress=[
            Rule((prometheus,), _tcp(PROMETHEUS_PORT)),
            Rule((alertmanager,), _tcp(ALERTMANAGER_PORT)),
            elsewhere,
        ],
    )
    yield Part(
        "kube-state-metrics",
        STATE_METRICS,
        ingress=[Rule((prometheus,), _tcp(*STATE_METRICS_PORTS))],
        egress=[elsewhere],
    )
    yield Part("operator", OPERATOR, ingress=[Rule((prometheus,), _tcp(OPERATOR_PORT))], egress=[elsewhere])
    if exporter:
        yield Part(
            "cloudwatch-exporter",
            EXPORTER,
            ingress=[Rule((prometheus,), _tcp(EXPORTER_PORT))],
            egress=[elsewhere, *to_identity(settings.cluster.workload_identity)],
        )


def _scrapes(settings: Settings, *, exporter: bool) -> Iterator[Rule]:
    """Whom Prometheus asks, beside the API server."""
    yield Rule((pods(PROMETHEUS),), _tcp(PROMETHEUS_PORT, RELOADER_PORT))
    yield Rule((pods(ALERTMANAGER),), _tcp(ALERTMANAGER_PORT, RELOADER_PORT))
    yield Rule((pods(GRAFANA_PODS),), _tcp(GRAFANA_PORT))
    yield Rule((pods(STATE_METRICS),), _tcp(*STATE_METRICS_PORTS))
    yield Rule((pods(OPERATOR),), _tcp(OPERATOR_PORT))
    if exporter:
        yield Rule((pods(EXPORTER),), _tcp(EXPORTER_PORT))
    # Kubelets, and node-exporter at the nodes' own addresses.
    nodes = tuple(map(network, settings.network.private_cidrs()))
    yield Rule(nodes, _tcp(KUBELET_PORT, NODE_EXPORTER_PORT))
    names = {
        "namespaceSelector": {"matchLabels": {NAMESPACE_LABEL: "kube-system"}},
        "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
    }
    yield Rule((names,), _tcp(COREDNS_PORT))
    for name, ports in settings.scraped().items():
        yield Rule((namespace(name),), _tcp(*ports))


def _tcp(*ports: int) -> Ports:
    return tuple(("TCP", port) for port in ports)
