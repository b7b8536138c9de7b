"""Running hours of a schedule, calculated by hand."""

from fractions import Fraction

import pytest

from config.running_hours import RDS_STARTS_AFTER, at_once, running_share, times
from config.schedules import eventbridge_expression


def share(start: str, stop: str, **options: int) -> Fraction:
    return running_share(times(eventbridge_expression(start)), times(eventbridge_expression(stop)), **options)


def hours(start: str, stop: str) -> Fraction:
    """Of a week's 168."""
    return share(start, stop) * 168


@pytest.mark.parametrize(
    ("start", "stop", "expected"),
    [
        ("0 8 * * MON-FRI", "0 20 * * MON-FRI", 5 * 12),
        ("0 8 * * *", "0 20 * * *", 7 * 12),
        # Awake from Monday morning to Friday evening, the nights too: four days and twelve hours.
        ("0 8 * * MON", "0 20 * * FRI", 4 * 24 + 12),
        # Over the week's end: from Friday 20:00 to Monday 8:00.
        ("0 20 * * FRI", "0 8 * * MON", 4 + 24 + 24 + 8),
        # Every night from 22:00 to 6:00.
        ("0 22 * * *", "0 6 * * *", 7 * 8),
        ("30 8 * * MON-FRI", "15 17 * * MON-FRI", 5 * Fraction(35, 4)),
        # The stop on each day, the start on weekdays only: at the weekend there is nothing to stop.
        ("0 8 * * 1-5", "0 20 * * *", 5 * 12),
        # FRI-MON goes over the week's end.
        ("0 0 * * FRI-MON", "0 12 * * *", 4 * 12),
        # Two starts before one stop count once.
        ("0 8,10 * * MON", "0 12 * * MON", 4),
        # Every six hours for one hour.
        ("0 */6 * * *", "0 1-23/6 * * *", 7 * 4),
        ("0 8 * * 0", "0 20 * * 7", 12),
    ],
)
def test_running_hours_of_a_week_last_from_a_start_to_the_next_stop(start: str, stop: str, expected: Fraction) -> None:
    assert hours(start, stop) == expected


def test_day_of_the_month_is_averaged_over_four_years() -> None:
    assert share("0 0 1 * *", "0 0 2 * *") == Fraction(48, 1461)


def test_february_29_occurs_once_in_four_years() -> None:
    assert share("0 0 29 2 *", "0 12 29 2 *") == Fraction(1, 2 * 1461)


def test_impossible_start_never_runs_and_impossible_stop_never_stops() -> None:
    assert share("0 8 31 2 *", "0 20 * * *") == 0
    assert share("0 8 * * *", "0 20 30 2 *") == 1


def test_database_stopped_longer_than_a_week_restarts_and_is_billed() -> None:
    # Awake for a day a month by the schedule. RDS starts it after seven days of the rest, so that of 1,461 days in
    # four years only 48 times 7 are slept.
    found = share("0 0 1 * *", "0 0 2 * *", starts_itself_after=RDS_STARTS_AFTER)
    assert found == 1 - Fraction(48 * 7, 1461)


def test_database_stopped_over_a_weekend_does_not_restart() -> None:
    week = ("0 8 * * MON-FRI", "0 20 * * MON-FRI")
    assert share(*week, starts_itself_after=RDS_STARTS_AFTER) == share(*week) == Fraction(60, 168)


@pytest.mark.parametrize(
    ("start", "stop", "together"),
    [
        ("0 8 * * *", "0 8 * * MON", True),
        ("0 8 * * SUN", "0 8 * * MON", False),
        ("0 8 * * MON", "0 9 * * MON", False),
        ("0 8 1 * *", "0 8 * * FRI", True),
    ],
)
def test_start_and_stop_in_one_minute_are_found_on_any_day(start: str, stop: str, together: bool) -> None:
    assert at_once(times(eventbridge_expression(start)), times(eventbridge_expression(stop))) is together


@pytest.mark.parametrize("text", ["rate(1 hour)", "cron(0 8 * * MON-FRI)", "0 8 ? * MON-FRI *", ""])
def test_invalid_eventbridge_expression_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a cron expression"):
        times(text)
