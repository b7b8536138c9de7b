"""ResourceQuotas that exceed the capacity of nodes or reject pods, and LimitRanges that reject pods."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from aiplatform.finding import Finding
from aiplatform.fit.nodes import Group
from aiplatform.fit.pods import Sourced, name_of, namespace_of
from aiplatform.fit.requests import PORT
from aiplatform.fit.workloads import Level, Workload
from catalog.capacity import whole, within
from catalog.quantities import CPU, DISK, GIB, MEMORY, PODS, amount, quantity, requested, shown, title

Object = Mapping[str, Any]


class _Quota(NamedTuple):
    urn: str
    name: str
    namespace: str
    hard: Mapping[str, int]
    """Maximum requests by resource; limits and object counts are omitted."""

    shown: Mapping[str, str]
    """Keys of the quota by resource."""


def quota_findings(sourced: Sequence[Sourced], pods: Sequence[Workload], groups: Sequence[Group]) -> Iterator[Finding]:
    """Yield findings about quotas and limit ranges of a plan, with node groups at their maximum."""
    nodes = reach(groups)
    by_namespace: dict[str, list[Workload]] = defaultdict(list)
    for workload in pods:
        by_namespace[workload.namespace].append(workload)
    for one in sourced:
        if one.object["kind"] == "LimitRange":
            yield from _limit_range(one, groups, by_namespace[namespace_of(one.object)])
    quotas = _quotas(sourced)
    for quota in quotas:
        yield from _unreachable(quota, nodes)
        yield from _exceeded(quota, by_namespace[quota.namespace])
    yield from _overcommitted(_promising(quotas), nodes)


def promised(sourced: Iterable[Sourced], groups: Iterable[Group]) -> tuple[Finding, ...]:
    """Return an info for each quota, and for the sum of all: their share of the maximum capacity of nodes."""
    nodes, quotas = reach(groups), _promising(_quotas(sourced))
    lines = [(one.urn, f"quota {one.namespace}/{one.name} is {_of(one.hard, nodes)}") for one in quotas]
    if len(quotas) > 1:
        lines.append((quotas[-1].urn, f"the sum of all quotas is {_of(_sum(quotas), nodes)}"))
    fix = "if a share exceeds 100 %, increase the maximum of nodes"
    return tuple(Finding("quota-promised", "info", urn, line, fix) for urn, line in lines)


def _of(hard: Mapping[str, int], nodes: Mapping[str, int]) -> str:
    each = [_share(name, value, nodes.get(name, 0)) for name, value in hard.items()]
    return f"{', '.join(each)} of the maximum capacity" if each else "not limited by nodes"


def _share(resource: str, value: int, most: int) -> str:
    """Format `40 % (7 of 17.5 CPU)`, rounded down."""
    percent = f"{100 * value // most} % " if most else ""
    return f"{percent}({_round(resource, value)} of {_round(resource, most)} {title(resource)})"


def _round(resource: str, value: int) -> str:
    """Format cores and GiB with one decimal, rounded down."""
    size, unit = {CPU: (1000, ""), MEMORY: (GIB, "Gi"), DISK: (GIB, "Gi")}.get(resource, (1, ""))
    return quantity(resource, value) if value < size else f"{value * 10 // size / 10:.10g}{unit}"


def _sum(quotas: Iterable[_Quota]) -> dict[str, int]:
    total: dict[str, int] = defaultdict(int)
    for quota in quotas:
        for resource, hard in quota.hard.items():
            total[resource] += hard
    return total


def _quotas(sourced: Iterable[Sourced]) -> list[_Quota]:
    """Return the quotas in the order of namespace and name, so that findings about all of them are stable."""
    return sorted(_read(sourced), key=lambda quota: (quota.namespace, quota.name))


def _read(sourced: Iterable[Sourced]) -> Iterator[_Quota]:
    for one in sourced:
        item, spec = one.object, one.object.get("spec") or {}
        if item["kind"] == "ResourceQuota" and not spec.get("scopeSelector") and not spec.get("scopes"):
            yield _quota(one.urn, name_of(item), namespace_of(item), spec)
        elif item["kind"] == "Profile" and spec.get("resourceQuotaSpec"):
            # Kubeflow's controller names the namespace after the Profile.
            yield _quota(one.urn, name_of(item), name_of(item), spec["resourceQuotaSpec"])


def _promising(quotas: Iterable[_Quota]) -> list[_Quota]:
    """Return the quotas that allow pods: not those of suspended tenants, and of empty namespaces of Profiles."""
    return [quota for quota in quotas if quota.hard.get(PODS) != 0]


def _quota(urn: str, name: str, namespace: str, spec: Object) -> _Quota:
    hard: dict[str, int] = {}
    keys: dict[str, str] = {}
    for key, value in (spec.get("hard") or {}).items():
        resource = requested(key)
        if resource is None:
            continue
        hard[resource], keys[resource] = amount(resource, value), key
    return _Quota(urn, name, namespace, hard, keys)


def reach(groups: Iterable[Group]) -> dict[str, int]:
    """Return the maximum allocatable resources of all nodes: groups at their maximum, pools within their limits."""
    total: dict[str, int] = defaultdict(int)
    pools: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        if group.pool_limits:
            pools[group.pool].append(group)
            continue
        for name, offers in group.offered.items():
            total[name] += offers * group.scale.maximum
    for of_pool in pools.values():
        types = [(group.offered, whole(group.instance_types[0])) for group in of_pool]
        for name, most in within(of_pool[0].pool_limits, types).items():
            total[name] += most
    return total


def _unreachable(quota: _Quota, nodes: Mapping[str, int]) -> Iterator[Finding]:
    for resource, hard in quota.hard.items():
        there = nodes.get(resource, 0)
        if hard > there:
            yield Finding(
                "quota-unreachable",
                "warning",
                quota.urn,
                f"ResourceQuota {quota.namespace}/{quota.name} allows {shown(resource, hard)}, but the maximum "
                f"capacity of nodes is {shown(resource, there)}",
                f"decrease {quota.shown[resource]} to {quantity(resource, there)}, or increase the maximum of nodes",
            )


def _overcommitted(quotas: Sequence[_Quota], nodes: Mapping[str, int]) -> Iterator[Finding]:
    """Yield an info if the sum of quotas exceeds the capacity, which can be intended for tenants that take turns."""
    for resource, hard in _sum(quotas).items():
        there = nodes.get(resource, 0)
        of_it = [quota for quota in quotas if resource in quota.hard]
        if hard > there and all(quota.hard[resource] <= there for quota in of_it):
            yield Finding(
                "quota-overcommitted",
                "info",
                of_it[-1].urn,
                f"the ResourceQuotas of {len(of_it)} namespaces together allow {shown(resource, hard)}, but the "
                f"maximum capacity of nodes is {shown(resource, there)}",
                "decrease the quotas or increase the maximum of nodes, if all can be used at the same time",
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
                f"the pods of namespace {quota.namespace} request {shown(resource, most)} in total"
                f"{'' if always > hard else ' at maximum replicas'}, but ResourceQuota {quota.name} allows "
                f"{shown(resource, hard)} and rejects the last pods",
                f"increase {quota.shown[resource]} to {quantity(resource, most)}, or decrease replicas or requests",
            )


def _refused(quota: _Quota, workload: Workload, resource: str, hard: int) -> Finding:
    asked = _of_pod(workload, resource)
    return Finding(
        "quota-refuses",
        "error",
        workload.urn,
        f"{workload.identity}: a pod requests {shown(resource, asked)}, but ResourceQuota "
        f"{quota.namespace}/{quota.name} allows {shown(resource, hard)} in total and rejects every pod",
        f"increase {quota.shown[resource]} to {quantity(resource, asked)} or more, or decrease the request",
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
            f"{name} allows a {type_.lower()} {shown(resource, most)}, but the largest node has "
            f"{shown(resource, largest)}",
            f"decrease its maximum of {resource} to {quantity(resource, largest)}, or add larger nodes",
        )
    for workload in workloads:
        # For type Container, each container can be within the maximum although the pod exceeds it.
        if type_ == "Pod" and workload.asks(resource) > most and not resource.startswith(PORT):
            yield Finding(
                "limit-refuses",
                "error",
                workload.urn,
                f"{workload.identity}: a pod requests {shown(resource, workload.asks(resource))}, but {name} allows "
                f"{shown(resource, most)} and rejects every pod",
                f"increase the maximum of {resource} to {workload.asks_text(resource)}, or decrease the request",
            )
