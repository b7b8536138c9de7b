"""Folders of shared file systems, as an environment's claims."""

from collections.abc import Mapping
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.component import Component
from components.data.file_system import FileSystem
from components.environments.names import labels
from config.environments import Volume

DRIVER = "efs.csi.aws.com"
CAPACITY = "5Gi"
"""EFS grows by itself and looks at no number, but the API wants one:
https://docs.aws.amazon.com/eks/latest/userguide/efs-csi.html"""


class Volumes(Component):
    """A PersistentVolume, bound to its claim beforehand, and the claim for each volume.

    One that is read-only is mounted so: who writes the pods cannot change it.
    """

    TOKEN: ClassVar[str] = "ai-platform:environments:Volumes"

    def __init__(
        self,
        name: str,
        settings: Mapping[str, Volume],
        *,
        project: str,
        environment: str,
        namespace: str,
        file_systems: Mapping[str, FileSystem],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.claims: list[pulumi.Resource] = []
        """What pods that use them wait for."""
        for key, volume in settings.items():
            file_system = file_systems[volume.file_system]
            modes = ["ReadOnlyMany" if volume.read_only else "ReadWriteMany"]
            made = kubernetes.core.v1.PersistentVolume(
                f"{name}-{key}",
                metadata=kubernetes.meta.v1.ObjectMetaArgs(
                    name=f"{project}-{environment}-{key}", labels=labels(environment)
                ),
                spec=kubernetes.core.v1.PersistentVolumeSpecArgs(
                    capacity={"storage": CAPACITY},
                    access_modes=modes,
                    volume_mode="Filesystem",
                    storage_class_name="",
                    # The files are not the claim's: other environments use them, too.
                    persistent_volume_reclaim_policy="Retain",
                    mount_options=["ro"] if volume.read_only else None,
                    claim_ref=kubernetes.core.v1.ObjectReferenceArgs(
                        api_version="v1", kind="PersistentVolumeClaim", namespace=namespace, name=key
                    ),
                    csi=kubernetes.core.v1.CSIPersistentVolumeSourceArgs(
                        driver=DRIVER,
                        volume_handle=pulumi.Output.format(
                            "{0}::{1}",
                            file_system.file_system_id,
                            file_system.access_point_ids[volume.access_point],
                        ),
                        read_only=volume.read_only or None,
                    ),
                ),
                opts=self.child(),
            )
            self.claims.append(
                kubernetes.core.v1.PersistentVolumeClaim(
                    f"{name}-{key}",
                    metadata=kubernetes.meta.v1.ObjectMetaArgs(
                        name=key, namespace=namespace, labels=labels(environment)
                    ),
                    spec=kubernetes.core.v1.PersistentVolumeClaimSpecArgs(
                        access_modes=modes,
                        storage_class_name="",
                        volume_name=made.metadata.name,
                        resources=kubernetes.core.v1.VolumeResourceRequirementsArgs(requests={"storage": CAPACITY}),
                    ),
                    opts=self.child(depends_on=[made]),
                )
            )
        self.finish()
