"""Assumptions about what the stack has."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.rules.stack import Stack


def groups(stack: Stack) -> Iterator[Problem]:
    """Hours are assumed for node groups that are there."""
    for name in stack.settings.costs.assumptions.group_hours_per_month:
        yield from stack.reference(("costs", "assumptions", "groupHoursPerMonth", name), name, "nodeGroups")
