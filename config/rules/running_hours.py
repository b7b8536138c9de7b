"""Schedules that never start or never stop anything."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.rules.stack import Rule, Stack
from config.running_hours import at_once, running_share, times
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


RULES: tuple[Rule, ...] = (runs_and_sleeps,)
