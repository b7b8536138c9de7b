"""Costs: settings that have no effect."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.rules.stack import Rule, Stack


def factors(stack: Stack) -> Iterator[Problem]:
    """Only estimates have factors."""
    costs = stack.settings.costs
    if costs.estimate_factors and not costs.estimates:
        yield Problem(
            ("costs", "estimateFactors"),
            "has no effect without estimates; set costs.estimates: true, or remove it",
            because=(("costs", "estimates"),),
        )


RULES: tuple[Rule, ...] = (factors,)
