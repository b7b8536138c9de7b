"""Memory and compute capability of GPUs, by their name in the table of instance types."""

from typing import NamedTuple

from catalog.instance_types import sizes
from catalog.quantities import MIB


class Gpu(NamedTuple):
    """One GPU of an instance type."""

    name: str
    memory: int
    """Usable memory in bytes."""

    capability: tuple[int, int]
    """CUDA compute capability, major and minor version."""


_CAPABILITIES: dict[str, tuple[int, int]] = {
    # https://developer.nvidia.com/cuda-gpus
    "K80": (3, 7),
    "M60": (5, 2),
    "V100": (7, 0),
    "T4": (7, 5),
    "T4g": (7, 5),
    "A100": (8, 0),
    "A10G": (8, 6),
    "L4": (8, 9),
    "L40S": (8, 9),
    "H100": (9, 0),
    "H200": (9, 0),
    "B200": (10, 0),
    "B300": (10, 3),
    "RTX PRO 4500": (12, 0),
    "RTX PRO Server 6000": (12, 0),
}

_TESLA = frozenset({"K80", "M60", "V100", "T4", "T4g", "A100"})
"""GPUs whose accelerator has `tesla` in its name."""

_USABLE = {"T4": 0.91, "T4g": 0.91}
"""Usable share of GPU memory: a T4 reserves a sixteenth for ECC, and AWS documents the total."""

_USABLE_OTHERWISE = 0.97
"""The driver reserves the rest: an H100 shows 79.2 of 80 GiB (https://github.com/vllm-project/vllm/pull/10511)."""


def gpu(instance_type: str) -> Gpu | None:
    """Return the GPU of an instance type; None if it has none, or if the tables lack the type or the GPU."""
    size = sizes().get(instance_type)
    if size is None or size.gpu not in _CAPABILITIES or not size.gpus:
        return None
    usable = _USABLE.get(size.gpu, _USABLE_OTHERWISE)
    return Gpu(size.gpu, int(size.gpu_memory_mib * MIB * usable), _CAPABILITIES[size.gpu])


def accelerator(instance_type: str) -> str:
    """Return the value of the label `k8s.amazonaws.com/accelerator` for a GPU type: `nvidia-tesla-t4`, `nvidia-l4`.

    Cluster Autoscaler reads the label's presence; it has these names for the types that it lists:
    https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/aws_cloud_provider.go
    """
    size = sizes().get(instance_type)
    name = size.gpu if size is not None and size.gpu else "gpu"
    return f"nvidia-{'tesla-' if name in _TESLA else ''}{name.lower().replace(' ', '-')}"
