"""ResourceQuotas that nodes cannot reach or that pods cannot pass, and LimitRanges that refuse them."""

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
    """What may be requested in all, by resource; limits and counts of objects are left out."""

    shown: Mapping[str, str]
    """The keys of the quota, by resource."""


def quota_findings(sourced: Sequence[Sourced], pods: Sequence[Workload], groups: Sequence[Group]) -> Iterator[Finding]:
    """What the quotas and limits of a plan make impossible, on the most nodes that its groups can have."""
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
    """What each quota allows of what the nodes can grow to, and what all of them allow: a note each."""
    nodes, quotas = reach(groups), _promising(_quotas(sourced))
    lines = [(one.urn, f"quota {one.namespace}/{one.name}: {_of(one.hard, nodes)}") for one in quotas]
    if len(quotas) > 1:
        lines.append((quotas[-1].urn, f"all quotas: {_of(_sum(quotas), nodes)}"))
    fix = "let nodes grow further before you raise it above that"
    return tuple(Finding("quota-promised", "info", urn, line, fix) for urn, line in lines)


def _of(hard: Mapping[str, int], nodes: Mapping[str, int]) -> str:
    each = [
        f"{_round(name, value)} {title(name)} of {_round(name, nodes.get(name, 0))}" for name, value in hard.items()
    ]
    return f"{', '.join(each)} that nodes can grow to" if each else "limits nothing of nodes"


def _round(resource: str, value: int) -> str:
    """Cores and GiB to a tenth, rounded down: what is said to be there has to be."""
    size, unit = {CPU: (1000, ""), MEMORY: (GIB, "Gi"), DISK: (GIB, "Gi")}.get(resource, (1, ""))
    return quantity(resource, value) if value < size else f"{value * 10 // size / 10:.10g}{unit}"


def _sum(quotas: Iterable[_Quota]) -> dict[str, int]:
    total: dict[str, int] = defaultdict(int)
    for quota in quotas:
        for resource, hard in quota.hard.items():
            total[resource] += hard
    return total


def _quotas(sourced: Iterable[Sourced]) -> list[_Quota]:
    """By namespace and name: what is said of all of them names the last one."""
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
    """Without those that let no pod in: of tenants who are away, and the Profiles' own namespaces that stay empty."""
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
    """What all nodes offer together at their most: groups at their maximum, pools within their limits."""
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
                f"ResourceQuota {quota.namespace}/{quota.name} allows {shown(resource, hard)}, and all nodes together "
                f"offer {shown(resource, there)} at their maximum",
                f"lower {quota.shown[resource]} to {quantity(resource, there)}, or let nodes grow further",
            )


def _overcommitted(quotas: Sequence[_Quota], nodes: Mapping[str, int]) -> Iterator[Finding]:
    """Each may be reached, and not all of them at once: meant so among tenants that take turns."""
    for resource, hard in _sum(quotas).items():
        there = nodes.get(resource, 0)
        of_it = [quota for quota in quotas if resource in quota.hard]
        if hard > there and all(quota.hard[resource] <= there for quota in of_it):
            yield Finding(
                "quota-overcommitted",
                "info",
                of_it[-1].urn,
                f"the ResourceQuotas of {len(of_it)} namespaces together allow {shown(resource, hard)}, and all nodes "
                f"together offer {shown(resource, there)} at their maximum",
                "lower the quotas or let nodes grow further, if all of them should be used at once",
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
