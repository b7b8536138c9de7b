"""Checks across values of a stack file. A rule is a function from a `Stack` to problems; each module lists its
RULES."""

import pkgutil
from importlib import import_module

from config.rules.stack import Rule

RULES: tuple[Rule, ...] = tuple(
    rule
    for module in pkgutil.iter_modules(__path__)
    for rule in getattr(import_module(f"{__name__}.{module.name}"), "RULES", ())
)
"""The rules of every module."""
