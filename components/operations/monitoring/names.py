"""Names that the parts of monitoring share."""

from components.kubernetes.pods import APP_LABEL, labels, selector

NODE_NAMESPACE = "node-exporter"
"""Namespace of node-exporter. Its pods read the host, which is not allowed in a namespace with secrets."""

RELEASE = "monitoring"
"""Prefix of the names of Prometheus, Alertmanager and their operator."""

GRAFANA = "grafana"
GRAFANA_LOGIN = "grafana-admin"
DASHBOARD_LABEL = {"grafana_dashboard": "1"}
"""Label of the ConfigMaps that Grafana loads as dashboards."""

DATA_SOURCE = "prometheus"
"""Name of the data source Prometheus in dashboards:
https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources
"""

ALERTMANAGER_PORT = 9093
GRAFANA_PORT = 3000
OPERATOR_PORT = 8080
RELOADER_PORT = 8080
STATE_METRICS_PORTS = (8080, 8081)
NODE_EXPORTER_PORT = 9100
KUBELET_PORT = 10250
COREDNS_PORT = 9153

PROMETHEUS = {APP_LABEL: "prometheus"}
ALERTMANAGER = {APP_LABEL: "alertmanager"}
GRAFANA_PODS = {APP_LABEL: GRAFANA}
STATE_METRICS = {APP_LABEL: "kube-state-metrics"}
OPERATOR = {APP_LABEL: "kube-prometheus-stack-prometheus-operator"}

EXPORTER_APP = "cloudwatch-exporter"
EXPORTER_PORT = 5000
EXPORTER = selector(labels(EXPORTER_APP, "exporter"))


def receiver_secret(receiver: str) -> str:
    """Return the name of the Kubernetes secret of a receiver."""
    return f"receiver-{receiver}"
