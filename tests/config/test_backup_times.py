"""The time between two recovery points, from the jobs that run: calculated by hand."""

from typing import Any

import pytest

from config.backup_times import failing_jobs_a_day, longest_gaps
from config.backups import BackupPlan
from config.databases import Database
from tests.components.base import settings_from, settings_of

HOUR = 60
HOURLY = {"schedule": "0 * * * *", "keepDays": 2, "copyDays": 2}
DAILY = {"schedule": "0 3 * * *", "keepDays": 7, "copyDays": 7}
KEPT_HERE = {"schedule": "0 3 * * *", "keepDays": 7}


def plans(**given: dict[str, Any]) -> dict[str, BackupPlan]:
    return {name: settings_from(BackupPlan, values) for name, values in given.items()}


def database(window: str = "17:00-18:00", maintenance: str = "sun:04:00-sun:05:00", days: int = 7) -> Database:
    values = {"engine": "postgres", "engineVersion": "17", "instanceClass": "db.t4g.micro", "databaseName": "shop"}
    backups = {"window": window, "retentionDays": days}
    return settings_from(Database, {**values, "backups": backups, "maintenanceWindow": maintenance})


GAPS = {
    "hourly": (plans(hourly=HOURLY), None, 1),
    # In the hour of both, only the daily job runs; it copies, too.
    "hourly and daily": (plans(hourly=HOURLY, daily=DAILY), None, 1),
    # The daily job has no copy: those of 02:00 and 04:00 are the neighbours.
    "a daily job without copies": (plans(hourly=HOURLY, daily=KEPT_HERE), None, 2),
    # 03:00 in Seoul is 18:00 UTC, which is an hour of the other plan as well.
    "another time zone": (plans(hourly=HOURLY, daily={**KEPT_HERE, "timeZone": "Asia/Seoul"}), None, 2),
    # A plan with the shorter retention loses, whichever begins first.
    "half an hour later": (plans(hourly=HOURLY, daily={**KEPT_HERE, "schedule": "30 3 * * *"}), None, 3),
    "no copies": (plans(daily=KEPT_HERE), None, None),
    "daily": (plans(daily=DAILY), None, 24),
    # Jobs of 16:00 and 17:00 fail; on Sunday those of 03:00 and 04:00.
    "a database": (plans(hourly=HOURLY), database(), 3),
    # 02:00 to 04:00 each day, 03:00 to 05:00 on Sunday: from 01:00 to 05:00.
    "windows that follow each other": (plans(hourly=HOURLY), database("03:00-04:00"), 4),
    # From 22:30 to 00:30: 23:00 and 00:00 fail.
    "a window over midnight": (plans(hourly=HOURLY), database("23:30-00:30"), 3),
    # From 16:15 to 17:45: only 17:00 fails; on Sunday two jobs.
    "half an hour": (plans(hourly=HOURLY), database("17:15-17:45", "sun:04:15-sun:04:45"), 2),
    "a daily job in the window": (plans(daily=DAILY), database("03:30-04:00"), None),
    # From Saturday 23:00 to Sunday 02:00: 23:00, 00:00 and 01:00 fail.
    "maintenance over midnight": (plans(hourly=HOURLY), database("17:00-17:30", "sun:00:00-sun:02:00"), 4),
}


@pytest.mark.parametrize("case", GAPS)
def test_longest_gap_of_copies_is_that_of_the_jobs_that_run(case: str) -> None:
    given, one, hours = GAPS[case]
    assert longest_gaps(given, copies=True, database=one) == (None if hours is None else hours * HOUR)


def test_gap_of_a_schedule_in_summer_time_is_the_longest_of_both_seasons() -> None:
    # 02:30 in Los Angeles is 10:30 UTC in winter and 09:30 in summer, which is in the window.
    given = plans(daily={**DAILY, "schedule": "30 2 * * *", "timeZone": "America/Los_Angeles"})
    assert longest_gaps(given, database=database("09:00-10:00")) is None
    assert longest_gaps(given, database=database("03:00-03:30")) == 24 * HOUR


def test_failing_jobs_are_counted_on_the_day_with_most_of_them() -> None:
    # Two around the daily window, and two more on Sunday.
    assert failing_jobs_a_day(plans(hourly=HOURLY), database()) == 4
    assert failing_jobs_a_day(plans(daily=DAILY), database()) == 1
    assert failing_jobs_a_day(plans(daily=DAILY), database(maintenance="sun:08:00-sun:09:00")) == 0


def test_openwebui_needs_the_replica_of_its_automated_backups() -> None:
    settings = settings_of("openwebui")
    assert settings.backups is not None
    assert longest_gaps(settings.backups.plans, copies=True) == HOUR
    assert longest_gaps(settings.backups.plans, copies=True, database=settings.databases["main"]) == 3 * HOUR
    assert settings.databases["main"].replicate_to == settings.backups.second_region
