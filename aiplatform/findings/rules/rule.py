"""What a rule is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from aiplatform.finding import Finding, Severity
from aiplatform.findings.rules.values import NotKnownError
from aiplatform.preview.plan import Json, Resource

Inputs = Mapping[str, Json]
"""A resource's inputs under the provider's names. What only the cloud can tell reads `UNKNOWN`."""


class Problem(NamedTuple):
    """What is wrong with one resource, and the nearest change that helps."""

    message: str
    fix: str


@dataclass(frozen=True)
class Rule:
    """One thing that resources of some types keep to."""

    name: str
    """In kebab case; it names the finding and the policy."""

    severity: Severity
    """An error stops `pulumi up` where the policy pack is used; anything else is only said."""

    types: tuple[str, ...]
    """The tokens of the resources it is about; one that ends in `:` stands for all that begin so."""

    description: str
    """What is asked, and why."""

    source: str
    """The page that asks for it."""

    problems: Callable[[Inputs], Iterator[Problem]]
    """What is wrong with these inputs; it may raise `NotKnownError`."""

    def concerns(self, token: str) -> bool:
        """Whether it is about resources of a type."""
        return any(token == one or (one.endswith(":") and token.startswith(one)) for one in self.types)

    def findings(self, resource: Resource) -> Iterator[Finding]:
        """What a resource of such a type breaks; nothing more where that depends on what nobody knows yet."""
        try:
            for problem in self.problems(resource.inputs):
                yield Finding(
                    self.name, self.severity, resource.urn, f"{resource.name}: {problem.message}", problem.fix
                )
        except NotKnownError:
            return
