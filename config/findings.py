"""What is known and meant: findings that a stack accepts."""

from typing import Annotated

from pydantic import Field

from catalog.reading.model import Model
from config.types.text import matching

RuleName = Annotated[
    str, matching(r"[a-z0-9]+(-[a-z0-9]+)*", "is no name of a rule; write it as `findings.json` does, like open-port")
]


class Accepted(Model):
    """A finding that is meant to be so."""

    rule: RuleName
    """The rule, as `findings.json` names it."""

    resource: str = Field("*", min_length=1)
    """The name of the resource in Pulumi, the last part of its URN; `*` stands for any signs."""

    reason: str = Field(min_length=1)
    """Why it is meant, for whoever reads the stack file next."""


class Findings(Model):
    """What becomes of findings."""

    accepted: tuple[Accepted, ...] = ()
    """Findings that neither stop a build nor count as a failure; they are listed with their reason."""
