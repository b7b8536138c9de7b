"""Replicas: topology spread constraints, autoscalers and disruption budgets."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as kubernetes

from components.kubernetes.pods import selector
from components.kubernetes.services import service_for
from config.workloads.resources import Replicas


def spread(labels: Mapping[str, str], *, strict: bool) -> list[kubernetes.core.v1.TopologySpreadConstraintArgs]:
    """Return constraints that spread replicas over zones and nodes.

    `strict` requires the spread over zones, so that two replicas are never in the one zone that fails.
    """
    zones = "DoNotSchedule" if strict else "ScheduleAnyway"
    return [
        kubernetes.core.v1.TopologySpreadConstraintArgs(
            max_skew=1,
            topology_key=key,
            when_unsatisfiable=when,
            label_selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=selector(labels)),
            match_label_keys=["pod-template-hash"],
            # Ignores a zone that has only GPU nodes: otherwise these pods stay Pending for a node that never exists.
            node_taints_policy="Honor",
        )
        for key, when in (("topology.kubernetes.io/zone", zones), ("kubernetes.io/hostname", "ScheduleAnyway"))
    ]


def scaled_deployment(
    name: str,
    *,
    metadata: kubernetes.meta.v1.ObjectMetaArgs,
    labels: Mapping[str, str],
    pod: kubernetes.core.v1.PodSpecArgs,
    annotations: Mapping[str, pulumi.Input[str]] | None = None,
    opts: pulumi.ResourceOptions,
) -> kubernetes.apps.v1.Deployment:
    """Create a Deployment without `replicas`, because an autoscaler sets it.

    During an update a new pod is ready before an old pod is deleted.
    """
    return kubernetes.apps.v1.Deployment(
        name,
        metadata=metadata,
        spec=kubernetes.apps.v1.DeploymentSpecArgs(
            selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=selector(labels)),
            strategy=kubernetes.apps.v1.DeploymentStrategyArgs(
                type="RollingUpdate",
                rolling_update=kubernetes.apps.v1.RollingUpdateDeploymentArgs(max_surge=1, max_unavailable=0),
            ),
            template=kubernetes.core.v1.PodTemplateSpecArgs(
                metadata=kubernetes.meta.v1.ObjectMetaArgs(
                    labels=dict(labels), annotations=dict(annotations) if annotations else None
                ),
                spec=pod,
            ),
        ),
        opts=opts,
    )


def autoscaler(
    name: str,
    *,
    metadata: kubernetes.meta.v1.ObjectMetaArgs,
    deployment: str,
    container: str,
    minimum: int,
    maximum: int,
    cpu_percent: int,
    opts: pulumi.ResourceOptions,
) -> kubernetes.autoscaling.v2.HorizontalPodAutoscaler:
    """Create an autoscaler that uses the CPU of one container, so that sidecars do not count."""
    return kubernetes.autoscaling.v2.HorizontalPodAutoscaler(
        name,
        metadata=metadata,
        spec=kubernetes.autoscaling.v2.HorizontalPodAutoscalerSpecArgs(
            scale_target_ref=kubernetes.autoscaling.v2.CrossVersionObjectReferenceArgs(
                api_version="apps/v1", kind="Deployment", name=deployment
            ),
            min_replicas=minimum,
            max_replicas=maximum,
            metrics=[
                kubernetes.autoscaling.v2.MetricSpecArgs(
                    type="ContainerResource",
                    container_resource=kubernetes.autoscaling.v2.ContainerResourceMetricSourceArgs(
                        name="cpu",
                        container=container,
                        target=kubernetes.autoscaling.v2.MetricTargetArgs(
                            type="Utilization", average_utilization=cpu_percent
                        ),
                    ),
                )
            ],
        ),
        opts=opts,
    )


def query_autoscaler(
    name: str,
    *,
    metadata: kubernetes.meta.v1.ObjectMetaArgs,
    deployment: str,
    minimum: int,
    maximum: int,
    prometheus: str,
    query: str,
    per_replica: float,
    opts: pulumi.ResourceOptions,
) -> kubernetes.apiextensions.CustomResource:
    """Create KEDA's ScaledObject, whose autoscaler follows a Prometheus query.

    It takes over the autoscaler by CPU that a service had before, which KEDA would refuse as a second one:
    https://keda.sh/docs/latest/reference/scaledobject-spec/#transfer-ownership-of-an-existing-hpa
    """
    return kubernetes.apiextensions.CustomResource(
        name,
        api_version="keda.sh/v1alpha1",
        kind="ScaledObject",
        metadata=kubernetes.meta.v1.ObjectMetaArgs(
            name=metadata.name,
            namespace=metadata.namespace,
            labels=metadata.labels,
            annotations={"scaledobject.keda.sh/transfer-hpa-ownership": "true"},
        ),
        spec={
            "advanced": {"horizontalPodAutoscalerConfig": {"name": deployment}},
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": deployment},
            "minReplicaCount": minimum,
            "maxReplicaCount": maximum,
            "pollingInterval": 15,
            # If Prometheus is unavailable, the number of replicas does not change.
            "fallback": {"failureThreshold": 4, "replicas": minimum, "behavior": "currentReplicas"},
            "triggers": [
                {
                    "type": "prometheus",
                    "metricType": "AverageValue",
                    "metadata": {
                        "serverAddress": prometheus,
                        "query": query,
                        "threshold": f"{per_replica:.12g}",
                        "activationThreshold": "0",
                    },
                }
            ],
        },
        opts=opts,
    )


def disruption_budget(
    name: str,
    *,
    metadata: kubernetes.meta.v1.ObjectMetaArgs,
    labels: Mapping[str, str],
    opts: pulumi.ResourceOptions,
) -> kubernetes.policy.v1.PodDisruptionBudget:
    """Create a disruption budget that allows one unavailable replica."""
    return kubernetes.policy.v1.PodDisruptionBudget(
        name,
        metadata=metadata,
        spec=kubernetes.policy.v1.PodDisruptionBudgetSpecArgs(
            max_unavailable=1,
            selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=selector(labels)),
            # A pod that is not ready serves no requests, and would block the drain of its node.
            unhealthy_pod_eviction_policy="AlwaysAllow",
        ),
        opts=opts,
    )


def served(
    deployment: kubernetes.apps.v1.Deployment,
    name: str,
    *,
    app: str,
    service: str,
    namespace: str,
    labels: Mapping[str, str],
    port: int,
    replicas: Replicas,
    opts: pulumi.ResourceOptions,
) -> kubernetes.core.v1.Service:
    """Create the Service, autoscaler and disruption budget of a Deployment whose container `server` serves requests.

    The Service is named `service`. The other objects have the name of the Deployment, `app`.
    """

    def metadata(object_name: str) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(name=object_name, namespace=namespace, labels=dict(labels))

    made = service_for(
        name,
        metadata=metadata(service),
        labels=labels,
        ports={"http": port},
        opts=opts,
    )
    autoscaler(
        name,
        metadata=metadata(app),
        deployment=app,
        container="server",
        minimum=replicas.min,
        maximum=replicas.max,
        cpu_percent=replicas.cpu_percent,
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[deployment])),
    )
    disruption_budget(name, metadata=metadata(app), labels=labels, opts=opts)
    return made
