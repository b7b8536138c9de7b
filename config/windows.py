"""Daily and weekly windows of databases and caches: backups and maintenance, which must not overlap."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
WEEK = 7 * DAY


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def daily_windows(window: str) -> list[tuple[int, int]]:
    """Return start and length of a daily window on each day, in minutes of a week that begins on Monday."""
    start, end = map(_minutes, window.split("-"))
    length = (end - start) % DAY
    return [(day * DAY + start, length) for day in range(7)]


def weekly_window(window: str) -> tuple[int, int]:
    """Return start and length of a weekly window, in minutes of a week that begins on Monday."""
    start, end = (DAYS.index(part[:3]) * DAY + _minutes(part[4:]) for part in window.split("-"))
    return start, (end - start) % WEEK


def daily_minutes(window: str) -> int:
    """Return the length of a daily window in minutes."""
    return daily_windows(window)[0][1]


def weekly_minutes(window: str) -> int:
    """Return the length of a weekly window in minutes."""
    return weekly_window(window)[1]


def windows_overlap(daily: str, weekly: str) -> bool:
    """Return whether a daily and a weekly window, both in UTC, overlap."""
    start, length = weekly_window(weekly)
    return any(
        (other - start) % WEEK < length or (start - other) % WEEK < other_length
        for other, other_length in daily_windows(daily)
    )


def daily_beside(daily: str, weekly: str) -> str:
    """Return the first hour from the start of a daily window that does not overlap a weekly window."""
    start = _minutes(daily[:5])
    hours = (f"{_clock(one)}-{_clock(one + 60)}" for one in range(start, start + DAY, 60))
    return next((one for one in hours if not windows_overlap(one, weekly)), daily)


def weekly_after(daily: str) -> str:
    """Return the hour of Sunday after a daily window."""
    end = 6 * DAY + _minutes(daily[6:])
    first, last = end, end + 60
    return "-".join(f"{DAYS[one // DAY % 7]}:{_clock(one)}" for one in (first, last))
