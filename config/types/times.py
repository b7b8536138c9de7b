"""Durations, schedules, time zones, windows and retention."""

import re
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

from catalog.reading.problems import alternatives
from config.types.text import matching, quoted

Duration = Annotated[
    str,
    matching(r"(?:\d+h)?(?:\d+m)?(?:\d+s)?(?<=[hms])", "is not a duration; write it like 30s, 5m, 1h or 720h"),
]
"""Hours, minutes and seconds in Go's notation, which Kubernetes and Prometheus use."""

NodeAge = Annotated[
    str,
    matching(r"Never|(?:\d+h)?(?:\d+m)?(?:\d+s)?(?<=[hms])", "is not a maximum node age; write it like 720h, or Never"),
]

DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")

_FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")),
    ("day of the week", 0, 7, DAYS),
)


def _in_range(text: str, low: int, high: int, names: tuple[str, ...]) -> bool:
    return text.upper() in names or (re.fullmatch("[0-9]{1,2}", text) is not None and low <= int(text) <= high)


def _valid_cron_item(item: str, low: int, high: int, names: tuple[str, ...]) -> bool:
    body, _, step = item.partition("/")
    if "/" in item and not re.fullmatch("[1-9][0-9]?", step):
        return False
    if body == "*":
        return True
    first, dash, last = body.partition("-")
    if not _in_range(first, low, high, names) or (dash and not _in_range(last, low, high, names)):
        return False
    # Weekdays go round: FRI-MON is a long weekend.
    return not dash or names is DAYS or _place(first, low, names) <= _place(last, low, names)


def _place(text: str, low: int, names: tuple[str, ...]) -> int:
    return int(text) if text.isdigit() else names.index(text.upper()) + low


def _check_cron(value: str) -> str:
    fields = value.split()
    if len(fields) != len(_FIELDS):
        raise ValueError(
            f"{quoted(value)} is not a schedule; write five cron fields (minute hour day month weekday), "
            "for example '0 8 * * MON-FRI'"
        )
    for field, (title, low, high, names) in zip(fields, _FIELDS, strict=True):
        if not all(_valid_cron_item(item, low, high, names) for item in field.split(",")):
            raise ValueError(f"{quoted(value)} is not a schedule: invalid {title} {quoted(field)}; use {low}-{high}")
    if fields[2] != "*" and fields[4] != "*":
        raise ValueError(
            f"{quoted(value)} sets both a day of the month and a weekday, but EventBridge supports only one; set the "
            "other to *"
        )
    return value


Cron = Annotated[str, AfterValidator(_check_cron)]
"""Five cron fields, as in Kubernetes and crontab."""


def _check_time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{quoted(value)} is not a time zone; write an IANA name like Asia/Seoul or UTC") from None
    return value


TimeZone = Annotated[str, AfterValidator(_check_time_zone)]

_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"

DailyWindow = Annotated[str, matching(rf"{_CLOCK}-{_CLOCK}", "is not a daily window; write it in UTC like 03:00-04:00")]

WeeklyWindow = Annotated[
    str,
    matching(
        rf"(?:mon|tue|wed|thu|fri|sat|sun):{_CLOCK}-(?:mon|tue|wed|thu|fri|sat|sun):{_CLOCK}",
        "is not a weekly window; write it in UTC like sun:04:00-sun:05:00",
    ),
]

RETENTION_DAYS = (
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
)
"""Retention periods of CloudWatch Logs in days: PutRetentionPolicy in its API reference."""


def _check_retention(days: int) -> int:
    if days not in RETENTION_DAYS:
        raise ValueError(
            f"{days} days is not a retention of CloudWatch Logs; choose {alternatives(map(str, RETENTION_DAYS))}"
        )
    return days


RetentionDays = Annotated[int, AfterValidator(_check_retention)]
