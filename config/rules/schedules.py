"""Schedules, and references to them."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.rules.stack import Rule, Stack


def schedules(stack: Stack) -> Iterator[Problem]:
    """Start and stop of a schedule differ."""
    for name, schedule in stack.settings.schedules.items():
        if schedule.start == schedule.stop:
            yield Problem(("schedules", name, "stop"), f"{schedule.stop!r} equals start; choose another time")


def function(stack: Stack) -> Iterator[Problem]:
    """The scheduler function has resources to stop and start."""
    settings = stack.settings
    schedules = [
        *(group.schedule for group in settings.node_groups.values()),
        *(database.schedule for database in settings.databases.values()),
        *(server.schedule for server in settings.instances.values()),
    ]
    if settings.scheduler is not None and not any(schedules):
        yield Problem(
            ("scheduler",),
            "no node group, database or instance has a schedule; set schedule in one of them, or remove the section",
            because=(("nodeGroups",), ("databases",), ("instances",)),
        )


RULES: tuple[Rule, ...] = (schedules, function)
