"""Backups and replicas. https://docs.aws.amazon.com/aws-backup/latest/devguide/api-reference.html, .../AmazonS3/..."""

from collections.abc import Mapping

from tests.aws.requests import Call, Entry, Inputs


def _conditions(inputs: Inputs) -> Inputs:
    """Return the single structure of the provider's list, which the API requires."""
    return {**inputs, "conditions": inputs["conditions"][0]}


RECOVERY: Mapping[str, Entry] = {
    "aws:backup/vault:Vault": Entry(
        (
            Call(
                "backup",
                "CreateBackupVault",
                {"name": "BackupVaultName", "kmsKeyArn": "EncryptionKeyArn", "tags": "BackupVaultTags"},
            ),
        ),
        {"forceDestroy": "its recovery points are deleted first"},
        taggable=True,
    ),
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": Entry(
        (Call("backup", "PutBackupVaultLockConfiguration"),)
    ),
    "aws:backup/plan:Plan": Entry(
        (
            Call(
                "backup",
                "CreateBackupPlan",
                {
                    "name": "BackupPlan.BackupPlanName",
                    "rules": "BackupPlan.Rules",
                    "rules.targetVaultName": "TargetBackupVaultName",
                    "rules.schedule": "ScheduleExpression",
                    "rules.startWindow": "StartWindowMinutes",
                    "rules.completionWindow": "CompletionWindowMinutes",
                    "rules.lifecycle.deleteAfter": "DeleteAfterDays",
                    "rules.copyActions.destinationVaultArn": "DestinationBackupVaultArn",
                    "rules.copyActions.lifecycle.deleteAfter": "DeleteAfterDays",
                    "tags": "BackupPlanTags",
                },
            ),
        ),
        taggable=True,
    ),
    "aws:backup/selection:Selection": Entry(
        (
            Call(
                "backup",
                "CreateBackupSelection",
                {
                    "planId": "BackupPlanId",
                    "name": "BackupSelection.SelectionName",
                    "iamRoleArn": "BackupSelection.IamRoleArn",
                    "resources": "BackupSelection.Resources",
                    "conditions": "BackupSelection.Conditions",
                    "conditions.stringEquals.key": "ConditionKey",
                    "conditions.stringEquals.value": "ConditionValue",
                },
            ),
        ),
        before=_conditions,
    ),
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": Entry(
        (
            Call(
                "rds",
                "StartDBInstanceAutomatedBackupsReplication",
                {"sourceDbInstanceArn": "SourceDBInstanceArn", "retentionPeriod": "BackupRetentionPeriod"},
            ),
        )
    ),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": Entry(
        (
            Call(
                "s3",
                "PutBucketReplication",
                {"rules": "ReplicationConfiguration.Rules", "role": "ReplicationConfiguration.Role"},
            ),
        )
    ),
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": Entry((Call("ecr", "PutReplicationConfiguration"),)),
}
