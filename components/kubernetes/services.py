"""Services: by which labels they find pods, and how they name ports."""

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
    """A name for the pods with these labels, whose containers have ports of the same names.

    A `headless` one is a name of each pod, `before_ready` from before it takes requests.
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
