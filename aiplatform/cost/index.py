"""Look-ups in a plan for pricing rules."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from aiplatform.cost.bill import SHARED, Owner
from aiplatform.cost.needed_nodes import Nodes, needed_nodes
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Json, Plan, Resource
from components.base.naming import TENANT_TAG
from components.kubernetes.namespace import TENANT_LABEL
from config.costs import Assumptions
from config.running_hours import RDS_STARTS_AFTER, running_days, running_share, times
from config.settings import Settings

PLATFORM = "ai-platform:platform:Platform"
WORKLOADS = "ai-platform:workloads:"
STORES = "ai-platform:data:"
_AWS = "pulumi:providers:aws"
NODE_GROUPS = ("eks:index:ManagedNodeGroup", "aws:eks/nodeGroup:NodeGroup")
_SCHEDULE = "aws:scheduler/schedule:Schedule"
INSTANCE = "aws:ec2/instance:Instance"
_NAMESPACE = "kubernetes:core/v1:Namespace"


@dataclass(frozen=True)
class Context:
    """A plan with cached look-ups, created once for a bill and never changed."""

    plan: Plan
    assumptions: Assumptions
    hours_per_month: Decimal
    today: date
    """The date for prices and support periods."""

    settings: Settings | None = None
    """Settings of the stack, which decide the pods on its node groups."""

    @cached_property
    def by_urn(self) -> Mapping[str, Resource]:
        """Return the resources by URN."""
        return {resource.urn: resource for resource in self.plan.resources}

    @cached_property
    def by_type(self) -> Mapping[str, tuple[Resource, ...]]:
        """Return the resources by type, in the plan's order."""
        found: dict[str, list[Resource]] = {}
        for resource in self.plan.resources:
            found.setdefault(resource.type, []).append(resource)
        return {type_: tuple(resources) for type_, resources in found.items()}

    def of(self, *types: str) -> Iterator[Resource]:
        """Yield the resources of these types."""
        for type_ in types:
            yield from self.by_type.get(type_, ())

    def needed(self, resource: Resource, type_: str) -> Resource | None:
        """Return the resource of a type that this one depends on; None if there is none."""
        found = (self.by_urn.get(urn) for urn in resource.dependencies)
        return next((one for one in found if one is not None and one.type == type_), None)

    def dependent(self, resource: Resource, type_: str) -> Resource | None:
        """Return the resource of a type that depends on this one; None if there is none."""
        return self._dependents.get((type_, resource.urn))

    @cached_property
    def _dependents(self) -> Mapping[tuple[str, str], Resource]:
        return {(one.type, urn): one for one in self.plan.resources for urn in one.dependencies}

    @cached_property
    def _provider(self) -> Mapping[str, Json]:
        """Return the inputs of the AWS provider of most resources; other providers are for the regions of copies."""
        used = Counter(resource.provider for resource in self.plan.resources)
        providers = sorted(self.of(_AWS), key=lambda one: (-used[one.urn], str(one.inputs.get("region"))))
        return providers[0].inputs if providers else {}

    @property
    def region(self) -> str:
        """Return the region of the plan's AWS provider; empty if it has none."""
        return str(self._provider.get("region") or "")

    def region_of(self, resource: Resource) -> str:
        """Return the region of a resource, which is its provider's: a stack can have several."""
        provider = self.by_urn.get(resource.provider or "")
        found = provider.inputs.get("region") if provider is not None and provider.type == _AWS else None
        return str(found or self.region)

    @cached_property
    def environment(self) -> str:
        """Return the value of the provider's default tag Environment."""
        tags = self._provider.get("defaultTags") or "{}"
        read = json.loads(tags) if isinstance(tags, str) and tags.startswith("{") else tags
        return _tag(read.get("tags") if isinstance(read, dict) else None, "Environment") or self.plan.stack

    def assumed(self, name: str) -> Decimal:
        """Return an assumption by its name in YAML."""
        return self.assumptions.of(name)

    @cached_property
    def needed_nodes(self) -> Mapping[str, Nodes]:
        """Return the nodes that the plan's pods require of each node group and Karpenter pool.

        Raises:
            UncountedError: the nodes cannot be counted.
        """
        return needed_nodes(self.plan, self.settings)

    # --- schedules ---

    @cached_property
    def _schedules(self) -> Mapping[tuple[str, str], str]:
        """Return schedule expressions of EventBridge by action and target."""
        found: dict[tuple[str, str], str] = {}
        for schedule in self.of(_SCHEDULE):
            expression = str(schedule.inputs.get("scheduleExpression", ""))
            found |= dict.fromkeys(self._calls(schedule), expression)
        return found

    def _calls(self, schedule: Resource) -> Iterator[tuple[str, str]]:
        """Yield the action of a schedule and its target: a node group or database by name, or an instance by URN."""
        target = schedule.inputs.get("target") or {}
        call = str(target.get("arn", "")).rpartition(":")[2]
        given = json.loads(target.get("input") or "{}")
        machines = [urn for urn in schedule.dependencies if self._is_instance(urn)]
        if call == "updateNodegroupConfig":
            starts = "MaxSize" in (given.get("ScalingConfig") or {})
            yield "start" if starts else "stop", given["NodegroupName"]
        elif call in ("stopDBInstance", "startDBInstance"):
            yield call, given["DbInstanceIdentifier"]
        elif call in ("stopInstances", "startInstances"):
            yield from ((call, urn) for urn in machines)
        elif ":function:" in str(target.get("arn")) and given.get("action") in ("start", "stop"):
            action = given["action"]
            yield from ((action, name) for name in given.get("nodeGroups", ()))
            yield from ((f"{action}Instances", urn) for urn in machines)
            yield from ((f"{action}DBInstance", name) for name in given.get("databases", ()))

    def _is_instance(self, urn: str) -> bool:
        resource = self.by_urn.get(urn)
        return resource is not None and resource.type == INSTANCE

    def group_hours(self, name: str) -> Decimal:
        """Return the running share of the month of a node group, from 0 to 1."""
        return self._running(("start", name), ("stop", name), None)

    def instance_hours(self, machine: Resource) -> Decimal:
        """Return the running share of the month of an EC2 instance, from 0 to 1."""
        return self._running(("startInstances", machine.urn), ("stopInstances", machine.urn), None)

    def instance_days(self, machine: Resource) -> Decimal:
        """Return the number of days of the month on which an EC2 instance runs."""
        return self._days(("startInstances", machine.urn), ("stopInstances", machine.urn))

    def database_hours(self, identifier: str) -> Decimal:
        """Return the running share of the month of an RDS instance, from 0 to 1; RDS starts it after seven days."""
        return self._running(("startDBInstance", identifier), ("stopDBInstance", identifier), RDS_STARTS_AFTER)

    def _running(self, start: tuple[str, str], stop: tuple[str, str], itself: int | None) -> Decimal:
        wakes, sleeps = self._schedules.get(start), self._schedules.get(stop)
        if wakes is None or sleeps is None:
            return Decimal(1)
        return _decimal(running_share(times(wakes), times(sleeps), starts_itself_after=itself))

    @property
    def all_days(self) -> Decimal:
        """Return the number of days of a month."""
        return self.hours_per_month / 24

    def group_days(self, name: str) -> Decimal:
        """Return the number of days of the month on which a node group has nodes."""
        return self._days(("start", name), ("stop", name))

    def database_days(self, identifier: str) -> Decimal:
        """Return the number of days of the month on which an RDS instance runs."""
        return self._days(("startDBInstance", identifier), ("stopDBInstance", identifier))

    def _days(self, start: tuple[str, str], stop: tuple[str, str]) -> Decimal:
        wakes, sleeps = self._schedules.get(start), self._schedules.get(stop)
        if wakes is None or sleeps is None:
            return self.all_days
        # A resource that never starts costs nothing on any day.
        return self.all_days * (_decimal(running_days(times(wakes), times(sleeps))) or 1)

    # --- owners ---

    def owner(self, resource: Resource, node_group: str | None = None) -> Owner:
        """Return component, workload, tenant and node group of a resource."""
        chain = tuple(self._ancestors(resource))
        top = chain[-1] if chain else resource
        return Owner(
            urn=resource.urn,
            name=resource.name,
            component=top.name,
            workload=_first(chain, WORKLOADS) or self._users.get(top.urn, SHARED),
            tenant=next((each for each in (_tenant(part) for part in (resource, *chain)) if each), None)
            or self.tenants.get(namespace_of(resource), SHARED),
            environment=_tag(resource.inputs.get("tags"), "Environment") or self.environment,
            node_group=node_group,
        )

    def within(self, resource: Resource, type_: str) -> bool:
        """Return whether a component of a type has the resource."""
        return any(part.type == type_ for part in self._ancestors(resource))

    @cached_property
    def tenants(self) -> Mapping[str, str]:
        """Return the tenant of each namespace that has the label of a tenant."""
        namespaces = (one.inputs.get("metadata") or {} for one in self.of(_NAMESPACE))
        return {
            str(each.get("name")): str(tenant)
            for each in namespaces
            if (tenant := (each.get("labels") or {}).get(TENANT_LABEL)) is not None
        }

    def _ancestors(self, resource: Resource) -> Iterator[Resource]:
        """Yield the ancestors of a resource up to the direct child of the platform."""
        parent = self.by_urn.get(resource.parent or "")
        while parent is not None and parent.type not in (PLATFORM, "pulumi:pulumi:Stack"):
            yield parent
            parent = self.by_urn.get(parent.parent or "")

    @cached_property
    def _users(self) -> Mapping[str, str]:
        """Return the workload of each database, bucket, ... on which resources of only one workload depend."""
        found: dict[str, set[str]] = {}
        for resource in self.plan.resources:
            workload = _first(tuple(self._ancestors(resource)), WORKLOADS)
            if workload is None:
                continue
            for urn in resource.dependencies:
                chain = tuple(self._ancestors(self.by_urn[urn])) if urn in self.by_urn else ()
                if chain and chain[-1].type.startswith(STORES):
                    found.setdefault(chain[-1].urn, set()).add(workload)
        return {urn: next(iter(workloads)) for urn, workloads in found.items() if len(workloads) == 1}


PricingRule: TypeAlias = Callable[[Resource, Context], Iterator[Usage]]
"""Yields the billed usage of a resource."""


def group_name(group: Resource) -> str:
    """Return the name of a node group in EKS; its URN if AWS generates the name."""
    return str(group.inputs.get("nodeGroupName") or group.urn)


def _first(chain: tuple[Resource, ...], prefix: str) -> str | None:
    """Return the outermost ancestor of a kind, because components of a workload are components, too."""
    return next((part.name for part in reversed(chain) if part.type.startswith(prefix)), None)


def namespace_of(resource: Resource) -> str:
    """Return the namespace of a Kubernetes object; empty for other resources."""
    if not resource.type.startswith("kubernetes:"):
        return ""
    return str((resource.inputs.get("metadata") or {}).get("namespace") or "")


def _tenant(resource: Resource) -> str | None:
    return _tag(resource.inputs.get("tags"), TENANT_TAG)


def _tag(tags: Json, key: str) -> str | None:
    value = tags.get(key) if isinstance(tags, Mapping) else None
    return value if isinstance(value, str) else None


def _decimal(share: Fraction) -> Decimal:
    return Decimal(share.numerator) / Decimal(share.denominator)
