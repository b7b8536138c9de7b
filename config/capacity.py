"""What pods can ask of a node: an instance type, less what the machine, the kubelet and the system keep."""

from typing import NamedTuple

from config.instances import sizes

SMALL_NODE_PODS = 110
"""The most pods of a node with fewer than 30 vCPUs: https://docs.aws.amazon.com/eks/latest/best-practices/prefix-mode-linux.html"""

LARGE_NODE_PODS = 250
PREFIX = 16
"""The addresses of a /28 prefix."""


class Allocatable(NamedTuple):
    """CPU in thousandths of a core, memory in MiB, root disk in MiB."""

    cpu_millis: int
    memory_mib: int
    disk_mib: int
    pods: int
    gpus: int


def allocatable(instance_type: str, *, disk_gib: int, max_pods: int | None = None) -> Allocatable:
    """What a node of Amazon Linux 2023 offers; without `max_pods` the pods are those that its addresses allow.

    https://awslabs.github.io/amazon-eks-ami/ (kubelet's reserve) and Karpenter's estimate of the memory that a machine
    keeps for itself (7.5 %). A g5.xlarge has 3920m and 14162Mi, a t3.medium 3246Mi (reference: current facts).

    Raises:
        KeyError: the table has no such type.
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
    """How many pods get an address: https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet

    Two pods more than addresses, for those of the host's network. Prefixes multiply them up to the recommended limit.
    """
    size = sizes()[instance_type]
    free = size.interfaces * (size.addresses - 1)
    if not prefixes:
        return free + 2
    return min(free * PREFIX + 2, SMALL_NODE_PODS if size.vcpus < 30 else LARGE_NODE_PODS)


def _reserved_cpu(vcpus: int) -> int:
    """The kubelet's thousandths: 6 % of the first core, 1 % of the second, 0.5 % of two more, 0.25 % of the rest."""
    tenths = 600 * min(vcpus, 1) + 100 * min(max(vcpus - 1, 0), 1) + 50 * min(max(vcpus - 2, 0), 2)
    return (tenths + 25 * max(vcpus - 4, 0)) // 10
