"""Rules of deletion protection."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.rules.stack import Rule, Stack


def one_without_the_other(stack: Stack) -> Iterator[Problem]:
    """AWS does not refuse the deletion of resources after Pulumi has deleted others."""
    if stack.settings.project.deletion_protection is not False:
        return
    for path in (path for path, protected in stack.settings.protected_by().items() if protected):
        yield Problem(
            path,
            "AWS refuses this deletion after Pulumi has deleted other resources; set false before a destroy, or "
            "remove project.deletionProtection",
            severity="warning",
            because=(("project", "deletionProtection"),),
        )


RULES: tuple[Rule, ...] = (one_without_the_other,)
