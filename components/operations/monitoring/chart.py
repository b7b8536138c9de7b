"""The pods and claims of the chart kube-prometheus-stack."""

from collections.abc import Iterator

from catalog.kubernetes_kinds import Kind
from components.kubernetes.charts import Chart, Charts, SystemPods, Values, apart, asked_at


def _pods(values: Values) -> Iterator[SystemPods]:
    """Yield the pods of the chart.

    Its operator creates Prometheus and Alertmanager, each with a container that reloads its configuration.
    https://github.com/prometheus-community/helm-charts/tree/main/charts/kube-prometheus-stack
    """
    namespace = "monitoring"
    reloader = asked_at(values, "prometheusOperator", "prometheusConfigReloader")
    for name, part, spec in (
        ("prometheus", "prometheus", "prometheusSpec"),
        ("alertmanager", "alertmanager", "alertmanagerSpec"),
    ):
        wanted = values.get(part, {}).get(spec, {})
        yield SystemPods(
            name,
            [asked_at(wanted), reloader],
            namespace=namespace,
            replicas=wanted.get("replicas", 1),
            priority_class=wanted.get("priorityClassName", ""),
            affinity=apart(name),
            restricted=True,
        )
    operator = values.get("prometheusOperator", {})
    yield SystemPods(
        "monitoring-operator",
        [asked_at(operator)],
        namespace=namespace,
        replicas=1,
        priority_class=operator.get("priorityClassName", ""),
        restricted=True,
    )
    sidecar = asked_at(values, "grafana", "sidecar")
    containers = {
        "grafana": [asked_at(values, "grafana"), sidecar, sidecar],
        "kube-state-metrics": [asked_at(values, "kube-state-metrics")],
    }
    for name, asked in containers.items():
        priority = values.get(name, {}).get("priorityClassName", "")
        yield SystemPods(name, asked, namespace=namespace, replicas=1, priority_class=priority, restricted=True)
    nodes = values.get("prometheus-node-exporter", {})
    yield SystemPods(
        "node-exporter",
        [asked_at(nodes)],
        namespace=nodes.get("namespaceOverride", namespace),
        priority_class=nodes.get("priorityClassName", ""),
        tolerations=({"operator": "Exists", "effect": "NoSchedule"},),
        host_network=True,
    )


def _claims(values: Values) -> Iterator[tuple[int, Values]]:
    """Yield a claim for each replica of Prometheus and of Alertmanager: the operator creates their StatefulSets.

    https://github.com/prometheus-community/helm-charts/blob/main/charts/kube-prometheus-stack/values.yaml
    """
    for part, spec, storage in (
        ("prometheus", "prometheusSpec", "storageSpec"),
        ("alertmanager", "alertmanagerSpec", "storage"),
    ):
        wanted = (values.get(part) or {}).get(spec) or {}
        template = (wanted.get(storage) or {}).get("volumeClaimTemplate")
        if template:
            yield int(wanted.get("replicas", 1)), template["spec"]


CHARTS: Charts = {
    "kube-prometheus-stack": Chart(
        _pods,
        _claims,
        kinds={
            f"monitoring.coreos.com/v1:{kind}": Kind() for kind in ("PodMonitor", "PrometheusRule", "ServiceMonitor")
        },
        definitions="release",
    ),
}
