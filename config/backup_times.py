"""When backups run: which jobs AWS Backup skips, and the longest time between two recovery points."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from config.backups import BackupPlan
from config.databases import Database
from config.running_hours import LEAP_CYCLE, MINUTES_A_DAY, WEEK, gap, moments, times
from config.windows import daily_windows, weekly_window

BEFORE = 60
"""Minutes before a backup or maintenance window of RDS from which its jobs of AWS Backup fail:
https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html"""

SAME = 60
"""Minutes within which AWS Backup runs only the job with the longest retention of a plan:
https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html"""

_SEASONS = (datetime(2026, 1, 15), datetime(2026, 7, 15))
_MONDAY = MINUTES_A_DAY
"""The first Monday of a cycle, which begins on a Sunday."""


class Job(NamedTuple):
    """A backup job: its start in minutes UTC of a cycle, and its plan."""

    minute: int
    plan: str


def ran(plans: Mapping[str, BackupPlan], season: datetime, days: int) -> list[Job]:
    """Return the jobs that AWS Backup runs in a cycle, at the UTC offsets of a season."""
    jobs = sorted(
        Job((minute - _offset(plan, season)) % (days * MINUTES_A_DAY), name)
        for name, plan in plans.items()
        for minute in moments(times(plan.expression()), days)
    )
    kept: list[Job] = []
    for job in jobs:
        if kept and job.minute - kept[-1].minute < SAME:
            if plans[job.plan].keep_days > plans[kept[-1].plan].keep_days:
                kept[-1] = job
        else:
            kept.append(job)
    return kept


def _offset(plan: BackupPlan, season: datetime) -> int:
    offset = ZoneInfo(plan.time_zone).utcoffset(season)
    return int(offset.total_seconds()) // 60 if offset else 0


def longest_gaps(
    plans: Mapping[str, BackupPlan], *, copies: bool = False, database: Database | None = None
) -> int | None:
    """Return the maximum number of minutes between two recovery points, or between two copies; None without any.

    For an RDS instance, jobs around its windows fail.
    """
    days = WEEK if all(times(plan.expression()).weekly for plan in plans.values()) else LEAP_CYCLE
    blocked = frozenset(_blocked(database)) if database else frozenset()
    found = []
    for season in _SEASONS:
        minutes = [
            job.minute
            for job in ran(plans, season, days)
            if (plans[job.plan].copy_days is not None or not copies)
            and job.minute % (WEEK * MINUTES_A_DAY) not in blocked
        ]
        if not minutes:
            return None
        found.append(gap(minutes, days))
    return max(found)


def _blocked(database: Database) -> Iterable[int]:
    """Yield the minutes of a week, from Sunday on, in which jobs of a database fail."""
    for start, length in (*daily_windows(database.backups.window), weekly_window(database.maintenance_window)):
        if database.backups.retention_days or length:
            yield from (
                (_MONDAY + start + minute) % (WEEK * MINUTES_A_DAY) for minute in range(-BEFORE, max(length, 1))
            )


def failing_jobs_a_day(plans: Mapping[str, BackupPlan], database: Database) -> int:
    """Return the maximum number of jobs of a database that fail on a day, because of its windows."""
    blocked = frozenset(_blocked(database))
    counts: dict[int, int] = {}
    for season in _SEASONS:
        counted: dict[int, int] = {}
        for job in ran(plans, season, WEEK):
            if job.minute in blocked:
                day = job.minute // MINUTES_A_DAY
                counted[day] = counted.get(day, 0) + 1
        counts = {day: max(counts.get(day, 0), counted.get(day, 0)) for day in {*counts, *counted}}
    return max(counts.values(), default=0)
