"""When something may sleep."""

from config.model import Model
from config.types import DAYS, Cron, TimeZone


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
    minute, hour, day, month, weekday = cron.split()
    if weekday == "*":
        return f"cron({minute} {hour} {day} {month} ? *)"
    return f"cron({minute} {hour} ? {month} {','.join(map(_weekday, weekday.split(',')))} *)"


def _weekday(item: str) -> str:
    days, slash, step = item.partition("/")
    named = "-".join(DAYS[(int(day) - 1) % 7] if day.isdigit() else day.upper() for day in days.split("-"))
    return f"{named}{slash}{step}"
