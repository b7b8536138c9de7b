"""Alarms on backups, and replicas of automated backups in another region."""

from typing import Any

from tests.components.base import recorded

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
REPLICATION = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"


def alarms(stack: str) -> dict[str, dict[str, Any]]:
    """The alarms of backups by the last part of their logical name."""
    found = [one for one in recorded(stack).all(ALARM) if one.name.startswith("backup-alarms-")]
    return {one.name.removeprefix("backup-alarms-"): dict(one.inputs) for one in found}


def test_failed_and_missed_backups_and_copies_raise_alarms() -> None:
    found = alarms("openwebui")
    assert {name: one["metricName"] for name, one in found.items()} == {
        "not-started": "NumberOfBackupJobsExpired",
        "ebs-failed": "NumberOfBackupJobsFailed",
        "rds-failed": "NumberOfBackupJobsFailed",
        "rds-missed": "NumberOfBackupJobsCompleted",
        "copy-failed": "NumberOfCopyJobsFailed",
    }
    topic = recorded("openwebui").plan.outputs["alarm_topic_arn"]
    assert all(one["alarmActions"] == [topic] for one in found.values())
    assert {one["namespace"] for one in found.values()} == {"AWS/Backup"}


def test_jobs_that_the_windows_of_rds_prevent_raise_no_alarm() -> None:
    # Two each day and two more on Sunday fail: the fifth is a failure.
    failed = alarms("openwebui")["rds-failed"]
    assert (failed["threshold"], failed["period"], failed["treatMissingData"]) == (5, 86400, "notBreaching")
    assert failed["dimensions"] == {"BackupVaultName": "openwebui-backups-dev", "ResourceType": "RDS"}


def test_database_without_a_backup_for_longer_than_its_gap_raises_an_alarm() -> None:
    # Three hours between two jobs, one to start, and two to complete.
    missed = alarms("openwebui")["rds-missed"]
    assert (missed["period"], missed["evaluationPeriods"]) == (3600, 6)
    assert (missed["comparisonOperator"], missed["treatMissingData"]) == ("LessThanThreshold", "breaching")


def test_copy_jobs_are_watched_in_their_destination_vault() -> None:
    assert alarms("openwebui")["copy-failed"]["dimensions"] == {"BackupVaultName": "openwebui-backups-dev-copies"}


def test_stack_without_a_recovery_point_has_no_alarms_on_backups() -> None:
    assert recorded("nemo").settings.backups is not None
    assert alarms("nemo") == {}


def test_replica_is_created_in_the_other_region_with_a_key_of_that_region() -> None:
    found = recorded("openwebui")
    replica, database = found.one(REPLICATION), found.one("aws:rds/instance:Instance")
    assert found.by_urn[str(replica.provider)].inputs["region"] == "us-west-2"
    assert replica.inputs["kmsKeyId"].startswith("arn:aws:kms:us-west-2:")
    assert replica.inputs["sourceDbInstanceArn"].endswith(f":db:{database.inputs['identifier']}")
    assert replica.inputs["retentionPeriod"] == database.inputs["backupRetentionPeriod"] == 7
    assert database.urn in found.before(replica)
