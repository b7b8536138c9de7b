"""Pods that no manifest of a plan has and that run at its expected size: those of tenants, and more replicas."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from aiplatform.fit.workloads import Replicas, Workload
from catalog.quantities import CPU, MEMORY, amount
from config.costs import Assumptions
from config.settings import Settings
from config.tenants import Tenant

TENANT_PERCENT, SCALED_PERCENT = "tenantQuotaPercent", "scaledReplicasPercent"
_LARGEST = {CPU: 2_000, MEMORY: 8 * 1024**3}
"""Of a tenant's pod, such as a notebook: millicores and bytes."""


class Expected(NamedTuple):
    """Pods beside those of the manifests, and the assumption that they depend on."""

    workload: Workload
    number: int
    assumption: str


def expected_pods(settings: Settings, workloads: Sequence[Workload]) -> Iterator[Expected]:
    """Yield the pods by the assumptions of a stack. `workloads` are those of its plan."""
    assumed = settings.costs.assumptions
    running = [one for one in workloads if not one.everywhere and not one.ends]
    if settings.tenants is not None:
        yield from _of_tenants(settings.tenants.all(settings.project.name), assumed, running)
    for one in running:
        more = _share(one.replicas.maximum - one.replicas.expected, assumed.of(SCALED_PERCENT))
        if more > 0:
            yield Expected(one, more, SCALED_PERCENT)


def _of_tenants(tenants: Iterable[Tenant], assumed: Assumptions, running: Iterable[Workload]) -> Iterator[Expected]:
    """Yield the pods of tenants, all of one size together: they have no constraints that would tell them apart."""
    own = _requested(running)
    pods: Counter[tuple[tuple[str, int], ...]] = Counter()
    for tenant in tenants:
        if not tenant.suspended:
            pods.update(_pods(tenant, assumed.of(TENANT_PERCENT), own))
    for requests, count in sorted(pods.items()):
        replicas = Replicas(0, count, count)
        yield Expected(Workload("Pod", "", "tenants", replicas, requests), count, TENANT_PERCENT)


def _pods(tenant: Tenant, percent: Decimal, own: Counter[tuple[str, str]]) -> dict[tuple[tuple[str, int], ...], int]:
    """Return the requests of a tenant's pods, with their number. The pods of its namespace in the plan count, too."""
    quota = {CPU: tenant.quota.cpu, MEMORY: tenant.quota.memory}
    wanted = {
        name: max(0, _share(amount(name, quantity), percent) - own[tenant.namespace, name])
        for name, quantity in quota.items()
    }
    count = max(-(-wanted[name] // largest) for name, largest in _LARGEST.items())
    return {tuple((name, wanted[name] // count) for name in wanted): count} if count else {}


def _requested(running: Iterable[Workload]) -> Counter[tuple[str, str]]:
    """Return what the pods of each namespace request."""
    found: Counter[tuple[str, str]] = Counter()
    for one in running:
        for name in _LARGEST:
            found[one.namespace, name] += one.replicas.expected * one.asks(name)
    return found


def _share(whole: int, percent: Decimal) -> int:
    return int((whole * percent / 100).to_integral_value(ROUND_HALF_UP))
