"""Rules for resources, independent of the component that creates them: one module for each concern, with its `RULES`.

`aiplatform plan` checks the recorded plan with them, and the policy pack in `policies/` checks the engine's resources
before it creates or changes them. A module that is added here is found automatically.
"""

import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module

from aiplatform.finding import Finding
from aiplatform.findings.rules.rule import Rule
from aiplatform.preview.plan import Resource

__all__ = ["broken", "rules"]


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule in the order of names."""
    modules = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    found = [rule for module in modules for rule in getattr(module, "RULES", ())]
    return tuple(sorted(found, key=lambda rule: rule.name))


@cache
def _concerning(token: str) -> tuple[Rule, ...]:
    """Return the rules for a type, cached: a thousand tenants have a hundred thousand resources of forty types."""
    return tuple(rule for rule in rules() if rule.concerns(token))


def broken(resources: Iterable[Resource]) -> Iterator[Finding]:
    """Yield a finding for each rule that a resource does not comply with."""
    for resource in resources:
        for rule in _concerning(resource.type):
            yield from rule.findings(resource)
