"""Replicas of the automated backups of databases."""

from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component
from components.cluster.encryption_key import EncryptionKey
from components.data.database import Database


class BackupReplica(Component):
    """The replica of an RDS instance's automated backups in another region, with a KMS key of that region.

    RDS copies snapshots and transaction logs as soon as they exist. A replica stays for its retention after the
    instance is deleted: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html
    """

    TOKEN: ClassVar[str] = "ai-platform:data:BackupReplica"

    def __init__(
        self,
        name: str,
        *,
        source: Database,
        elsewhere: aws.Provider,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        key = EncryptionKey(
            f"{name}-key",
            alias=f"{source.identifier}-backups",
            description=f"Replicated backups of {source.identifier}",
            opts=self.child(providers=[elsewhere]),
        )
        aws.rds.InstanceAutomatedBackupsReplication(
            name,
            source_db_instance_arn=source.instance.arn,
            kms_key_id=key.arn,
            retention_period=source.settings.backups.retention_days,
            opts=self.child(providers=[elsewhere]),
        )
        self.finish(key_arn=key.arn)
