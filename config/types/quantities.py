"""Kubernetes quantities and the resources of quotas."""

from dataclasses import dataclass
from typing import Annotated

from config.types.text import matching

Quantity = Annotated[
    str,
    matching(
        r"\d+(?:\.\d+)?(?:m|k|Ki|M|Mi|G|Gi|T|Ti)?",
        "is not a Kubernetes quantity; write it like 500m, 2, 512Mi or 4Gi",
    ),
]

QuotaResource = Annotated[
    str,
    matching(
        r"(?:(?:requests|limits)\.(?:cpu|memory|ephemeral-storage|nvidia\.com/gpu)|requests\.storage"
        r"|pods|services|persistentvolumeclaims|secrets|configmaps|count/[a-z0-9.-]+)",
        "is not a quota resource; write it like requests.cpu, requests.memory, requests.nvidia.com/gpu, pods, "
        "services or persistentvolumeclaims",
    ),
]


@dataclass(frozen=True)
class VolumeSize:
    """Marks the size of an EBS volume of a pod, which EBS has to accept."""


EbsSize = Annotated[Quantity, VolumeSize()]
