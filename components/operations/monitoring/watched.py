"""What Prometheus reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as kubernetes

API_VERSION = "monitoring.coreos.com/v1"
SAMPLES = 20_000
"""Of one pod at one time: what tells more than that is a mistake, such as a label for each request, and would take all
of Prometheus's memory."""


def service_monitor(
    name: str,
    *,
    object_name: str,
    namespace: str,
    labels: Mapping[str, str],
    selector: Mapping[str, str],
    port: int,
    path: str,
    opts: pulumi.ResourceOptions,
) -> kubernetes.apiextensions.CustomResource:
    """Have Prometheus read the pods behind the Services with these labels, at a port that their containers declare.

    The series carry the Service's name as `service`. The chart brings the definition of this kind: `opts` wait for
    it. The pods' network policy has to let the namespace `monitoring` in.
    """
    return kubernetes.apiextensions.CustomResource(
        f"{name}-metrics",
        api_version=API_VERSION,
        kind="ServiceMonitor",
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=object_name, namespace=namespace, labels=dict(labels)),
        spec={
            "selector": {"matchLabels": dict(selector)},
            # By the pod's number: a Service need not carry a port that only Prometheus asks.
            "endpoints": [{"targetPort": port, "path": path}],
            "sampleLimit": SAMPLES,
        },
        opts=opts,
    )


def pod_monitor(
    name: str, *, namespace: str, ports: Sequence[int], opts: pulumi.ResourceOptions
) -> kubernetes.apiextensions.CustomResource:
    """Have Prometheus read every pod of a namespace at these ports."""
    return kubernetes.apiextensions.CustomResource(
        f"{name}-metrics",
        api_version=API_VERSION,
        kind="PodMonitor",
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=name, namespace=namespace),
        spec={
            "selector": {},
            "podMetricsEndpoints": [{"portNumber": port} for port in ports],
            "sampleLimit": SAMPLES,
        },
        opts=opts,
    )
