"""Findings that a stack accepts."""

from typing import Annotated

from pydantic import Field

from catalog.reading.model import Model
from config.types.text import matching

RuleName = Annotated[
    str,
    matching(r"[a-z0-9]+(-[a-z0-9]+)*", "is not the name of a rule; write it as in `findings.json`, like open-port"),
]


class Accepted(Model):
    """An accepted finding."""

    rule: RuleName
    """Name of the rule, as in `findings.json`."""

    resource: str = Field("*", min_length=1)
    """Name of the resource in Pulumi, the last part of its URN; `*` matches any characters."""

    reason: str = Field(min_length=1)
    """Why it is accepted."""


class Findings(Model):
    """Section `ai-platform:findings`."""

    accepted: tuple[Accepted, ...] = ()
    """Accepted findings: they do not fail a plan or a deployment, and are listed with their reason."""
