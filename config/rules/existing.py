"""Resources that exist already have no settings of what is created."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.rules.stack import Rule, Stack, noun
from config.types.existing import OrExisting
from config.walk import each


def unused(stack: Stack) -> Iterator[Problem]:
    """An existing resource has only the settings that describe it."""
    for path, entry in each(stack.settings, OrExisting):
        if entry.existing is None:
            continue
        for name in sorted(entry.model_fields_set - entry.APPLIES - {"existing"}):
            yield Problem(
                (*path, type(entry).model_fields[name].alias or name),
                f"has no effect on an existing {noun([str(path[0])])}, which the stack does not change; remove it",
                because=((*path, "existing"),),
            )


RULES: tuple[Rule, ...] = (unused,)
