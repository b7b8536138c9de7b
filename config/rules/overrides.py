"""Overrides of charts and workloads do not set what the platform depends on."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.overrides import overridden
from config.rules.stack import Rule, Stack


def keep_promises(stack: Stack) -> Iterator[Problem]:
    """No override sets a port, a secret, a security context, or a value that another setting decides."""
    for one in overridden(stack.settings):
        refused = one.refusal()
        if refused is not None:
            yield Problem(one.path, f"the {one.override.kind} {one.name} cannot be overridden: {refused.why}")


RULES: tuple[Rule, ...] = (keep_promises,)
