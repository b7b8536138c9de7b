"""Databases and secrets. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/, .../secretsmanager/...."""

from collections.abc import Mapping

from tests.aws.operations.said import prefixed
from tests.aws.requests import ID, Call, Entry, To

DATA: Mapping[str, Entry] = {
    "aws:rds/instance:Instance": Entry(
        (
            Call(
                "rds",
                "CreateDBInstance",
                {
                    "identifier": "DBInstanceIdentifier",
                    "instanceClass": "DBInstanceClass",
                    "username": "MasterUsername",
                    "backupWindow": "PreferredBackupWindow",
                    "maintenanceWindow": "PreferredMaintenanceWindow",
                    "parameterGroupName": "DBParameterGroupName",
                    "caCertIdentifier": "CACertificateIdentifier",
                    "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
                    "performanceInsightsEnabled": "EnablePerformanceInsights",
                },
            ),
            Call(
                "rds",
                "RestoreDBInstanceFromDBSnapshot",
                {"snapshotIdentifier": "DBSnapshotIdentifier"},
                also={"identifier": "DBInstanceIdentifier", "instanceClass": "DBInstanceClass"},
                when="snapshotIdentifier",
            ),
            Call(
                "rds",
                "DeleteDBInstance",
                {
                    "skipFinalSnapshot": "SkipFinalSnapshot",
                    "finalSnapshotIdentifier": "FinalDBSnapshotIdentifier",
                    "deleteAutomatedBackups": "DeleteAutomatedBackups",
                },
                also={"identifier": "DBInstanceIdentifier"},
            ),
        ),
        {"applyImmediately": "goes with ModifyDBInstance, when something changes"},
        taggable=True,
    ),
    "aws:rds/subnetGroup:SubnetGroup": Entry(
        (
            Call(
                "rds",
                "CreateDBSubnetGroup",
                {"name": "DBSubnetGroupName", "description": "DBSubnetGroupDescription"},
            ),
        ),
        taggable=True,
    ),
    "aws:rds/parameterGroup:ParameterGroup": Entry(
        (
            Call(
                "rds",
                "CreateDBParameterGroup",
                {"namePrefix": To("DBParameterGroupName", prefixed), "family": "DBParameterGroupFamily"},
            ),
            Call(
                "rds",
                "ModifyDBParameterGroup",
                {
                    "parameters": "Parameters",
                    "parameters.name": "ParameterName",
                    "parameters.value": "ParameterValue",
                },
                {"DBParameterGroupName": ID},
            ),
        ),
        taggable=True,
    ),
    "aws:secretsmanager/secret:Secret": Entry(
        (
            Call("secretsmanager", "CreateSecret"),
            Call("secretsmanager", "DeleteSecret", {"recoveryWindowInDays": "RecoveryWindowInDays"}, {"SecretId": ID}),
        ),
        taggable=True,
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Entry((Call("secretsmanager", "PutSecretValue"),)),
}
