"""CPU of burstable instances above their baseline: surplus credits of unlimited mode."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from aiplatform.cost.bill import Sizes, always
from aiplatform.cost.index import Context
from aiplatform.cost.needed_nodes import Nodes
from aiplatform.cost.usage import Usage
from catalog.burstable import baseline, burstable_vcpus

PODS, SERVERS = "cpuUsedPercent", "serverCpuPercent"
_CORE = 1000
_UNIT = "vCPU-h"


def of_nodes(types: Sequence[str], hours: Sizes, nodes: Nodes | None, context: Context) -> Iterator[Usage]:
    """Yield the surplus of nodes by the CPU that the pods on them request, and the assumed part of it that they use.

    At the maximum size of the platform, nodes are as busy as at the expected size.
    """
    if nodes is None or not types or any(baseline(type_) is None for type_ in types):
        return
    least = min(filter(None, map(baseline, types)))
    used = context.assumed(PODS) / 100
    expected = _surplus(nodes.requested.get("expected", ()), used, least)
    minimum = min(expected, _surplus(nodes.requested.get("minimum", ()), used, least))
    surplus = Sizes(minimum, expected, max(expected, _surplus(nodes.requested.get("maximum", ()), used, least)))
    yield Usage(_ec2(types[0]), _UNIT, hours * surplus, (PODS,), f"above {least.normalize():f} vCPU of a node")


def of_server(instance_type: str, hours: Sizes, context: Context) -> Iterator[Usage]:
    """Yield the surplus of an EC2 instance outside the cluster."""
    yield from _of(_ec2(instance_type), instance_type, hours, context)


def of_database(item: str, instance_class: str, hours: Sizes, context: Context) -> Iterator[Usage]:
    """Yield the surplus of a database: the price is that of RDS or of Aurora, with the same baselines."""
    yield from _of(item, instance_class, hours, context)


def _of(item: str, instance_type: str, hours: Sizes, context: Context) -> Iterator[Usage]:
    least, vcpus = baseline(instance_type), burstable_vcpus(instance_type)
    if least is None or vcpus is None:
        return
    surplus = max(Decimal(0), vcpus * context.assumed(SERVERS) / 100 - least)
    yield Usage(item, _UNIT, hours * always(surplus), (SERVERS,), f"above {least.normalize():f} vCPU")


def _surplus(requested: Sequence[int], used: Decimal, least: Decimal) -> Decimal:
    """Return the average of the vCPUs that nodes use above their baseline."""
    above = [max(Decimal(0), used * millicores / _CORE - least) for millicores in requested]
    return sum(above, Decimal(0)) / len(above) if above else Decimal(0)


_ITEMS: Mapping[str, str] = {"t4g": "ec2_cpu_credit_t4g_vcpu_hour"}


def _ec2(instance_type: str) -> str:
    return _ITEMS.get(instance_type.partition(".")[0], "ec2_cpu_credit_vcpu_hour")
