"""KEDA: scales replicas by Prometheus metrics."""

from collections.abc import Iterator
from typing import Any, ClassVar

import pulumi

from catalog.kubernetes_kinds import Kind
from catalog.versions import KEDA
from components.base.component import Component
from components.cluster.addons.addon import AddonContext, AddonType, Installed, own_namespace, release, spread
from components.kubernetes.charts import Chart, SystemPods, Values
from components.kubernetes.network_policy import Rule, namespace
from config.addons import Keda as KedaSettings
from config.monitoring import NAMESPACE as MONITORING_NAMESPACE
from config.monitoring import PROMETHEUS_PORT

API_PORT = 6443
"""Port at which the API server requests the metrics of autoscalers."""

OPERATOR_PORT = 9666
"""Port at which the metrics server queries the operator."""

_OWN_PODS: dict[str, Any] = {"podSelector": {}}


class Keda(Component, Installed):
    """The operator, and the metrics server that autoscalers query. Scaled workloads allow Prometheus to scrape them."""

    TOKEN: ClassVar[str] = "ai-platform:addons:Keda"

    def __init__(
        self,
        name: str,
        settings: KedaSettings,
        *,
        context: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        own = Rule((_OWN_PODS,), (("TCP", OPERATOR_PORT),))
        prometheus = Rule((namespace(MONITORING_NAMESPACE),), (("TCP", PROMETHEUS_PORT),))
        policy = own_namespace(
            self, settings, context, policy="operator", port=API_PORT, ingress=[own], egress=[own, prometheus]
        )
        chart = release(
            name,
            settings,
            context,
            chart=KEDA,
            namespace="keda",
            values=_values(context.replicas),
            opts=self.child(depends_on=[policy]),
        )
        self.installed = [chart]
        self.finish()


def _values(replicas: int) -> dict[str, Any]:
    """Return the chart values: https://github.com/kedacore/charts/blob/main/keda/values.yaml"""
    budget = {"maxUnavailable": 1} if replicas > 1 else {}
    return {
        "operator": {"replicaCount": replicas},
        "metricsServer": {"replicaCount": replicas},
        # The validation of the stack file covers more, and runs before the deployment.
        "webhooks": {"enabled": False},
        "image": {"pullPolicy": "IfNotPresent"},
        "podDisruptionBudget": {"operator": budget, "metricServer": budget},
        "podSecurityContext": {part: {"runAsNonRoot": True} for part in ("operator", "metricServer")},
        "resources": {
            "operator": {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"cpu": None, "memory": "512Mi"}},
            "metricServer": {"requests": {"cpu": "25m", "memory": "96Mi"}, "limits": {"cpu": None, "memory": "256Mi"}},
        },
        "topologySpreadConstraints": {
            "operator": spread(replicas, "keda-operator"),
            "metricsServer": spread(replicas, "keda-operator-metrics-apiserver"),
        },
        "priorityClassName": "system-cluster-critical",
        # No cloud identities: KEDA queries only Prometheus.
        "rbac": {"aggregateToDefaultRoles": False},
    }


def _pods(values: Values) -> Iterator[SystemPods]:
    """Yield the pods: https://github.com/kedacore/charts/tree/main/keda"""
    asked, spreads = values.get("resources", {}), values.get("topologySpreadConstraints", {})
    for name, part in (("keda-operator", "operator"), ("keda-operator-metrics-apiserver", "metricsServer")):
        key = "metricServer" if part == "metricsServer" else part
        yield SystemPods(
            name,
            [asked.get(key, {}).get("requests", {})],
            namespace="keda",
            replicas=values.get(part, {}).get("replicaCount", 1),
            priority_class=values.get("priorityClassName", ""),
            spread=spreads.get(part, ()),
            restricted=True,
        )


ADDON = AddonType(
    Keda,
    {"keda": Chart(_pods, kinds={"keda.sh/v1alpha1:ScaledObject": Kind()}, definitions="templates")},
    after="names",
    gives="controllers",
)
