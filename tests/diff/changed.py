"""Sides of a difference: a recorded stack, and the same with a change of some of its resources."""

import copy
import functools
from collections.abc import Callable
from typing import Any

from aiplatform.diff.line import Line, Side
from aiplatform.preview.record import record_function
from aiplatform.preview.write import described
from components.platform import Platform
from config.loader import load_file
from config.settings import Settings
from tests.components.base import recorded, settings_of
from tests.config.base import STACK_FILES, TODAY

Resources = dict[str, dict[str, Any]]
"""Resources by logical name; where two have the same name, by `type name`."""


@functools.cache
def side(stack: str) -> Side:
    """A stack as it is."""
    return _side(stack, [described(one) for one in recorded(stack).plan.resources], settings_of(stack))


def _side(stack: str, resources: list[dict[str, Any]], settings: Settings) -> Side:
    plan = {"project": "ai-platform", "stack": stack, "resources": resources, "outputs": {}}
    return Side(plan, settings=settings)


def changed(stack: str, change: Callable[[Resources], None]) -> Side:
    """The stack with other inputs, or more or fewer resources."""
    found: Resources = {}
    for one in copy.deepcopy(list(side(stack).plan["resources"])):
        found[f"{one['type']} {one['name']}"] = one
    change(found)
    return _side(stack, list(found.values()), settings_of(stack))


def side_with(stack: str, changes: dict[tuple[str | int, ...], Any]) -> Side:
    """The plan of a stack file with other values, as `--set` gives them."""
    settings = load_file(STACK_FILES, stack, changes=changes, today=TODAY).settings
    plan = record_function(lambda: Platform(settings.project.name, settings) and None, stack=stack)
    return _side(stack, [described(one) for one in plan.resources], settings)


def told(lines: list[Line]) -> list[str]:
    """The lines as text."""
    return [f"{one.severity}: {one.subject}: {one.text}" for one in lines]
