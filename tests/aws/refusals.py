"""The reasons why AWS would reject a resource."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.aws.documented import refused
from tests.aws.model import mistakes
from tests.aws.operations import OPERATIONS
from tests.aws.requests import Inputs, requests_of


@dataclass(frozen=True)
class Judged:
    """The result of a resource's requests."""

    asked: tuple[str, ...]
    """The operations in order."""

    refusals: tuple[str, ...]
    """One line for each rejected request, with the operation."""

    used: frozenset[str]
    """The used entries of the table."""


def judge(
    type_: str, logical: str, inputs: Inputs, *, identifier: str = "id", default_tags: Mapping[str, str] | None = None
) -> Judged:
    """Check every request that the provider would send for the resource against AWS's rules."""
    entry = OPERATIONS.get(type_)
    if entry is None:
        return Judged((), (f"{type_} is a type with no operation: add it to tests/aws/operations",), frozenset())
    asked = requests_of(entry, logical, inputs, identifier=identifier, default_tags=default_tags)
    refusals = [f"{type_}: {problem}" for problem in asked.unmapped]
    for request in asked.requests:
        problems = mistakes(request.service, request.operation, request.values)
        # A request that violates the API's model is not checked against documented rules, which would raise errors.
        problems = problems or refused(request.api, request.values)
        refusals += [f"{request.api}: {problem}" for problem in problems]
    return Judged(tuple(request.api for request in asked.requests), tuple(refusals), asked.used)
