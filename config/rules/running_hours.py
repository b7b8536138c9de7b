"""Schedules that never start or never stop anything."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.rules.stack import Rule, Stack
from config.running_hours import MINUTES_A_DAY, RDS_STARTS_AFTER, at_once, longest_stop, running_share, times
from config.schedules import Schedule, eventbridge_expression


def runs_and_sleeps(stack: Stack) -> Iterator[Problem]:
    """A schedule both starts and stops its resources."""
    for name, schedule in stack.settings.schedules.items():
        # sleep.schedules reports a start and stop that are the same.
        if schedule.start != schedule.stop:
            yield from _problems(name, schedule)


def _problems(name: str, schedule: Schedule) -> Iterator[Problem]:
    start, stop = (times(eventbridge_expression(cron)) for cron in (schedule.start, schedule.stop))
    share = running_share(start, stop)
    if share == 0:
        yield Problem(
            ("schedules", name, "start"),
            f"{schedule.start!r} never starts anything before {schedule.stop!r} stops it; choose another start, or "
            "remove the schedule and set the sizes to 0",
        )
    elif share == 1:
        yield Problem(
            ("schedules", name, "stop"),
            f"{schedule.stop!r} never occurs, so that nothing stops; choose another stop, or remove the schedule",
        )
    elif at_once(start, stop):
        yield Problem(
            ("schedules", name, "stop"),
            f"{schedule.stop!r} and the start {schedule.start!r} occur in the same minute of a day; change one of them",
        )


def long_stops(stack: Stack) -> Iterator[Problem]:
    """RDS starts an instance that is stopped for a week, and nothing stops it again before the schedule does.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
    """
    for name, server in stack.settings.databases.items():
        schedule = stack.settings.schedules.get(server.schedule or "")
        if schedule is None or schedule.start == schedule.stop:
            continue
        start, stop = (times(eventbridge_expression(cron)) for cron in (schedule.start, schedule.stop))
        minutes = longest_stop(start, stop)
        if minutes > RDS_STARTS_AFTER:
            yield Problem(
                ("databases", name, "schedule"),
                f"{server.schedule} stops for up to {minutes // MINUTES_A_DAY} days, but RDS starts a stopped instance "
                "after 7 days, and it runs and costs until the next stop; stop and start it at least once a week",
                severity="warning",
                because=(("schedules", str(server.schedule)),),
            )


RULES: tuple[Rule, ...] = (runs_and_sleeps, long_stops)
