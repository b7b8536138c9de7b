"""Schedules and what refers to them."""

from collections.abc import Iterator

from config.problems import Problem
from config.rules.stack import Stack


def schedules(stack: Stack) -> Iterator[Problem]:
    """Waking and going to sleep are different times."""
    for name, schedule in stack.settings.schedules.items():
        if schedule.start == schedule.stop:
            yield Problem(("schedules", name, "stop"), f"{schedule.stop!r} is the start too; choose another time")


def references(stack: Stack) -> Iterator[Problem]:
    """A schedule that something names is there; a protected database does not sleep unnoticed."""
    for name, group in stack.settings.node_groups.items():
        yield from stack.reference(("nodeGroups", name, "schedule"), group.schedule, "schedules")
    for name, database in stack.settings.databases.items():
        yield from stack.reference(("databases", name, "schedule"), database.schedule, "schedules")
    for name, server in stack.settings.instances.items():
        yield from stack.reference(("instances", name, "schedule"), server.schedule, "schedules")
