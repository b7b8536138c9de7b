"""What a rule can find out about a plan beyond the resource in its hand."""

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
from aiplatform.cost.pools import Nodes, nodes_of_pools
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
_INSTANCE = "aws:ec2/instance:Instance"
_NAMESPACE = "kubernetes:core/v1:Namespace"


@dataclass(frozen=True)
class Context:
    """A plan, looked up from every side. Built once a bill; nothing in it changes."""

    plan: Plan
    assumptions: Assumptions
    hours_per_month: Decimal
    today: date
    """The day whose prices and support dates hold."""

    settings: Settings | None = None
    """The stack's, which tell what its node groups carry."""

    @cached_property
    def by_urn(self) -> Mapping[str, Resource]:
        """Every resource."""
        return {resource.urn: resource for resource in self.plan.resources}

    @cached_property
    def by_type(self) -> Mapping[str, tuple[Resource, ...]]:
        """Every resource, in the plan's order."""
        found: dict[str, list[Resource]] = {}
        for resource in self.plan.resources:
            found.setdefault(resource.type, []).append(resource)
        return {type_: tuple(resources) for type_, resources in found.items()}

    def of(self, *types: str) -> Iterator[Resource]:
        """The resources of these types."""
        for type_ in types:
            yield from self.by_type.get(type_, ())

    def needed(self, resource: Resource, type_: str) -> Resource | None:
        """The resource of a type that this one depends on."""
        found = (self.by_urn.get(urn) for urn in resource.dependencies)
        return next((one for one in found if one is not None and one.type == type_), None)

    def dependent(self, resource: Resource, type_: str) -> Resource | None:
        """The resource of a type that depends on this one."""
        return self._dependents.get((type_, resource.urn))

    @cached_property
    def _dependents(self) -> Mapping[tuple[str, str], Resource]:
        return {(one.type, urn): one for one in self.plan.resources for urn in one.dependencies}

    @cached_property
    def _provider(self) -> Mapping[str, Json]:
        """Settings of the AWS provider of most resources: others are of the regions that copies go to."""
        used = Counter(resource.provider for resource in self.plan.resources)
        providers = sorted(self.of(_AWS), key=lambda one: (-used[one.urn], str(one.inputs.get("region"))))
        return providers[0].inputs if providers else {}

    @property
    def region(self) -> str:
        """The region of the plan's AWS provider; empty where it has none."""
        return str(self._provider.get("region") or "")

    def region_of(self, resource: Resource) -> str:
        """The region that a resource stands in: its provider's, of which a stack may have several."""
        provider = self.by_urn.get(resource.provider or "")
        found = provider.inputs.get("region") if provider is not None and provider.type == _AWS else None
        return str(found or self.region)

    @cached_property
    def environment(self) -> str:
        """The tag Environment that the provider puts on everything."""
        tags = self._provider.get("defaultTags") or "{}"
        read = json.loads(tags) if isinstance(tags, str) and tags.startswith("{") else tags
        return _tag(read.get("tags") if isinstance(read, dict) else None, "Environment") or self.plan.stack

    def assumed(self, name: str) -> Decimal:
        """The assumption of that name in YAML."""
        return self.assumptions.of(name)

    @cached_property
    def pool_nodes(self) -> Mapping[str, Nodes]:
        """The nodes that the plan's pods need of each of Karpenter's pools.

        Raises:
            UncountedError: that cannot be told.
        """
        return nodes_of_pools(self.plan, self.settings)

    # --- sleep ---

    @cached_property
    def _schedules(self) -> Mapping[tuple[str, str], str]:
        """The expressions by what is called and whom it is called for, as EventBridge gets them."""
        found: dict[tuple[str, str], str] = {}
        for schedule in self.of(_SCHEDULE):
            expression = str(schedule.inputs.get("scheduleExpression", ""))
            found |= dict.fromkeys(self._calls(schedule), expression)
        return found

    def _calls(self, schedule: Resource) -> Iterator[tuple[str, str]]:
        """What a schedule calls, and for whom: a node group and a database by their names, an instance by its URN."""
        target = schedule.inputs.get("target") or {}
        call = str(target.get("arn", "")).rpartition(":")[2]
        given = json.loads(target.get("input") or "{}")
        machines = [urn for urn in schedule.dependencies if self._is_instance(urn)]
        if call == "updateNodegroupConfig":
            sizes = given.get("ScalingConfig") or {}
            yield "start" if sizes.get("DesiredSize") else "stop", given["NodegroupName"]
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
        return resource is not None and resource.type == _INSTANCE

    def group_hours(self, name: str) -> Decimal:
        """The share of the month in which a node group has nodes, from 0 to 1."""
        return Decimal(1) if name in self._at_none else self._running(("start", name), ("stop", name), None)

    @cached_property
    def _at_none(self) -> frozenset[str]:
        """The node groups that start at no node: a schedule gives them the size that they have, and pods bring nodes
        at any hour."""
        scaling = {group_name(one): one.inputs.get("scalingConfig") or {} for one in self.of(*NODE_GROUPS)}
        return frozenset(name for name, sizes in scaling.items() if not sizes.get("desiredSize"))

    def instance_hours(self, machine: Resource) -> Decimal:
        """The share of the month in which an EC2 instance runs."""
        return self._running(("startInstances", machine.urn), ("stopInstances", machine.urn), None)

    def instance_days(self, machine: Resource) -> Decimal:
        """On how many days of the month an EC2 instance runs."""
        return self._days(("startInstances", machine.urn), ("stopInstances", machine.urn))

    def database_hours(self, identifier: str) -> Decimal:
        """The share of the month in which an RDS instance runs; one that is stopped starts itself after a week."""
        return self._running(("startDBInstance", identifier), ("stopDBInstance", identifier), RDS_STARTS_AFTER)

    def _running(self, start: tuple[str, str], stop: tuple[str, str], itself: int | None) -> Decimal:
        wakes, sleeps = self._schedules.get(start), self._schedules.get(stop)
        if wakes is None or sleeps is None:
            return Decimal(1)
        return _decimal(running_share(times(wakes), times(sleeps), starts_itself_after=itself))

    @property
    def all_days(self) -> Decimal:
        """The days of a month."""
        return self.hours_per_month / 24

    def group_days(self, name: str) -> Decimal:
        """On how many days of the month a node group has nodes."""
        return self.all_days if name in self._at_none else self._days(("start", name), ("stop", name))

    def database_days(self, identifier: str) -> Decimal:
        """On how many days of the month an RDS instance runs."""
        return self._days(("startDBInstance", identifier), ("stopDBInstance", identifier))

    def _days(self, start: tuple[str, str], stop: tuple[str, str]) -> Decimal:
        wakes, sleeps = self._schedules.get(start), self._schedules.get(stop)
        if wakes is None or sleeps is None:
            return self.all_days
        # What never wakes costs nothing on any day.
        return self.all_days * (_decimal(running_days(times(wakes), times(sleeps))) or 1)

    # --- owners ---

    def owner(self, resource: Resource, node_group: str | None = None) -> Owner:
        """Whose a resource is."""
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

    @cached_property
    def tenants(self) -> Mapping[str, str]:
        """The tenant whom each namespace belongs to, where its label says so."""
        namespaces = (one.inputs.get("metadata") or {} for one in self.of(_NAMESPACE))
        return {
            str(each.get("name")): str(tenant)
            for each in namespaces
            if (tenant := (each.get("labels") or {}).get(TENANT_LABEL)) is not None
        }

    def _ancestors(self, resource: Resource) -> Iterator[Resource]:
        """Its parents up to the one right below the platform."""
        parent = self.by_urn.get(resource.parent or "")
        while parent is not None and parent.type not in (PLATFORM, "pulumi:pulumi:Stack"):
            yield parent
            parent = self.by_urn.get(parent.parent or "")

    @cached_property
    def _users(self) -> Mapping[str, str]:
        """The workload of each database, bucket, ... that resources of just one workload wait for."""
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
"""What is billed of a resource."""


def group_name(group: Resource) -> str:
    """Return the name of a node group in EKS; AWS generates one where none is given, and nothing refers to it."""
    return str(group.inputs.get("nodeGroupName") or group.urn)


def _first(chain: tuple[Resource, ...], prefix: str) -> str | None:
    """The outermost ancestor of a kind: a workload's parts are components of their own."""
    return next((part.name for part in reversed(chain) if part.type.startswith(prefix)), None)


def namespace_of(resource: Resource) -> str:
    """The namespace that a Kubernetes object is in; empty for all else."""
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
