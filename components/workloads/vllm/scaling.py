"""Autoscaling by the number of waiting requests."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from config.monitoring import NAMESPACE as MONITORING_NAMESPACE
from config.monitoring import PROMETHEUS_PORT, PROMETHEUS_SERVICE
from config.schedules import Schedule, kubernetes_expression
from config.serving.scaling import ModelScaling
from config.workloads.vllm import NAMESPACE, VllmModel, replicas_service

API_VERSION = "keda.sh/v1alpha1"
POLLING_SECONDS = 15
WAITING = "vllm:num_requests_waiting"
"""https://docs.vllm.ai/en/latest/usage/metrics/"""


def scaled_object(
    model: str,
    served: VllmModel,
    settings: ModelScaling,
    *,
    target: dict[str, str],
    schedule: Schedule | None,
    metadata: kubernetes.meta.v1.ObjectMetaArgs,
    opts: pulumi.ResourceOptions,
) -> kubernetes.apiextensions.CustomResource:
    """Create KEDA's ScaledObject, which creates an autoscaler: https://keda.sh/docs/latest/reference/scaledobject-spec/

    It adds one replica at a time, and removes one after a period without waiting requests: loading a model takes
    minutes.
    """
    cooldown = settings.cooldown_minutes * 60
    step = [{"type": "Pods", "value": 1, "periodSeconds": 60}]
    behavior = {
        "scaleUp": {"stabilizationWindowSeconds": 0, "policies": step},
        "scaleDown": {"stabilizationWindowSeconds": min(cooldown, 3600), "policies": step},
    }
    return kubernetes.apiextensions.CustomResource(
        f"vllm-{model}-scaling",
        api_version=API_VERSION,
        kind="ScaledObject",
        metadata=metadata,
        spec={
            "scaleTargetRef": {**target, "name": model},
            "minReplicaCount": settings.min,
            "maxReplicaCount": settings.max,
            "pollingInterval": POLLING_SECONDS,
            "cooldownPeriod": cooldown,
            "advanced": {"horizontalPodAutoscalerConfig": {"behavior": behavior}},
            # If Prometheus is unavailable, the number of replicas does not change.
            "fallback": {"failureThreshold": 4, "replicas": max(settings.min, 1), "behavior": "currentReplicas"},
            "triggers": list(_triggers(waiting_query(model, served), settings, schedule)),
        },
        opts=opts,
    )


def waiting_query(model: str, served: VllmModel) -> str:
    """Return the query of waiting requests at all replicas: the autoscaler divides the sum by their number."""
    return f'sum({WAITING}{{namespace="{NAMESPACE}",service="{replicas_service(model, served)}"}})'


def _triggers(waiting: str, settings: ModelScaling, schedule: Schedule | None) -> list[dict[str, Any]]:
    found = [_prometheus(waiting, threshold=settings.waiting_requests)]
    if settings.wake_query is not None:
        # It starts one replica, and does not affect the number of replicas.
        found.append(_prometheus(settings.wake_query, threshold=10**9))
    if schedule is not None:
        found.append(
            {
                "type": "cron",
                "metadata": {
                    "timezone": schedule.time_zone,
                    "start": kubernetes_expression(schedule.start),
                    "end": kubernetes_expression(schedule.stop),
                    "desiredReplicas": "1",
                },
            }
        )
    return found


def _prometheus(query: str, *, threshold: int) -> dict[str, Any]:
    return {
        "type": "prometheus",
        "metricType": "AverageValue",
        "metadata": {
            "serverAddress": f"http://{PROMETHEUS_SERVICE}.{MONITORING_NAMESPACE}.svc.cluster.local:{PROMETHEUS_PORT}",
            "query": query,
            "threshold": str(threshold),
            "activationThreshold": "0",
        },
    }
