"""Burstable instance types, whose CPU above a baseline is billed in unlimited mode, which is the default of T3, T3a and
T4g. T2 instances and nodes of ElastiCache are in standard mode: they slow down to the baseline and have no charge.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode-concepts.html,
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html
"""

from decimal import Decimal

from catalog.instance_types import sizes

UNLIMITED = ("t3", "t3a", "t4g")
_PERCENT = {"nano": 5, "micro": 10, "small": 20, "medium": 20, "large": 30, "xlarge": 40, "2xlarge": 40}
"""Baseline of each vCPU in percent, by size:
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html
"""


def burstable_vcpus(instance_type: str) -> int | None:
    """Return the vCPUs of an instance type or class in unlimited mode; None for others."""
    name = instance_type.removeprefix("db.")
    family, _, size = name.partition(".")
    return sizes()[name].vcpus if family in UNLIMITED and size in _PERCENT and name in sizes() else None


def baseline(instance_type: str) -> Decimal | None:
    """Return the vCPUs that an instance type or class can use all the time without a charge; None for others."""
    vcpus = burstable_vcpus(instance_type)
    return None if vcpus is None else Decimal(vcpus * _PERCENT[instance_type.rpartition(".")[2]]) / 100
