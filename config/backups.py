"""Backups of volumes and databases by AWS Backup, with copies in a second region."""

from typing import Annotated

from pydantic import Field

from catalog.reading.model import Model
from config.running_hours import MINUTES_A_DAY, longest_gap, times
from config.schedules import eventbridge_expression
from config.types.aws import Region
from config.types.names import Name, TagKey
from config.types.text import matching
from config.types.times import EventBridgeSchedule, TimeZone

VaultName = Annotated[
    str,
    matching(
        r"[A-Za-z0-9_-]{2,43}",
        "is not a backup vault name; write 2-43 letters, digits, hyphens and underscores",
    ),
]
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html, less the suffix for copies."""

COPIES = "-copies"
"""Suffix of the name of the vault in the second region."""

LEAST_GAP = 60
"""Minimum number of minutes between two backups of a plan:
https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html"""


class BackupPlan(Model):
    """Schedule and retention of backups of the selected resources."""

    schedule: EventBridgeSchedule
    """Schedule, at most once an hour; AWS Backup begins within `startMinutes` of it."""

    time_zone: TimeZone = "UTC"
    """IANA time zone of the schedule; AWS Backup applies its daylight saving time."""

    keep_days: int = Field(ge=1, le=36500)
    """Days after which recovery points are deleted."""

    copy_days: int | None = Field(default=None, ge=1, le=36500)
    """Days for which copies of recovery points are kept in `secondRegion`; no copies by default."""

    start_minutes: int = Field(default=60, ge=60, le=1440)
    """Minutes within which a backup must begin; later it is skipped."""

    def longest_gap(self) -> int:
        """Return the maximum number of minutes between two backups, which is what can be lost.

        Raises:
            ValueError: the schedule never occurs.
        """
        return longest_gap(times(self.expression()))

    def shortest_gap(self) -> int:
        """Return the minimum number of minutes between two backups of a day or of two consecutive days."""
        minutes = times(self.expression()).minutes
        again = [*minutes[1:], minutes[0] + MINUTES_A_DAY]
        return min(after - before for before, after in zip(minutes, again, strict=True))

    def expression(self) -> str:
        """Return the schedule as a cron expression of AWS Backup."""
        return eventbridge_expression(self.schedule)


class VaultLock(Model):
    """Vault lock: recovery points cannot be deleted before their retention ends. With `graceDays` it is
    irreversible."""

    min_days: int | None = Field(default=None, ge=1, le=36500)
    """Minimum retention in days."""

    max_days: int | None = Field(default=None, ge=1, le=36500)
    """Maximum retention in days."""

    grace_days: int | None = Field(default=None, ge=3, le=36500)
    """Days after which the lock cannot be removed, nor the vault deleted while it has recovery points (compliance
    mode). Default: principals with the IAM permission can remove the lock (governance mode)."""


class RecoveryMinutes(Model):
    """Minutes of each step of docs/recovery.md: assumptions, to be replaced by what a drill measures."""

    assess: int = Field(default=30, ge=0, le=10080)
    """Scope, impact, and the decision to recover elsewhere."""

    divert: int = Field(default=15, ge=0, le=10080)
    """Redirect traffic to a notice, inform users, save logs."""

    rebuild: int = Field(default=90, ge=0, le=10080)
    """Create the platform by `pulumi up`: a control plane takes about 10 minutes, a database about 20."""

    restore: int = Field(default=60, ge=0, le=10080)
    """Restore volumes and databases from their recovery points."""

    verify: int = Field(default=30, ge=0, le=10080)
    """Check function, performance and monitoring, and redirect traffic back."""

    def total(self) -> int:
        """Return the sum of all steps in minutes."""
        return self.assess + self.divert + self.rebuild + self.restore + self.verify


class Backups(Model):
    """Section `ai-platform:backups`: volumes of the EBS CSI driver's StorageClass, RDS instances, Aurora clusters."""

    vault: VaultName | None = None
    """Name of the vault. Default: `<project>-backups`. The vault in the second region has the suffix `-copies`."""

    plans: dict[Name, BackupPlan] = Field(min_length=1)
    """Plans by name. If two begin in the same hour, AWS Backup runs only the one with the longer retention."""

    second_region: Region | None = None
    """Region of copies, with a vault and a KMS key of its own."""

    tag: TagKey = "Backup"
    """Tag of resources that are backed up; its value is the project's name."""

    recovery_point_hours: int | None = Field(default=None, ge=1, le=8760)
    """Recovery point objective (RPO) in hours. A plan must meet it, and with a second region a plan with copies,
    too."""

    recovery_time_hours: int | None = Field(default=None, ge=1, le=8760)
    """Recovery time objective (RTO) in hours. The steps of `recoveryMinutes` must not exceed it."""

    recovery_minutes: RecoveryMinutes = RecoveryMinutes()
    """Minutes of each step of a recovery."""

    lock: VaultLock | None = None
    """Vault lock; none by default."""

    keep_backups: bool = True
    """Whether a vault with recovery points is kept; false allows `pulumi destroy` to delete them with the vault."""

    def copied(self) -> dict[str, BackupPlan]:
        """Return the plans whose recovery points are copied to the second region."""
        return {name: plan for name, plan in self.plans.items() if plan.copy_days is not None}
