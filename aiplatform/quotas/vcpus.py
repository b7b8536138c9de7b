"""vCPUs of nodes and instances at their maximum, by the quota of their class."""

from collections.abc import Iterable, Iterator

from aiplatform.fit.karpenter import allowed_types, limits_of
from aiplatform.fit.selectors import matches, requirements
from aiplatform.preview.plan import Resource
from aiplatform.quotas.need import Index, Need, items, number, record
from catalog.instance_types import sizes
from catalog.quantities import CPU, GPU, MEMORY, MIB
from catalog.quotas import vcpu_quota

GROUPS = ("eks:index:ManagedNodeGroup", "aws:eks/nodeGroup:NodeGroup")
POOL = "kubernetes:karpenter.sh/v1:NodePool"
INSTANCE = "aws:ec2/instance:Instance"
SCALING_GROUP = "aws:autoscaling/group:Group"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
CAPACITY = "karpenter.sh/capacity-type"


def vcpus(index: Index) -> Iterator[Need]:
    """Yield the vCPUs of node groups and Auto Scaling groups at their maximum, of node pools at their limits, and of
    instances."""
    for one in index.of(*GROUPS):
        most = number(record(one.inputs.get("scalingConfig")).get("maxSize"))
        spot = one.inputs.get("capacityType") == "SPOT"
        yield from _of(index, one, items(one.inputs.get("instanceTypes")), spot=spot, nodes=most)
    for one in index.of(INSTANCE):
        spot = bool(one.inputs.get("instanceMarketOptions"))
        yield from _of(index, one, [str(one.inputs.get("instanceType"))], spot=spot, nodes=1)
    for one in index.of(SCALING_GROUP):
        types = [str(each.inputs.get("instanceType")) for each in index.depends(one, TEMPLATE)]
        yield from _of(index, one, types, spot=False, nodes=number(one.inputs.get("maxSize")))
    for one in index.of(POOL):
        yield from _of_pool(index, one)


def _of(index: Index, one: Resource, types: Iterable[str], *, spot: bool, nodes: int) -> Iterator[Need]:
    """Yield the vCPUs of nodes, of which all can be of the largest type of a class."""
    largest: dict[str, int] = {}
    for name in types:
        quota, size = vcpu_quota(name, spot=spot), sizes().get(name)
        if quota is not None and size is not None:
            largest[quota.key] = max(largest.get(quota.key, 0), size.vcpus)
    for key, each in largest.items():
        yield Need(key, each * nodes, one.urn, index.region(one))


def _of_pool(index: Index, pool: Resource) -> Iterator[Need]:
    """Yield the vCPUs of a pool, which can use each of its capacity types up to its limits."""
    for spot in _capacity(pool):
        bounds: dict[str, int] = {}
        for name in allowed_types(pool.inputs):
            quota = vcpu_quota(name, spot=spot)
            most = most_nodes(pool, name)
            if quota is not None and most is not None:
                bounds[quota.key] = max(bounds.get(quota.key, 0), most * sizes()[name].vcpus)
        for key, amount in bounds.items():
            yield Need(key, amount, pool.urn, index.region(pool))


def most_nodes(pool: Resource, instance_type: str) -> int | None:
    """Return the maximum nodes of a type within a pool's limits; None without a limit.

    https://karpenter.sh/docs/concepts/nodepools/#speclimits
    """
    size = sizes()[instance_type]
    each = {CPU: size.vcpus * 1000, MEMORY: size.memory_mib * MIB, GPU: size.gpus}
    counts = [limit // each[name] for name, limit in limits_of(pool.inputs).items() if each[name]]
    return min(counts, default=None)


def _capacity(pool: Resource) -> tuple[bool, ...]:
    """Return whether the nodes of a pool can be Spot, On-Demand, or both."""
    spec = record(record(record(pool.inputs.get("spec")).get("template")).get("spec"))
    wanted = tuple(one for one in requirements(spec.get("requirements")) if one.key == CAPACITY)
    return tuple(
        spot
        for spot, value in ((True, "spot"), (False, "on-demand"))
        if (matches(wanted, {CAPACITY: value}) if wanted else not spot)
    )


def unknown_types(index: Index) -> Iterator[tuple[Resource, str]]:
    """Yield instance types of which the tables have no size or no quota, and their resources."""
    for one in index.of(*GROUPS, INSTANCE):
        spot = one.inputs.get("capacityType") == "SPOT"
        for name in (*items(one.inputs.get("instanceTypes")), one.inputs.get("instanceType")):
            if name is not None and (name not in sizes() or vcpu_quota(name, spot=spot) is None):
                yield one, name
