"""Backup and maintenance windows, in minutes of a week that begins on Monday."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEK = 7 * 24 * 60


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def daily_windows(window: str) -> list[tuple[int, int]]:
    """Return start and length of a daily window on each day."""
    start, end = map(_minutes, window.split("-"))
    length = (end - start) % (24 * 60)
    return [(day * 24 * 60 + start, length) for day in range(7)]


def weekly_window(window: str) -> tuple[int, int]:
    """Return start and length of a weekly window."""
    start, end = (DAYS.index(part[:3]) * 24 * 60 + _minutes(part[4:]) for part in window.split("-"))
    return start, (end - start) % WEEK


def windows_overlap(daily: str, weekly: str) -> bool:
    """Return whether a daily and a weekly window, both in UTC, overlap."""
    start, length = weekly_window(weekly)
    return any(
        (other - start) % WEEK < length or (start - other) % WEEK < other_length
        for other, other_length in daily_windows(daily)
    )
