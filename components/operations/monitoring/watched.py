"""Scrape targets of Prometheus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as kubernetes

API_VERSION = "monitoring.coreos.com/v1"
SAMPLES = 20_000
"""Maximum number of samples of one pod in one scrape.

More samples are an error, such as a label for each request, and would use up Prometheus's memory.
"""


def service_monitor(
    name: str,
    *,
    object_name: str,
    namespace: str,
    labels: Mapping[str, str],
    selector: Mapping[str, str],
    port: int,
    path: str,
    series: Mapping[str, str] | None = None,
    opts: pulumi.ResourceOptions,
) -> kubernetes.apiextensions.CustomResource:
    """Create a ServiceMonitor for the pods behind the Services with these labels.

    Prometheus scrapes a port that the containers declare. The series have the Service's name in the label `service`,
    and the labels `series`.
    The chart installs the definition of this kind: `opts` depend on it. The pods' network policy must allow ingress
    from the namespace `monitoring`.
    """
    return kubernetes.apiextensions.CustomResource(
        f"{name}-metrics",
        api_version=API_VERSION,
        kind="ServiceMonitor",
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=object_name, namespace=namespace, labels=dict(labels)),
        spec={
            "selector": {"matchLabels": dict(selector)},
            # By the container's port: the Service does not have to expose a port that only Prometheus uses.
            "endpoints": [{"targetPort": port, "path": path, **_relabeled(series or {})}],
            "sampleLimit": SAMPLES,
        },
        opts=opts,
    )


def _relabeled(series: Mapping[str, str]) -> dict[str, object]:
    """Return the relabeling that adds labels to all series of an endpoint; nothing without labels."""
    added = [{"targetLabel": label, "replacement": value} for label, value in series.items()]
    return {"relabelings": added} if added else {}


def pod_monitor(
    name: str, *, namespace: str, ports: Sequence[int], opts: pulumi.ResourceOptions
) -> kubernetes.apiextensions.CustomResource:
    """Create a PodMonitor for every pod of a namespace at these ports."""
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
