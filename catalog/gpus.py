"""What a GPU can do, by the name that the table of instance types gives it."""

from typing import NamedTuple

from catalog.instance_types import sizes
from catalog.quantities import MIB


class Gpu(NamedTuple):
    """One GPU of an instance type."""

    name: str
    memory: int
    """Bytes that a program finds."""

    capability: tuple[int, int]
    """The compute capability."""


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

_USABLE = {"T4": 0.91, "T4g": 0.91}
"""A T4 keeps a sixteenth of its memory for error correction, and tells the whole."""

_USABLE_OTHERWISE = 0.97
"""The driver keeps the rest: an H100 shows 79.2 of 80 GiB (https://github.com/vllm-project/vllm/pull/10511)."""


def gpu(instance_type: str) -> Gpu | None:
    """The GPU of an instance type; None where the tables have none."""
    size = sizes().get(instance_type)
    if size is None or size.gpu not in _CAPABILITIES or not size.gpus:
        return None
    usable = _USABLE.get(size.gpu, _USABLE_OTHERWISE)
    return Gpu(size.gpu, int(size.gpu_memory_mib * MIB * usable), _CAPABILITIES[size.gpu])
