"""Pods that each have a name and a volume of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components.kubernetes.pods import selector
from components.kubernetes.services import service_for


def apart(labels: Mapping[str, str]) -> list[kubernetes.core.v1.TopologySpreadConstraintArgs]:
    """Never two in one zone or on one node while another has none: they stand in for each other.

    The pods of all revisions count, because their volumes keep them in their zones.
    """
    return [
        kubernetes.core.v1.TopologySpreadConstraintArgs(
            max_skew=1,
            topology_key=key,
            when_unsatisfiable="DoNotSchedule",
            label_selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=selector(labels)),
            # Nodes with GPUs alone are none for these pods: they would wait for one that never comes.
            node_taints_policy="Honor",
        )
        for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
    ]


def claim(
    name: str, size: str, labels: Mapping[str, str], *, storage_class: str | None
) -> kubernetes.core.v1.PersistentVolumeClaimArgs:
    """The volume of each pod, which stays when the StatefulSet goes; the cluster's default class where none is said."""
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
    """Pods that start together, because none is ready without the others, and are renewed one after the other.

    After `settle_seconds` of being ready a pod is taken for one that the next may go after.
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
    """The name of each pod, from before it is ready: those that form a quorum have to find each other for that."""
    return service_for(name, metadata=metadata, labels=labels, ports=ports, headless=True, before_ready=True, opts=opts)
