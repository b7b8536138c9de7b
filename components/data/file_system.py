"""An EFS file system."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from components.base.documents import json_document
from components.data.parts import security_group
from components.identity.policy import VERSION
from config.file_systems import NFS_PORT
from config.file_systems import AccessPoint as AccessPointSettings
from config.file_systems import FileSystem as FileSystemSettings

FOLDER_MODE = "0755"
"""File mode of the root directory of an access point: its user can write, all other users can read."""


class FileSystem(Component):
    """A file system with access points, file system policy, daily backups and a mount target in each zone.

    Nodes mount it for pods, over TLS and through an access point. Mount targets are created last, so that no client can
    mount the file system before the policy is in effect. Resources that mount it depend on `mount_targets`.
    """

    TOKEN: ClassVar[str] = "ai-platform:data:FileSystem"

    def __init__(
        self,
        name: str,
        settings: FileSystemSettings,
        *,
        file_system_name: str,
        vpc_id: pulumi.Input[str],
        subnet_ids: Mapping[str, pulumi.Input[str]],
        client_security_group_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Create the component. `subnet_ids` maps each zone to one subnet: EFS allows one mount target in a zone."""
        super().__init__(name, opts)
        self.settings = settings
        self.file_system_name = file_system_name
        self.file_system = self._file_system()
        aws.efs.BackupPolicy(
            name,
            file_system_id=self.file_system.id,
            backup_policy=aws.efs.BackupPolicyBackupPolicyArgs(status="ENABLED" if settings.backups else "DISABLED"),
            opts=self.child(),
        )
        self.access_points = {key: self._access_point(key, point) for key, point in settings.access_points.items()}
        policy = aws.efs.FileSystemPolicy(
            name, file_system_id=self.file_system.id, policy=self._policy(), opts=self.child()
        )
        self.security_group = security_group(
            self,
            group_name=f"{file_system_name}-sg",
            description=f"File system {file_system_name}",
            port=NFS_PORT,
            vpc_id=vpc_id,
            client_security_group_id=client_security_group_id,
            clients="NFS from nodes, which mount for their pods",
        )
        self.mount_targets: list[pulumi.Resource] = [
            aws.efs.MountTarget(
                f"{name}-{zone}",
                file_system_id=self.file_system.id,
                subnet_id=subnet_id,
                security_groups=[self.security_group.id],
                opts=self.child(depends_on=[policy]),
            )
            for zone, subnet_id in subnet_ids.items()
        ]
        self.file_system_id: pulumi.Output[str] = self.file_system.id
        self.arn: pulumi.Output[str] = self.file_system.arn
        self.access_point_ids: dict[str, pulumi.Output[str]] = {
            key: point.id for key, point in self.access_points.items()
        }
        self.finish(file_system_id=self.file_system_id, arn=self.arn, access_point_ids=self.access_point_ids)

    def _file_system(self) -> aws.efs.FileSystem:
        settings, days = self.settings, self.settings.infrequent_access_days
        moves = [
            aws.efs.FileSystemLifecyclePolicyArgs(
                transition_to_ia=f"AFTER_{days}_DAY" if days == 1 else f"AFTER_{days}_DAYS"
            ),
            aws.efs.FileSystemLifecyclePolicyArgs(transition_to_primary_storage_class="AFTER_1_ACCESS"),
        ]
        return aws.efs.FileSystem(
            self.name,
            encrypted=True,
            kms_key_id=settings.kms_key_arn,
            # The mode that AWS recommends for every file system, and the only mode that supports elastic throughput:
            # https://docs.aws.amazon.com/efs/latest/ug/performance.html
            performance_mode="generalPurpose",
            throughput_mode=settings.throughput,
            lifecycle_policies=moves if days is not None else None,
            tags=named(self.file_system_name),
            opts=self.child(),
        )

    def _access_point(self, key: str, point: AccessPointSettings) -> aws.efs.AccessPoint:
        return aws.efs.AccessPoint(
            f"{self.name}-{key}",
            file_system_id=self.file_system.id,
            # The access point enforces this user for every client, including root.
            posix_user=aws.efs.AccessPointPosixUserArgs(uid=point.uid, gid=point.gid),
            root_directory=aws.efs.AccessPointRootDirectoryArgs(
                path=point.path,
                creation_info=aws.efs.AccessPointRootDirectoryCreationInfoArgs(
                    owner_uid=point.uid, owner_gid=point.gid, permissions=FOLDER_MODE
                ),
            ),
            tags=named(f"{self.file_system_name}-{key}"),
            opts=self.child(),
        )

    def _policy(self) -> pulumi.Output[str]:
        """Return the file system policy. Without a policy every client in the network can mount it as root.

        The CSI driver mounts with TLS and the access point of the volume, without an IAM identity. The policy therefore
        distinguishes clients by access point. No statement allows ClientRootAccess, so root is squashed.
        https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
        """
        through = [point.arn for point in self.access_points.values()]
        return json_document(
            {
                "Version": VERSION,
                "Statement": [
                    {
                        "Sid": "MountThroughAccessPoints",
                        "Effect": "Allow",
                        "Principal": {"AWS": "*"},
                        "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
                        "Resource": self.file_system.arn,
                        "Condition": {
                            "Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"},
                            "StringEquals": {"elasticfilesystem:AccessPointArn": through},
                        },
                    },
                    {
                        "Sid": "DenyInsecureTransport",
                        "Effect": "Deny",
                        "Principal": {"AWS": "*"},
                        "Action": "*",
                        "Resource": self.file_system.arn,
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    },
                ],
            }
        )
