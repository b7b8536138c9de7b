"""Durations, schedules, time zones, windows and retention."""

import re
from datetime import date, datetime
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


def _check_day(value: str) -> str:
    try:
        date.fromisoformat(value if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else "")
    except ValueError:
        raise ValueError(f'{quoted(value)} is not a date; write it in quotes like "2026-11-30"') from None
    return value


Day = Annotated[str, AfterValidator(_check_day)]
"""A date. It is a string, because YAML parsers convert a date without quotes in different ways."""

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


EventBridgeSchedule = Annotated[str, AfterValidator(_check_cron)]
"""Schedule of EventBridge Scheduler and AWS Backup, as five cron fields that are converted to their expression.

One of the day fields is `*`, Sunday is 0 or 7, and a range of weekdays may wrap around the week.
"""

MACROS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
"""https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax"""


def _kubernetes_item(item: str, low: int, high: int, names: tuple[str, ...]) -> bool:
    body, slash, step = item.partition("/")
    if slash and not re.fullmatch("[1-9][0-9]*", step):
        return False
    if body in ("*", "?"):
        return True
    first, dash, last = body.partition("-")
    ends = [first, *([last] if dash else [])]
    if not all(_in_range(end, low, high, names) for end in ends):
        return False
    return not dash or _place(first, low, names) <= _place(last, low, names)


def is_kubernetes_schedule(value: str) -> bool:
    """Return whether a CronJob takes a schedule, as `ParseStandard` of robfig/cron v3 reads it.

    https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format
    """
    if value.startswith("@"):
        every = re.fullmatch(r"@every (?=\d)(?:\d+h)?(?:\d+m)?(?:\d+s)?", value)
        return value.lower() in MACROS or every is not None
    fields = value.split()
    bounds = (*_FIELDS[:4], ("day of the week", 0, 6, ("SUN", *DAYS[:-1])))
    return len(fields) == len(bounds) and all(
        _kubernetes_item(item, low, high, names)
        for field, (_, low, high, names) in zip(fields, bounds, strict=True)
        for item in field.split(",")
    )


def _check_kubernetes(value: str) -> str:
    if not is_kubernetes_schedule(value):
        raise ValueError(
            f"{quoted(value)} is not a schedule of a CronJob; set five fields (minute hour day month weekday, with "
            "Sunday = 0, without L, W and #) such as '0 2 * * *', or a macro such as @daily"
        )
    return value


_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _numbers(field: str, low: int, high: int, names: tuple[str, ...]) -> set[int]:
    found: set[int] = set()
    for item in field.split(","):
        body, slash, step = item.partition("/")
        first, dash, last = body.partition("-")
        every = body in ("*", "?")
        start = low if every else _place(first, low, names)
        end = _place(last, low, names) if dash else high if every or slash else start
        found.update(range(start, end + 1, int(step or 1)))
    return found


def _check_occurs(value: str) -> str:
    """Return a schedule that has a day: 30 February never comes."""
    fields = MACROS.get(value.lower(), value).split()
    if len(fields) == len(_FIELDS) and fields[4] in ("*", "?"):
        days = _numbers(fields[2], 1, 31, ())
        months = _numbers(fields[3], 1, 12, _FIELDS[3][3])
        if not any(min(days) <= _LENGTHS[month - 1] for month in months):
            raise ValueError(f"{quoted(value)} never occurs: its months have no such day; change day or month")
    return value


KubernetesSchedule = Annotated[str, AfterValidator(_check_kubernetes), AfterValidator(_check_occurs)]
"""Schedule of a CronJob: five cron fields, or a macro such as `@daily`."""

_EVENTBRIDGE_FIELDS = (
    (0, 59, ()),
    (0, 23, ()),
    (1, 31, ()),
    (1, 12, _FIELDS[3][3]),
    (1, 7, ("SUN", *DAYS[:-1])),
    (1970, 2199, ()),
)


def is_eventbridge_schedule(value: str) -> bool:
    """Return whether EventBridge Scheduler takes an expression: `cron(...)`, `rate(...)` or `at(...)`.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
    """
    kind, _, rest = value.partition("(")
    body = rest.removesuffix(")")
    if not rest.endswith(")"):
        return False
    if kind == "rate":
        return re.fullmatch(r"1 (?:minute|hour|day)|(?!1 )[1-9]\d* (?:minute|hour|day)s", body) is not None
    if kind == "at":
        return _is_date(body)
    fields = body.split(" ")
    if kind != "cron" or len(fields) != len(_EVENTBRIDGE_FIELDS):
        return False
    # One of the day fields is `?`: EventBridge supports no union of both.
    if (fields[2] == "?") == (fields[4] == "?"):
        return False
    return all(_eventbridge_field(index, field) for index, field in enumerate(fields))


def _is_date(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _eventbridge_field(index: int, field: str) -> bool:
    if field in ("*", "?"):
        return field == "*" or index in (2, 4)
    return all(_eventbridge_item(index, item) for item in field.split(","))


def _eventbridge_item(index: int, item: str) -> bool:
    low, high, names = _EVENTBRIDGE_FIELDS[index]
    if index == 2 and (item == "L" or re.fullmatch(r"(?:[1-9]|[12]\d|3[01])W", item)):
        return True
    if index == 4:
        day = "|".join(names)
        if item == "L" or re.fullmatch(rf"(?:[1-7]|{day})(?:L|#[1-5])", item.upper()):
            return True
    body, slash, step = item.partition("/")
    if slash and not re.fullmatch("[1-9][0-9]*", step):
        return False
    if body == "*":
        return bool(slash)
    first, dash, last = body.partition("-")
    ends = [first, *([last] if dash else [])]
    return all(_in_bounds(end, low, high, names) for end in ends)


def _in_bounds(text: str, low: int, high: int, names: tuple[str, ...]) -> bool:
    return text.upper() in names or (re.fullmatch("[0-9]{1,4}", text) is not None and low <= int(text) <= high)


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
