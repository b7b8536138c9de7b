"""A PersistentVolume and its claim for a directory of a shared file system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.data.file_system import FileSystem

DRIVER = "efs.csi.aws.com"
CAPACITY = "5Gi"
"""Capacity that the Kubernetes API requires. EFS is elastic and ignores it:
https://docs.aws.amazon.com/eks/latest/userguide/efs-csi.html"""


@dataclass(frozen=True)
class SharedFolder:
    """An access point of a file system that is mounted in one namespace."""

    file_system: FileSystem
    access_point: str
    read_only: bool = False

    def modes(self) -> list[str]:
        """Return the access modes of the volume."""
        return ["ReadOnlyMany" if self.read_only else "ReadWriteMany"]

    def volume(
        self,
        name: str,
        *,
        volume_name: str,
        namespace: str,
        claim_name: str,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions,
    ) -> kubernetes.core.v1.PersistentVolume:
        """Create the volume, pre-bound to its claim. A read-only volume is always mounted read-only."""
        return kubernetes.core.v1.PersistentVolume(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=volume_name, labels=dict(labels)),
            spec=kubernetes.core.v1.PersistentVolumeSpecArgs(
                capacity={"storage": CAPACITY},
                access_modes=self.modes(),
                volume_mode="Filesystem",
                storage_class_name="",
                # The files are shared with other claims.
                persistent_volume_reclaim_policy="Retain",
                mount_options=["ro"] if self.read_only else None,
                claim_ref=kubernetes.core.v1.ObjectReferenceArgs(
                    api_version="v1", kind="PersistentVolumeClaim", namespace=namespace, name=claim_name
                ),
                csi=kubernetes.core.v1.CSIPersistentVolumeSourceArgs(
                    driver=DRIVER,
                    volume_handle=pulumi.Output.format(
                        "{0}::{1}",
                        self.file_system.file_system_id,
                        self.file_system.access_point_ids[self.access_point],
                    ),
                    read_only=self.read_only or None,
                ),
            ),
            opts=opts,
        )

    def claim(
        self,
        name: str,
        made: kubernetes.core.v1.PersistentVolume,
        *,
        namespace: str,
        claim_name: str,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions,
    ) -> kubernetes.core.v1.PersistentVolumeClaim:
        """Create the claim of a volume."""
        return kubernetes.core.v1.PersistentVolumeClaim(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=claim_name, namespace=namespace, labels=dict(labels)),
            spec=kubernetes.core.v1.PersistentVolumeClaimSpecArgs(
                access_modes=self.modes(),
                storage_class_name="",
                volume_name=made.metadata.name,
                resources=kubernetes.core.v1.VolumeResourceRequirementsArgs(requests={"storage": CAPACITY}),
            ),
            opts=opts,
        )
