"""Schedules, and references to them."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.rules.stack import Stack


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


def references(stack: Stack) -> Iterator[Problem]:
    """Referenced schedules exist."""
    for name, group in stack.settings.node_groups.items():
        yield from stack.reference(("nodeGroups", name, "schedule"), group.schedule, "schedules")
    for name, database in stack.settings.databases.items():
        yield from stack.reference(("databases", name, "schedule"), database.schedule, "schedules")
    for name, server in stack.settings.instances.items():
        yield from stack.reference(("instances", name, "schedule"), server.schedule, "schedules")
