"""Cost assumptions."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.rules.stack import Stack


def groups(stack: Stack) -> Iterator[Problem]:
    """Node groups with assumed hours exist."""
    for name in stack.settings.costs.assumptions.group_hours_per_month:
        yield from stack.reference(("costs", "assumptions", "groupHoursPerMonth", name), name, "nodeGroups")
