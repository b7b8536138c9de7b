"""What a preview is: the resources that a program registers, and what its stack exports."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.aws.aws_type import SECRET, UNKNOWN, Json

__all__ = ["SECRET", "UNKNOWN", "Json", "Plan", "Resource"]


@dataclass(frozen=True, slots=True)
class Resource:
    """One registration, as the engine would see it."""

    urn: str
    type: str
    name: str
    parent: str | None
    provider: str | None
    dependencies: tuple[str, ...]
    inputs: Mapping[str, Json]
    custom: bool = True
    """False for components, local and remote: they have no life in the cloud of their own."""
    remote: bool = False
    """True for components whose children only their provider knows (`eks:index:Cluster`)."""
    aliases: tuple[str, ...] = ()
    """The URNs by which an earlier state may know it: its own, and those that follow from its parent's."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A stack before it is built. `resources` are sorted by URN, so that equal programs give equal plans."""

    project: str
    stack: str
    resources: tuple[Resource, ...]
    outputs: Mapping[str, Json]
