"""A rule for resources, and the problems that it reports."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from aiplatform.finding import Finding, Severity
from aiplatform.findings.rules.values import NotKnownError
from aiplatform.preview.plan import Json, Resource

Inputs = Mapping[str, Json]
"""A resource's inputs under the provider's names. A value that is unknown before a deployment is `UNKNOWN`."""


class Problem(NamedTuple):
    """What is wrong with a resource, and how to fix it."""

    message: str
    fix: str


@dataclass(frozen=True)
class Rule:
    """A requirement for resources of some types."""

    name: str
    """Name of the finding and of the policy, in kebab case."""

    severity: Severity
    """Severity; an error stops `pulumi up` with the policy pack, other severities are printed."""

    types: tuple[str, ...]
    """Type tokens of the resources; a token that ends with `:` is a prefix."""

    description: str
    """The requirement, in one sentence."""

    source: str
    """URL of the documentation that recommends it."""

    problems: Callable[[Inputs], Iterator[Problem]]
    """Yields the problems of a resource's inputs; it can raise `NotKnownError`."""

    def concerns(self, token: str) -> bool:
        """Return whether the rule applies to a type."""
        return any(token == one or (one.endswith(":") and token.startswith(one)) for one in self.types)

    def findings(self, resource: Resource) -> Iterator[Finding]:
        """Yield the findings of a resource, up to the first unknown value that the rule depends on."""
        try:
            for problem in self.problems(resource.inputs):
                yield Finding(
                    self.name, self.severity, resource.urn, f"{resource.name}: {problem.message}", problem.fix
                )
        except NotKnownError:
            return
