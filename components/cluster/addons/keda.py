"""KEDA: replicas by what Prometheus tells."""

from typing import Any, ClassVar

import pulumi

from catalog.versions import KEDA
from components.base.component import Component
from components.cluster.addons.addon import AddonContext, release, spread
from components.kubernetes.namespace import Namespace
from components.kubernetes.network_policy import Rule, anywhere, namespace, network
from config.addons import Addon as AddonSettings
from config.monitoring import NAMESPACE as MONITORING_NAMESPACE
from config.monitoring import PROMETHEUS_PORT
from config.settings import Settings

NAMESPACE = "keda"
API_PORT = 6443
"""Where the API server asks for the metrics of autoscalers."""

OPERATOR_PORT = 9666
"""Where the metrics server asks the operator."""

_OWN_PODS: dict[str, Any] = {"podSelector": {}}


class Keda(Component):
    """The operator, and the metrics server that autoscalers ask. What it scales lets Prometheus read it."""

    TOKEN: ClassVar[str] = "ai-platform:addons:Keda"

    def __init__(
        self,
        name: str,
        settings: AddonSettings,
        *,
        context: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        own = Namespace(f"{name}-namespace", namespace=NAMESPACE, opts=self.child())
        policy = own.allow(
            "operator",
            pods={},
            ingress=[
                # The API server asks from its network interfaces in the private subnets.
                Rule(tuple(map(network, context.settings.network.api_cidrs())), (("TCP", API_PORT),)),
                Rule((_OWN_PODS,), (("TCP", OPERATOR_PORT),)),
            ],
            egress=[
                Rule((anywhere(),), (("TCP", 443),)),
                Rule((_OWN_PODS,), (("TCP", OPERATOR_PORT),)),
                Rule((namespace(MONITORING_NAMESPACE),), (("TCP", PROMETHEUS_PORT),)),
            ],
            opts=self.child(depends_on=own.policies),
        )
        self.release = release(
            name,
            settings,
            context,
            chart=KEDA,
            namespace=NAMESPACE,
            values=_values(context.replicas),
            opts=self.child(depends_on=[policy]),
        )
        self.finish()


def _values(replicas: int) -> dict[str, Any]:
    """https://github.com/kedacore/charts/blob/main/keda/values.yaml"""
    budget = {"maxUnavailable": 1} if replicas > 1 else {}
    return {
        "operator": {"replicaCount": replicas},
        "metricsServer": {"replicaCount": replicas},
        # The rules of the stack file say more, and say it before.
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
        # No identities of clouds: it asks Prometheus alone.
        "rbac": {"aggregateToDefaultRoles": False},
    }


def scales(settings: Settings) -> bool:
    """Whether something is scaled by it."""
    vllm = settings.workloads.vllm
    return vllm is not None and any(model.autoscaling is not None for model in vllm.models.values())
