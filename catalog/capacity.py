"""Allocatable resources of nodes: those of the instance type, less what the kubelet and the system reserve."""

from collections.abc import Iterable
from typing import NamedTuple

from catalog.instance_types import gpus, sizes
from catalog.quantities import CPU, DISK, GPU, MEMORY, MIB, PODS, Amounts

SMALL_NODE_PODS = 110
"""Maximum pods of a node with fewer than 30 vCPUs: https://docs.aws.amazon.com/eks/latest/best-practices/prefix-mode-linux.html"""

LARGE_NODE_PODS = 250
PREFIX = 16
"""Number of addresses of a /28 prefix."""


class Allocatable(NamedTuple):
    """Allocatable resources: CPU in millicores, memory and root disk in MiB, number of pods and GPUs."""

    cpu_millis: int
    memory_mib: int
    disk_mib: int
    pods: int
    gpus: int


def allocatable(instance_type: str, *, disk_gib: int, max_pods: int | None = None) -> Allocatable:
    """Return the allocatable resources of a node with Amazon Linux 2023 and a root disk of `disk_gib` GiB.

    Without `max_pods`, the number of pods is the number that the addresses of the type allow. Sources:
    https://awslabs.github.io/amazon-eks-ami/ (kubelet reservation), and Karpenter's estimate of the memory that the
    hypervisor and kernel take (7.5 %). A g5.xlarge has 3920m and 14162Mi, a t3.medium 3246Mi.

    Raises:
        KeyError: the table of instance types has no such type.
    """
    size = sizes()[instance_type]
    pods = pods_by_addresses(instance_type)
    reserved = 255 + 11 * pods
    eviction = 100
    return Allocatable(
        cpu_millis=size.vcpus * 1000 - _reserved_cpu(size.vcpus),
        memory_mib=int(size.memory_mib * 0.925) - reserved - eviction,
        # A tenth stays free before pods are evicted, and the kubelet reserves 1 GiB.
        disk_mib=int(disk_gib * 1024 * 0.9) - 1024,
        pods=max_pods or pods,
        gpus=size.gpus,
    )


def pods_by_addresses(instance_type: str, *, prefixes: bool = False) -> int:
    """Return the number of pods of a node: https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet

    It is the number of addresses plus two pods of the host network. With prefix delegation it is higher, up to the
    recommended maximum of 110 or 250 pods.

    Raises:
        KeyError: the table of instance types has no such type.
    """
    size = sizes()[instance_type]
    free = size.interfaces * (size.addresses - 1)
    if not prefixes:
        return free + 2
    return min(free * PREFIX + 2, SMALL_NODE_PODS if size.vcpus < 30 else LARGE_NODE_PODS)


def _reserved_cpu(vcpus: int) -> int:
    """Return the kubelet's millicores: 6 % of the first core, 1 % of the second, 0.5 % of the next two, then 0.25 %."""
    tenths = 600 * min(vcpus, 1) + 100 * min(max(vcpus - 1, 0), 1) + 50 * min(max(vcpus - 2, 0), 2)
    return (tenths + 25 * max(vcpus - 4, 0)) // 10


def whole(instance_type: str) -> Amounts:
    """Return what a node counts against the limits of its node pool: all resources of its instance type.

    Raises:
        KeyError: the table of instance types has no such type.
    """
    size = sizes()[instance_type]
    return {CPU: size.vcpus * 1000, MEMORY: size.memory_mib * MIB, GPU: size.gpus}


def type_offers(instance_type: str, *, disk_gib: int, max_pods: int | None) -> Amounts:
    """Return the allocatable resources of a node with a root disk of `disk_gib` GiB, by resource name.

    Raises:
        KeyError: the table of instance types has no such type.
    """
    pods = max_pods or pods_by_addresses(instance_type)
    return amounts_of(allocatable(instance_type, disk_gib=disk_gib, max_pods=pods), gpus(instance_type))


def amounts_of(node: Allocatable, gpu_count: int) -> Amounts:
    """Return allocatable resources by resource name: CPU in millicores, memory and disk in bytes."""
    return {
        CPU: node.cpu_millis,
        MEMORY: node.memory_mib * MIB,
        DISK: node.disk_mib * MIB,
        PODS: node.pods,
        **({GPU: gpu_count} if gpu_count else {}),
    }


def within(limits: Amounts, types: Iterable[tuple[Amounts, Amounts]]) -> Amounts:
    """Return the maximum allocatable resources of a node pool with `limits`.

    Each of `types` is a pair: allocatable resources of a node, and all resources of its instance type. Limits count
    all resources, and the reserved share differs between types. Karpenter chooses the type, so each resource is
    calculated for the type with the highest share of it within a limit, and the lowest result counts. The pool never
    has more than this, and can have less.
    """
    each = list(types)
    found: dict[str, int] = {}
    for name in dict.fromkeys(name for offers, _ in each for name in offers):
        bounds = [
            max(limit * offers.get(name, 0) // machine[limited] for offers, machine in each)
            for limited, limit in limits.items()
            if all(machine.get(limited) for _, machine in each)
        ]
        if bounds:
            found[name] = min(bounds)
    return found
