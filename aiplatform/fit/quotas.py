"""ResourceQuotas that nodes cannot reach or that pods cannot pass, and LimitRanges that refuse them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from aiplatform.findings import Finding
from aiplatform.fit.nodes import Group
from aiplatform.fit.pods import Sourced, name_of, namespace_of
from aiplatform.fit.quantities import CPU, DISK, MEMORY, PODS, amount, quantity, shown
from aiplatform.fit.requests import PORT
from aiplatform.fit.workloads import Level, Workload

Object = Mapping[str, Any]
PLAIN = {CPU: CPU, MEMORY: MEMORY, DISK: DISK, PODS: PODS}
"""Keys of a quota that mean the requests of pods though they do not say so."""

REQUESTS = "requests."


class _Quota(NamedTuple):
    urn: str
    name: str
    namespace: str
    hard: Mapping[str, int]
    """What may be requested in all, by resource; limits and counts of objects are left out."""

    shown: Mapping[str, str]
    """The keys of the quota, by resource."""


def quota_findings(sourced: Sequence[Sourced], pods: Sequence[Workload], groups: Sequence[Group]) -> Iterator[Finding]:
    """What the quotas and limits of a plan make impossible, on the most nodes that its groups can have."""
    nodes = _all_nodes(groups)
    by_namespace: dict[str, list[Workload]] = defaultdict(list)
    for workload in pods:
        by_namespace[workload.namespace].append(workload)
    for one in sourced:
        if one.object["kind"] == "LimitRange":
            yield from _limit_range(one, groups, by_namespace[namespace_of(one.object)])
    for quota in _quotas(sourced):
        yield from _unreachable(quota, nodes)
        yield from _exceeded(quota, by_namespace[quota.namespace])


def _quotas(sourced: Iterable[Sourced]) -> Iterator[_Quota]:
    for one in sourced:
        item, spec = one.object, one.object.get("spec") or {}
        if item["kind"] == "ResourceQuota" and not spec.get("scopeSelector") and not spec.get("scopes"):
            yield _quota(one.urn, name_of(item), namespace_of(item), spec)
        elif item["kind"] == "Profile" and spec.get("resourceQuotaSpec"):
            # Kubeflow's controller names the namespace after the Profile.
            yield _quota(one.urn, name_of(item), name_of(item), spec["resourceQuotaSpec"])


def _quota(urn: str, name: str, namespace: str, spec: Object) -> _Quota:
    hard: dict[str, int] = {}
    keys: dict[str, str] = {}
    for key, value in (spec.get("hard") or {}).items():
        resource = key.removeprefix(REQUESTS) if key.startswith(REQUESTS) else PLAIN.get(key)
        if resource is None or resource == "storage" or ".storageclass." in key:
            continue
        hard[resource], keys[resource] = amount(resource, value), key
    return _Quota(urn, name, namespace, hard, keys)


def _all_nodes(groups: Iterable[Group]) -> dict[str, int]:
    total: dict[str, int] = defaultdict(int)
    for group in groups:
        for name, offers in group.offered.items():
            total[name] += offers * group.scale.maximum
    return total


def _unreachable(quota: _Quota, nodes: Mapping[str, int]) -> Iterator[Finding]:
    for resource, hard in quota.hard.items():
        there = nodes.get(resource, 0)
        if hard > there:
            yield Finding(
                "quota-unreachable",
                "warning",
                quota.urn,
                f"ResourceQuota {quota.namespace}/{quota.name} allows {shown(resource, hard)}, and all nodes together "
                f"offer {shown(resource, there)} at their maximum",
                f"lower {quota.shown[resource]} to {quantity(resource, there)}, or raise the maximum of a node group",
            )


def _exceeded(quota: _Quota, workloads: Sequence[Workload]) -> Iterator[Finding]:
    for resource, hard in quota.hard.items():
        for workload in workloads:
            if _of_pod(workload, resource) > hard:
                yield _refused(quota, workload, resource, hard)
        long = [one for one in workloads if not one.ends]
        always, most = (_of_all(long, resource, level) for level in ("expected", "maximum"))
        if most > hard:
            yield Finding(
                "quota-exceeded",
                "error" if always > hard else "warning",
                quota.urn,
                f"the pods of namespace {quota.namespace} ask for {shown(resource, most)} in all"
                f"{'' if always > hard else ' at the most replicas'}, and ResourceQuota {quota.name} allows "
                f"{shown(resource, hard)}: the last ones are not made",
                f"raise {quota.shown[resource]} to {quantity(resource, most)}, or lower replicas or requests",
            )


def _refused(quota: _Quota, workload: Workload, resource: str, hard: int) -> Finding:
    asked = _of_pod(workload, resource)
    return Finding(
        "quota-refuses",
        "error",
        workload.urn,
        f"{workload.identity}: one pod asks for {shown(resource, asked)}, and ResourceQuota "
        f"{quota.namespace}/{quota.name} allows {shown(resource, hard)} for all: no pod is ever made",
        f"raise {quota.shown[resource]} to {quantity(resource, asked)} or more, or lower the request",
    )


def _of_pod(workload: Workload, resource: str) -> int:
    return 1 if resource == PODS else workload.asks(resource)


def _of_all(workloads: Iterable[Workload], resource: str, level: Level) -> int:
    return sum(_of_pod(one, resource) * one.replicas.at(level) for one in workloads)


def _limit_range(one: Sourced, groups: Sequence[Group], workloads: Sequence[Workload]) -> Iterator[Finding]:
    for limit in (one.object.get("spec") or {}).get("limits") or ():
        if limit.get("type") not in ("Container", "Pod"):
            continue
        for resource, given in (limit.get("max") or {}).items():
            yield from _maximum(
                one, limit["type"], resource, amount(resource, given), groups=groups, workloads=workloads
            )


def _maximum(
    one: Sourced, type_: str, resource: str, most: int, *, groups: Sequence[Group], workloads: Sequence[Workload]
) -> Iterator[Finding]:
    name = f"LimitRange {namespace_of(one.object)}/{name_of(one.object)}"
    largest = max((group.offered.get(resource, 0) for group in groups if group.scale.maximum), default=0)
    if most > largest:
        yield Finding(
            "limit-unreachable",
            "warning",
            one.urn,
            f"{name} lets a {type_.lower()} ask for {shown(resource, most)}, and the largest node offers "
            f"{shown(resource, largest)}",
            f"lower its maximum of {resource} to {quantity(resource, largest)}, or add larger nodes",
        )
    for workload in workloads:
        # Of a pod with several containers each may keep to what all together exceed.
        if type_ == "Pod" and workload.asks(resource) > most and not resource.startswith(PORT):
            yield Finding(
                "limit-refuses",
                "error",
                workload.urn,
                f"{workload.identity}: a pod asks for {shown(resource, workload.asks(resource))}, and {name} allows "
                f"{shown(resource, most)}: no pod is ever made",
                f"raise the maximum of {resource} to {workload.asks_text(resource)}, or lower the request",
            )
