"""When something may sleep."""

from catalog.reading.model import Model
from config.types.times import DAYS, Cron, TimeZone


class Schedule(Model):
    """Named in section `ai-platform:schedules`; databases and node groups refer to it."""

    start: Cron
    """When it wakes, five cron fields such as `0 8 * * MON-FRI`."""

    stop: Cron
    """When it goes to sleep."""

    time_zone: TimeZone
    """The IANA time zone of both; EventBridge Scheduler follows its summer time."""


def eventbridge_expression(cron: str) -> str:
    """Five cron fields as EventBridge Scheduler writes them.

    EventBridge has a sixth field, the year, wants `?` for the day field that is not set, and counts weekdays from
    Sunday = 1 where cron has Sunday = 0: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
    """
    minute, hour, day, month, weekday = cron.upper().split()
    if weekday == "*":
        return f"cron({minute} {hour} {day} {month} ? *)"
    return f"cron({minute} {hour} ? {month} {','.join(map(_weekdays, weekday.split(',')))} *)"


_FROM_SUNDAY = (*DAYS[-1:], *DAYS[:-1])


def _weekdays(item: str) -> str:
    """Weekdays by name: a range that ends within a week from Sunday stays one, everything else is listed."""
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
    """Sunday is 0, and 7 where a range ends."""
    return int(day) if day.isdigit() else _FROM_SUNDAY.index(day)
