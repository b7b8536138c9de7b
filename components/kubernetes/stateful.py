"""StatefulSets: pods that each have their own name and volume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components.kubernetes.pods import selector
from components.kubernetes.services import service_for


def apart(labels: Mapping[str, str]) -> list[kubernetes.core.v1.TopologySpreadConstraintArgs]:
    """Return constraints that require an even spread over zones and nodes, because the pods take over for each other.

    The pods of all revisions count, because their volumes bind them to their zones.
    """
    return [
        kubernetes.core.v1.TopologySpreadConstraintArgs(
            max_skew=1,
            topology_key=key,
            when_unsatisfiable="DoNotSchedule",
            label_selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=selector(labels)),
            # Ignores zones that have only GPU nodes: otherwise these pods stay Pending for a node that never exists.
            node_taints_policy="Honor",
        )
        for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
    ]


def claim(
    name: str, size: str, labels: Mapping[str, str], *, storage_class: str | None
) -> kubernetes.core.v1.PersistentVolumeClaimArgs:
    """Return the volume claim template of each pod. The volume remains when the StatefulSet is deleted.

    Without `storage_class` the cluster's default storage class applies.
    """
    return kubernetes.core.v1.PersistentVolumeClaimArgs(
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=name, labels=selector(labels)),
        spec=kubernetes.core.v1.PersistentVolumeClaimSpecArgs(
            access_modes=["ReadWriteOnce"],
            storage_class_name=storage_class,
            resources=kubernetes.core.v1.VolumeResourceRequirementsArgs(requests={"storage": size}),
        ),
    )


def stateful_set(
    name: str,
    *,
    metadata: kubernetes.meta.v1.ObjectMetaArgs,
    labels: Mapping[str, str],
    service: str,
    replicas: int,
    pod: kubernetes.core.v1.PodSpecArgs,
    claims: Sequence[kubernetes.core.v1.PersistentVolumeClaimArgs],
    settle_seconds: int,
    annotations: Mapping[str, pulumi.Input[str]] | None = None,
    opts: pulumi.ResourceOptions,
) -> kubernetes.apps.v1.StatefulSet:
    """Create a StatefulSet whose pods start in parallel, because none is ready without the others.

    An update replaces one pod at a time. A pod counts as available after it is ready for `settle_seconds` seconds;
    then the next pod is replaced.
    """
    return kubernetes.apps.v1.StatefulSet(
        name,
        metadata=metadata,
        spec=kubernetes.apps.v1.StatefulSetSpecArgs(
            service_name=service,
            replicas=replicas,
            pod_management_policy="Parallel",
            min_ready_seconds=settle_seconds,
            selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=selector(labels)),
            template=kubernetes.core.v1.PodTemplateSpecArgs(
                metadata=kubernetes.meta.v1.ObjectMetaArgs(
                    labels=dict(labels), annotations=dict(annotations) if annotations else None
                ),
                spec=pod,
            ),
            volume_claim_templates=list(claims),
        ),
        opts=opts,
    )


def headless(
    name: str,
    *,
    metadata: kubernetes.meta.v1.ObjectMetaArgs,
    labels: Mapping[str, str],
    ports: Mapping[str, int],
    opts: pulumi.ResourceOptions,
) -> kubernetes.core.v1.Service:
    """Create a headless Service that publishes pods before they are ready, because they must first form a quorum."""
    return service_for(name, metadata=metadata, labels=labels, ports=ports, headless=True, before_ready=True, opts=opts)
