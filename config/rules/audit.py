"""The audit log of the Kubernetes API."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.rules.stack import Rule, Stack


def audited(stack: Stack) -> Iterator[Problem]:
    """The audit log of a cluster in production is enabled."""
    project, logging = stack.settings.project, stack.settings.cluster.logging
    if project.is_production() and "audit" not in logging.types:
        yield Problem(
            ("cluster", "logging", "types"),
            f"lacks audit, so that changes by users leave no record in environment {project.environment}; add audit",
            severity="warning",
            because=(("project", "environment"),),
        )


RULES: tuple[Rule, ...] = (audited,)
