"""What every resource must keep to, whatever component made it: one module a concern, each with its `RULES`.

`aiplatform plan` asks them of the recorded plan, and the policy pack in `policies/` asks the same of the engine, before
it creates or changes anything. A module that is added here is asked too.
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
    """Every rule, by name."""
    modules = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    found = [rule for module in modules for rule in getattr(module, "RULES", ())]
    return tuple(sorted(found, key=lambda rule: rule.name))


@cache
def _concerning(token: str) -> tuple[Rule, ...]:
    """The rules about resources of a type: a thousand tenants have a hundred thousand resources of forty types."""
    return tuple(rule for rule in rules() if rule.concerns(token))


def broken(resources: Iterable[Resource]) -> Iterator[Finding]:
    """A finding for each rule that a resource breaks."""
    for resource in resources:
        for rule in _concerning(resource.type):
            yield from rule.findings(resource)
