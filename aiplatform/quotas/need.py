"""What a plan needs of a quota, and look-ups that counts share."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from aiplatform.preview.plan import SECRET, UNKNOWN, Json, Plan, Resource

PROVIDER = "pulumi:providers:aws"
PLATFORM = "ai-platform:platform:Platform"


class Need(NamedTuple):
    """An amount that counts against a quota of the table."""

    quota: str
    """Key of the quota in `catalog/data/quotas.csv`."""

    amount: int
    urn: str
    region: str
    of: str = ""
    """The resource with the quota, for a quota of each parent; empty for a quota of a Region or account."""


@dataclass(frozen=True)
class Index:
    """The resources of a plan by type, region and reference."""

    plan: Plan

    @cached_property
    def by_urn(self) -> Mapping[str, Resource]:
        """Return the resources by URN."""
        return {one.urn: one for one in self.plan.resources}

    @cached_property
    def by_type(self) -> Mapping[str, tuple[Resource, ...]]:
        """Return the resources by type, in the plan's order."""
        found: dict[str, list[Resource]] = {}
        for one in self.plan.resources:
            found.setdefault(one.type, []).append(one)
        return {type_: tuple(resources) for type_, resources in found.items()}

    def of(self, *types: str) -> Iterator[Resource]:
        """Yield the resources of these types."""
        for type_ in types:
            yield from self.by_type.get(type_, ())

    @cached_property
    def platform(self) -> str:
        """Return the URN of the platform; empty in a plan without it."""
        return next((one.urn for one in self.of(PLATFORM)), "")

    def provider(self, one: Resource) -> Mapping[str, Json]:
        """Return the inputs of a resource's AWS provider; those of the first one without a provider of its own."""
        found = self.by_urn.get(one.provider or "")
        if found is None or found.type != PROVIDER:
            found = next(self.of(PROVIDER), None)
        return found.inputs if found else {}

    def region(self, one: Resource) -> str:
        """Return the region of a resource: its own, or its provider's."""
        return str(one.inputs.get("region") or self.provider(one).get("region") or "")

    def depends(self, one: Resource, type_: str) -> list[Resource]:
        """Return the resources of a type that one depends on, in the order of URNs."""
        found = (self.by_urn.get(urn) for urn in sorted(one.dependencies))
        return [each for each in found if each is not None and each.type == type_]

    def name(self, one: Resource, key: str, type_: str) -> str:
        """Return the logical name of the resource of a type to which an input refers by ID; otherwise the input."""
        found = self.depends(one, type_) if type_ else []
        return found[0].name if found else str(one.inputs.get(key))

    @cached_property
    def subnets(self) -> Mapping[str, Resource]:
        """Return the subnets by ID, as resources that belong to one subnet name it, and existing ones."""
        found = {str(one.inputs["id"]): one for one in self.plan.reads if one.type == "aws:ec2/subnet:Subnet"}
        for one in self.of("aws:ec2/routeTableAssociation:RouteTableAssociation", "aws:ec2/natGateway:NatGateway"):
            subnets = self.depends(one, "aws:ec2/subnet:Subnet")
            if known(one.inputs.get("subnetId")) and len(subnets) == 1:
                found[one.inputs["subnetId"]] = subnets[0]
        return found


def known(value: Json) -> bool:
    """Return whether a value is a string that is known before a deployment."""
    return isinstance(value, str) and value not in ("", UNKNOWN, SECRET)


def items(value: Json) -> tuple[Any, ...]:
    """Return the items of a list; none for any other value."""
    return tuple(value) if isinstance(value, list | tuple) else ()


def record(value: Json) -> Mapping[str, Any]:
    """Return a mapping; an empty one for any other value."""
    return value if isinstance(value, Mapping) else {}


def number(value: Json, default: int = 0) -> int:
    """Return a number, which providers also accept as a string."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return default


def _sum(one: Need, other: Need) -> Need:
    return one._replace(amount=one.amount + other.amount, urn=one.urn if one.urn == other.urn else "")


def largest(needs: Iterable[Need]) -> Iterator[Need]:
    """Yield needs by quota, region and parent: the sum of their amounts, of no single resource if there are several."""
    total: dict[tuple[str, str, str], Need] = {}
    for one in needs:
        place = (one.quota, one.region, one.of)
        before = total.get(place)
        total[place] = one if before is None else _sum(before, one)
    yield from total.values()
