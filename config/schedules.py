"""Schedules of scheduled stop and start."""

import re

from catalog.reading.model import Model
from config.running_hours import longest_gap, times
from config.types.times import DAYS, MACROS, EventBridgeSchedule, TimeZone, is_kubernetes_schedule


class Schedule(Model):
    """An entry of section `ai-platform:schedules`; databases, instances and node groups refer to it by name."""

    start: EventBridgeSchedule
    """Start time: five cron fields such as `0 8 * * MON-FRI`."""

    stop: EventBridgeSchedule
    """Stop time: five cron fields such as `0 20 * * MON-FRI`."""

    time_zone: TimeZone
    """IANA time zone of both times; EventBridge Scheduler applies its daylight saving time."""


def eventbridge_expression(cron: str) -> str:
    """Convert five cron fields to the fields of an EventBridge Scheduler expression.

    EventBridge has a sixth field, the year, requires `?` for the day field that is not set, and counts weekdays from
    Sunday = 1 where cron has Sunday = 0: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
    """
    minute, hour, day, month, weekday = cron.upper().split()
    if weekday == "*":
        return f"cron({minute} {hour} {day} {month} ? *)"
    return f"cron({minute} {hour} ? {month} {','.join(map(_weekdays, weekday.split(',')))} *)"


def kubernetes_expression(cron: str) -> str:
    """Convert five cron fields of `schedules` to those that Kubernetes and KEDA read: their week does not wrap around,
    and Sunday is 0."""
    if is_kubernetes_schedule(cron):
        return cron
    *others, weekday = cron.upper().split()
    return " ".join([*others, ",".join(map(_weekdays, weekday.split(",")))])


def kubernetes_gap(schedule: str) -> int:
    """Return the maximum number of minutes between two runs of a CronJob, seconds of `@every` rounded up.

    Where both day fields are set, either of them starts a run; the weekdays alone count: the result is an upper bound.

    Raises:
        ValueError: the schedule never occurs.
    """
    if schedule.startswith("@every "):
        parts = {unit: int(number) for number, unit in re.findall(r"(\d+)([hms])", schedule)}
        return 60 * parts.get("h", 0) + parts.get("m", 0) + -(-parts.get("s", 0) // 60)
    return longest_gap(times(eventbridge_expression(MACROS.get(schedule.lower(), schedule).replace("?", "*"))))


_FROM_SUNDAY = (*DAYS[-1:], *DAYS[:-1])


def _weekdays(item: str) -> str:
    """Convert weekdays to names: a range within a week that begins on Sunday is kept, other ranges are listed."""
    body, slash, step = item.partition("/")
    if body == "*":
        first, last = 0, 6
    else:
        start, dash, end = body.partition("-")
        first = _number(start) % 7
        last = _number(end) if dash and end != start else 6 if slash else first
    if last < first:
        last += 7
    if not slash and first < last <= 6:
        return f"{_FROM_SUNDAY[first]}-{_FROM_SUNDAY[last]}"
    days = (_FROM_SUNDAY[day % 7] for day in range(first, last + 1, int(step or 1)))
    return ",".join(dict.fromkeys(days))


def _number(day: str) -> int:
    """Return the number of a weekday: Sunday is 0, or 7 at the end of a range."""
    return int(day) if day.isdigit() else _FROM_SUNDAY.index(day)
