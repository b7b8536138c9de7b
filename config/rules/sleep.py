"""Schedules and what refers to them."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.rules.stack import Rule, Stack


def schedules(stack: Stack) -> Iterator[Problem]:
    """Waking and going to sleep are different times."""
    for name, schedule in stack.settings.schedules.items():
        if schedule.start == schedule.stop:
            yield Problem(("schedules", name, "stop"), f"{schedule.stop!r} is the start too; choose another time")


def function(stack: Stack) -> Iterator[Problem]:
    """The function that carries out schedules has something to do."""
    settings = stack.settings
    schedules = [
        *(group.schedule for group in settings.node_groups.values()),
        *(database.schedule for database in settings.databases.values()),
        *(server.schedule for server in settings.instances.values()),
    ]
    if settings.scheduler is not None and not any(schedules):
        yield Problem(
            ("scheduler",),
            "has nothing to stop: no node group, database or instance has a schedule; give one to some, or remove it",
            because=(("nodeGroups",), ("databases",), ("instances",)),
        )


RULES: tuple[Rule, ...] = (schedules, function)
