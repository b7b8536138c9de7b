"""Services: their selectors and the names of their ports."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as kubernetes

from components.kubernetes.pods import selector


def service_for(
    name: str,
    *,
    metadata: kubernetes.meta.v1.ObjectMetaArgs,
    labels: Mapping[str, str],
    ports: Mapping[str, int],
    headless: bool = False,
    before_ready: bool = False,
    opts: pulumi.ResourceOptions,
) -> kubernetes.core.v1.Service:
    """Create a Service for the pods with these labels. Its ports target container ports of the same names.

    `headless` gives each pod its own DNS name. `before_ready` publishes a pod before it is ready.
    """
    return kubernetes.core.v1.Service(
        name,
        metadata=metadata,
        spec=kubernetes.core.v1.ServiceSpecArgs(
            cluster_ip="None" if headless else None,
            publish_not_ready_addresses=True if before_ready else None,
            selector=selector(labels),
            ports=[
                kubernetes.core.v1.ServicePortArgs(name=port, port=number, target_port=port)
                for port, number in ports.items()
            ],
        ),
        opts=opts,
    )
