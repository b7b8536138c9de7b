"""Network policies of the monitoring namespace, and the egress of Prometheus."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from components.kubernetes.network_policy import (
    NAMESPACE_LABEL,
    Rule,
    anywhere,
    namespace,
    network,
    pods,
    tcp,
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
from config.parts import installed, scraped
from config.settings import Settings


@dataclass(frozen=True)
class Part:
    """Traffic of the pods of one component, in addition to DNS."""

    name: str
    pods: Mapping[str, str]
    ingress: list[Rule]
    egress: list[Rule]


def parts(settings: Settings, *, balancer: Sequence[str], exporter: bool) -> Iterator[Part]:
    """Yield the traffic of each component. `balancer` is the CIDRs from which requests to Grafana arrive."""
    calling = [one.NAMESPACE for one in installed(settings).values() if one.CALLS_PROMETHEUS and one.NAMESPACE]
    prometheus, grafana, alertmanager = pods(PROMETHEUS), pods(GRAFANA_PODS), pods(ALERTMANAGER)
    # The API server, AWS, Slack and PagerDuty have no fixed addresses that a policy could list.
    elsewhere = Rule((anywhere(),), tcp(443))
    yield Part(
        "prometheus",
        PROMETHEUS,
        ingress=[
            Rule((prometheus, grafana, *map(namespace, calling)), tcp(PROMETHEUS_PORT)),
            Rule((prometheus,), tcp(RELOADER_PORT)),
        ],
        egress=[*_scrapes(settings, exporter=exporter), elsewhere],
    )
    yield Part(
        "alertmanager",
        ALERTMANAGER,
        ingress=[Rule((prometheus, grafana), tcp(ALERTMANAGER_PORT)), Rule((prometheus,), tcp(RELOADER_PORT))],
        egress=[elsewhere],
    )
    yield Part(
        "grafana",
        GRAFANA_PODS,
        ingress=[Rule((prometheus, *map(network, balancer)), tcp(GRAFANA_PORT))],
        # The sidecars read dashboards from the API server.
        egress=[
            Rule((prometheus,), tcp(PROMETHEUS_PORT)),
            Rule((alertmanager,), tcp(ALERTMANAGER_PORT)),
            elsewhere,
        ],
    )
    yield Part(
        "kube-state-metrics",
        STATE_METRICS,
        ingress=[Rule((prometheus,), tcp(*STATE_METRICS_PORTS))],
        egress=[elsewhere],
    )
    yield Part("operator", OPERATOR, ingress=[Rule((prometheus,), tcp(OPERATOR_PORT))], egress=[elsewhere])
    if exporter:
        yield Part(
            "cloudwatch-exporter",
            EXPORTER,
            ingress=[Rule((prometheus,), tcp(EXPORTER_PORT))],
            egress=[elsewhere, *to_identity(settings.cluster.workload_identity)],
        )


def _scrapes(settings: Settings, *, exporter: bool) -> Iterator[Rule]:
    """Yield the scrape targets of Prometheus, except the API server."""
    yield Rule((pods(PROMETHEUS),), tcp(PROMETHEUS_PORT, RELOADER_PORT))
    yield Rule((pods(ALERTMANAGER),), tcp(ALERTMANAGER_PORT, RELOADER_PORT))
    yield Rule((pods(GRAFANA_PODS),), tcp(GRAFANA_PORT))
    yield Rule((pods(STATE_METRICS),), tcp(*STATE_METRICS_PORTS))
    yield Rule((pods(OPERATOR),), tcp(OPERATOR_PORT))
    if exporter:
        yield Rule((pods(EXPORTER),), tcp(EXPORTER_PORT))
    # Kubelets and node-exporter, at the nodes' addresses.
    nodes = tuple(map(network, settings.network.private_cidrs()))
    yield Rule(nodes, tcp(KUBELET_PORT, NODE_EXPORTER_PORT))
    names = {
        "namespaceSelector": {"matchLabels": {NAMESPACE_LABEL: "kube-system"}},
        "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
    }
    yield Rule((names,), tcp(COREDNS_PORT))
    for name, ports in scraped(settings).items():
        yield Rule((namespace(name),), tcp(*ports))
