"""Schedules that change nothing."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.awake import at_once, awake, times
from config.rules.stack import Rule, Stack
from config.schedules import Schedule, eventbridge_expression


def runs_and_sleeps(stack: Stack) -> Iterator[Problem]:
    """What refers to a schedule runs at some time and sleeps at another."""
    for name, schedule in stack.settings.schedules.items():
        # That they are one and the same is another rule's to say.
        if schedule.start != schedule.stop:
            yield from _problems(name, schedule)


def _problems(name: str, schedule: Schedule) -> Iterator[Problem]:
    start, stop = (times(eventbridge_expression(cron)) for cron in (schedule.start, schedule.stop))
    share = awake(start, stop)
    if share == 0:
        yield Problem(
            ("schedules", name, "start"),
            f"{schedule.start!r} never wakes anything before {schedule.stop!r} stops it; what sleeps by it never runs: "
            "choose a start that comes, or leave the schedule out and set the sizes to 0",
        )
    elif share == 1:
        yield Problem(
            ("schedules", name, "stop"),
            f"{schedule.stop!r} never comes; what sleeps by it always runs: choose a stop that comes, "
            "or leave the schedule out",
        )
    elif at_once(start, stop):
        yield Problem(
            ("schedules", name, "stop"),
            f"{schedule.stop!r} and the start {schedule.start!r} fall on one minute of some day; "
            "choose another time for one of them",
        )


RULES: tuple[Rule, ...] = (runs_and_sleeps,)
