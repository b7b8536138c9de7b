"""Backups of volumes and databases by AWS Backup, with copies in a second region."""

from typing import Annotated

from pydantic import Field

from catalog.reading.model import Model
from config.awake import MINUTES_A_DAY, longest_gap, times
from config.schedules import eventbridge_expression
from config.types.aws import Region
from config.types.names import Name, TagKey
from config.types.text import matching
from config.types.times import Cron, TimeZone

VaultName = Annotated[
    str,
    matching(
        r"[A-Za-z0-9_-]{2,43}",
        "is no name of a backup vault; write 2-43 letters, digits, hyphens and underscores",
    ),
]
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html, less the ending of the copies'."""

COPIES = "-copies"
"""Ends the name of the vault in the second region."""

LEAST_GAP = 60
"""Minutes between two backups of a plan, at least: https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html"""


class BackupPlan(Model):
    """When a backup is made of everything selected, and how long it is kept."""

    schedule: Cron
    """When, at most once an hour; AWS Backup begins within `startMinutes` of it."""

    time_zone: TimeZone = "UTC"
    """The IANA time zone of the schedule; AWS Backup follows its summer time."""

    keep_days: int = Field(ge=1, le=36500)
    """Recovery points are deleted after so many days."""

    copy_days: int | None = Field(default=None, ge=1, le=36500)
    """Each recovery point is copied to `secondRegion` and kept there for so many days; not copied when left out."""

    start_minutes: int = Field(default=60, ge=60, le=1440)
    """A backup that could not begin within so many minutes is missed."""

    def longest_gap(self) -> int:
        """The most minutes between two backups, which is what can be lost.

        Raises:
            ValueError: there is no such day.
        """
        return longest_gap(times(self.expression()))

    def shortest_gap(self) -> int:
        """The fewest minutes between two backups on one day or on two that follow each other."""
        minutes = times(self.expression()).minutes
        again = [*minutes[1:], minutes[0] + MINUTES_A_DAY]
        return min(after - before for before, after in zip(minutes, again, strict=True))

    def expression(self) -> str:
        """The schedule as AWS Backup takes it."""
        return eventbridge_expression(self.schedule)


class VaultLock(Model):
    """Nobody deletes a recovery point before its time, and with `graceDays` not even AWS can undo that."""

    min_days: int | None = Field(default=None, ge=1, le=36500)
    """No plan keeps less."""

    max_days: int | None = Field(default=None, ge=1, le=36500)
    """No plan keeps more."""

    grace_days: int | None = Field(default=None, ge=3, le=36500)
    """After so many days the lock itself can never be removed again, and its vault not deleted while it holds
    anything. When left out, whoever has the right to may remove the lock."""


class RecoveryMinutes(Model):
    """How long each step of docs/recovery.md takes: assumed here until a drill has measured it."""

    assess: int = Field(default=30, ge=0, le=10080)
    """Scope, impact, and the decision to recover elsewhere."""

    divert: int = Field(default=15, ge=0, le=10080)
    """Traffic to a notice, a message to all, logs put aside."""

    rebuild: int = Field(default=90, ge=0, le=10080)
    """The platform, by `pulumi up` from nothing: a control plane takes about 10 minutes, a database about 20."""

    restore: int = Field(default=60, ge=0, le=10080)
    """Volumes and databases from their recovery points."""

    verify: int = Field(default=30, ge=0, le=10080)
    """Function, performance, monitoring; traffic back."""

    def total(self) -> int:
        """All steps, one after the other."""
        return self.assess + self.divert + self.rebuild + self.restore + self.verify


class Backups(Model):
    """Section `ai-platform:backups`: volumes of the EBS CSI driver's StorageClass, RDS instances, Aurora clusters."""

    vault: VaultName | None = None
    """Name of the vault; `<project>-backups` when left out. The one in the second region ends in -copies."""

    plans: dict[Name, BackupPlan] = Field(min_length=1)
    """Plans by name. Where two begin within the same hour, AWS Backup keeps the one that lasts longer."""

    second_region: Region | None = None
    """Where copies lie, in a vault and under a key of its own."""

    tag: TagKey = "Backup"
    """What is backed up carries this tag, with the project's name as its value."""

    recovery_point_hours: int | None = Field(default=None, ge=1, le=8760)
    """How much may be lost at most (RPO). A plan has to meet it, and with a second region one that copies, too."""

    recovery_time_hours: int | None = Field(default=None, ge=1, le=8760)
    """How long a recovery may take at most (RTO). The steps of `recoveryMinutes` have to fit in it."""

    recovery_minutes: RecoveryMinutes = RecoveryMinutes()
    """How long each step of a recovery takes."""

    lock: VaultLock | None = None
    """Locks the vaults; not locked when left out."""

    keep_backups: bool = True
    """A vault that holds recovery points is not deleted; false lets `pulumi destroy` delete them with it."""

    def copied(self) -> dict[str, BackupPlan]:
        """The plans whose recovery points are copied to the second region."""
        return {name: plan for name, plan in self.plans.items() if plan.copy_days is not None}
