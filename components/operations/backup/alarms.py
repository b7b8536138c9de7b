"""Alarms on failed and missed backups."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import ClassVar, NamedTuple

import pulumi
import pulumi_aws as aws

from components.base.component import Component
from config.backup_times import failing_jobs_a_day, longest_gaps
from config.settings import Settings

HOUR, DAY = 3600, 24 * 3600
COMPLETION = 120
"""Minutes in which a job completes after its start window: `completionWindow` of the plan."""

LONGEST = 7 * 24
"""The most hours that an alarm evaluates:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"""


class Watched(NamedTuple):
    """A metric of AWS Backup and when it fires."""

    name: str
    metric: str
    vault: str
    text: str
    resource_type: str = ""
    threshold: int = 1
    seconds: int = HOUR
    hours: int = 1
    below: bool = False


class BackupAlarms(Component):
    """Alarms on jobs of AWS Backup that fail or do not start, on copies that fail, and on databases without backups.

    The jobs that fail each day because of the windows of RDS are not counted as failures.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
    """

    TOKEN: ClassVar[str] = "ai-platform:backup:BackupAlarms"

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        topic_arn: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        for one in watched(settings):
            types = {"ResourceType": one.resource_type} if one.resource_type else {}
            aws.cloudwatch.MetricAlarm(
                f"{name}-{one.name}",
                name=f"{settings.project.name}-backup-{one.name}",
                alarm_description=one.text,
                namespace="AWS/Backup",
                metric_name=one.metric,
                dimensions={"BackupVaultName": one.vault, **types},
                statistic="Sum",
                period=one.seconds,
                evaluation_periods=one.hours,
                comparison_operator="LessThanThreshold" if one.below else "GreaterThanOrEqualToThreshold",
                threshold=one.threshold,
                # AWS Backup sends a value only if there is a job.
                treat_missing_data="breaching" if one.below else "notBreaching",
                alarm_actions=[topic_arn],
                ok_actions=[topic_arn],
                opts=self.child(),
            )
        self.finish()


def watched(settings: Settings) -> Iterator[Watched]:
    """Yield the alarms of a stack."""
    backups = settings.backups
    if backups is None:
        return
    here, there = settings.vault_names()
    yield Watched("not-started", "NumberOfBackupJobsExpired", here, "A backup did not start in its start window")
    for resource_type, present in (
        ("EBS", settings.addons.ebs_csi.enabled and settings.addons.ebs_csi.default_storage_class),
        ("Aurora", bool(settings.aurora_clusters)),
    ):
        if present:
            name = f"{resource_type.lower()}-failed"
            yield Watched(name, "NumberOfBackupJobsFailed", here, f"A backup of {resource_type} failed", resource_type)
    if settings.databases:
        yield from _databases(settings, here)
    if backups.second_region is not None:
        text = f"A copy to {backups.second_region} failed"
        yield Watched("copy-failed", "NumberOfCopyJobsFailed", there, text)


def _databases(settings: Settings, vault: str) -> Iterator[Watched]:
    backups, databases = settings.backups, settings.databases.values()
    if backups is None:
        return
    usual = sum(failing_jobs_a_day(backups.plans, one) for one in databases)
    one_failed = "A backup of RDS failed"
    yield Watched(
        "rds-failed",
        "NumberOfBackupJobsFailed",
        vault,
        f"More than the {usual} backups of RDS that its windows prevent failed in a day" if usual else one_failed,
        "RDS",
        usual + 1,
        DAY,
    )
    gaps = [longest_gaps(backups.plans, database=one) for one in databases if one.schedule is None]
    longest = max((gap for gap in gaps if gap is not None), default=None)
    if longest is None:
        return
    hours = ceil((longest + max(one.start_minutes for one in backups.plans.values()) + COMPLETION) / 60)
    if hours <= LONGEST:
        text = f"No backup of RDS completed in {hours} h"
        yield Watched("rds-missed", "NumberOfBackupJobsCompleted", vault, text, "RDS", hours=hours, below=True)
