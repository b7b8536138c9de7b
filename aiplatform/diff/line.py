"""What sections of a difference read and return, and the sections that there are."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from aiplatform.finding import SEVERITIES, Severity
from aiplatform.preview.manifests import object_name
from aiplatform.preview.plan import Resource
from catalog.aws.aws_type import Json
from config.settings import Settings

Described = Mapping[str, Json]
"""A resource, as `plan.json` describes it. An older program can have left out keys."""


@dataclass(frozen=True)
class Line:
    """One fact about a change."""

    subject: str
    """The resource, user, rule or amount that the line is about."""

    text: str
    severity: Severity
    urn: str = ""
    fix: str = ""
    source: str = ""
    """Public documentation of the rule."""

    rank: int = 0
    """Lines of a severity are shown by rank, then by subject."""


@dataclass(frozen=True)
class Side:
    """A stack before or after a change."""

    plan: Mapping[str, Json]
    """The content of `plan.json`."""

    cost: Mapping[str, Json] | None = None
    """The content of `cost.json`; None if that side has none."""

    findings: Sequence[Mapping[str, Json]] | None = None
    """The content of `findings.json`; None if that side has none."""

    settings: Settings | None = None
    """The settings of the stack file; None if this program cannot load it."""

    @cached_property
    def resources(self) -> Mapping[str, Described]:
        """Return the resources by URN."""
        return {one["urn"]: one for one in self.plan["resources"]}

    @cached_property
    def reads(self) -> Sequence[Described]:
        """Return the existing resources that the stack reads; a plan of an earlier version has none."""
        return tuple(self.plan.get("reads", ()))


class Pair(NamedTuple):
    """A resource on both sides; None where it is new or gone."""

    before: Described | None
    after: Described | None

    @property
    def one(self) -> Described:
        """Return the resource, as it is after the change if it is still there."""
        found = self.after or self.before
        if found is None:
            raise LookupError("a pair without a resource")
        return found

    @property
    def is_renamed(self) -> bool:
        """Return whether an alias leads from the one URN to the other."""
        return self.before is not None and self.after is not None and self.before["urn"] != self.after["urn"]


def pairs(before: Side | None, after: Side | None) -> Iterator[Pair]:
    """Yield each resource of both sides, in the order of URNs. A resource is found by its URN, then by its aliases."""
    old = dict(before.resources) if before else {}
    new = after.resources if after else {}
    taken = {urn: old.pop(urn) for urn in new if urn in old}
    for urn in sorted(new):
        alias = next((one for one in new[urn].get("aliases", ()) if one in old), None)
        if urn not in taken and alias is not None:
            taken[urn] = old.pop(alias)
    found = [Pair(taken.get(urn), one) for urn, one in new.items()] + [Pair(one, None) for one in old.values()]
    yield from sorted(found, key=lambda pair: str(pair.one["urn"]))


class Section(Protocol):
    """A module of `aiplatform.diff.sections`."""

    TITLE: str
    ORDER: int
    """Sections are shown in this order, the most important first."""

    def lines(self, before: Side | None, after: Side | None) -> list[Line]:
        """Return what the section says of a change; a side is None if the stack is new or gone."""


def sections() -> tuple[Section, ...]:
    """Return all sections in their order."""
    package = importlib.import_module("aiplatform.diff.sections")
    names = (one.name for one in pkgutil.iter_modules(package.__path__))
    modules: list[Any] = [importlib.import_module(f"{package.__name__}.{name}") for name in names]
    found: list[Section] = modules
    return tuple(sorted(found, key=lambda one: (one.ORDER, one.TITLE)))


def in_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return lines by severity in a stable order, without duplicates."""
    return tuple(
        sorted(
            set(lines),
            key=lambda one: (SEVERITIES.index(one.severity), one.rank, one.subject, one.text, one.urn, one.fix),
        )
    )


_NAMES = ("name", "identifier", "clusterIdentifier", "replicationGroupId", "bucket", "nodeGroupName", "addonName")


def subject(resource: Described) -> str:
    """Return the kind and the name by which users know a resource: `rds Instance ai-dev-metadata-db`."""
    type_, inputs = str(resource["type"]), resource["inputs"]
    package, _, rest = type_.partition(":")
    kind = type_.rpartition(":")[2]
    if package == "kubernetes" and isinstance(inputs.get("metadata"), Mapping):
        return f"{kind} {object_name(inputs)}"
    service = rest.partition("/")[0] if package == "aws" else package
    name = next((inputs[each] for each in _NAMES if isinstance(inputs.get(each), str)), resource["name"])
    return f"{service} {kind} {name}"


def is_real(resource: Described) -> bool:
    """Return whether a resource exists in AWS or the cluster, and not only in the state."""
    return not str(resource["type"]).startswith(("ai-platform:", "pulumi:"))


def resource_of(described: Described) -> Resource:
    """Return a resource of `plan.json` as the preview records it."""
    return Resource(
        urn=described["urn"],
        type=described["type"],
        name=described["name"],
        parent=described.get("parent"),
        provider=described.get("provider"),
        dependencies=tuple(described.get("dependencies", ())),
        inputs=described["inputs"],
        custom=is_real(described),
        protect=described.get("protect", False),
        retain_on_delete=described.get("retainOnDelete", False),
    )
