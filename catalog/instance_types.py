"""EC2 instance types: size, architecture, accelerator, network interfaces, local disks."""

import csv
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Literal, NamedTuple

Architecture = Literal["x86_64", "arm64"]
Accelerator = Literal["nvidia", "neuron", "none"]

_NVIDIA = re.compile(r"(?:g4dn|g5g?|g6[a-z]?|gr6f?|g7e?|p\d+[a-z-]*\d*)")
_NEURON = re.compile(r"(?:inf|trn)\d+[a-z]*")
_GRAVITON = re.compile(r"(?:a1|[a-z]+\d+g[a-z]*|im4gn|is4gen|p6e-gb\d+)")

_GENERATION = re.compile(r"([a-z]+?)-?(\d+).*", re.ASCII)

_OLD_STORES = frozenset({"c3", "d2", "g2", "h1", "i2", "m3", "r3", "x1", "x1e"})
"""Families whose instance store is not NVMe: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-specs.html"""

_UNLISTED_GPUS = {
    # https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html; EC2 offers it only in Capacity Blocks.
    "p6e-gb200.36xlarge": 4,
}


class InstanceKind(NamedTuple):
    """Architecture and accelerator, which decide the AMI of a node."""

    architecture: Architecture
    accelerator: Accelerator


def family(instance_type: str) -> str:
    """Return the family of an instance type: `g5` of `g5.xlarge`."""
    return instance_type.split(".", maxsplit=1)[0]


def newer_generation(name: str, known: Iterable[str]) -> bool:
    """Return whether a family is of the newest known generation of its kind, or newer: `m10g`, not `m4x`."""
    families = set(known)
    ours = _GENERATION.fullmatch(name)
    if name in families or ours is None or len(ours[2]) > 2:
        return False
    generations = [int(found[2]) for one in families if (found := _GENERATION.fullmatch(one)) and found[1] == ours[1]]
    return bool(generations) and int(ours[2]) >= max(generations)


def instance_kind(instance_type: str) -> InstanceKind:
    """Return architecture and accelerator of an instance type, derived from the name of its family.

    https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
    """
    name = family(instance_type)
    if _NEURON.fullmatch(name):
        return InstanceKind("x86_64", "neuron")
    nvidia = bool(_NVIDIA.fullmatch(name))
    arm = bool(_GRAVITON.fullmatch(name))
    return InstanceKind("arm64" if arm else "x86_64", "nvidia" if nvidia else "none")


def newest_ami(architecture: Architecture) -> str:
    """Return the public SSM parameter of the newest Amazon Linux 2023 AMI.

    https://docs.aws.amazon.com/linux/al2023/ug/ec2.html
    """
    return f"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{architecture}"


def gpus(instance_type: str) -> int:
    """Return the number of NVIDIA GPUs of an instance type; 1 for a GPU type that the table lacks."""
    size = sizes().get(instance_type)
    if size is not None:
        return size.gpus
    nvidia = instance_kind(instance_type).accelerator == "nvidia"
    return _UNLISTED_GPUS.get(instance_type, 1) if nvidia else 0


class Size(NamedTuple):
    """A row of `data/instance-types.csv`."""

    vcpus: int
    memory_mib: int
    interfaces: int
    addresses: int
    """IPv4 addresses of a network interface, the primary one included."""

    gpus: int
    gpu: str
    gpu_memory_mib: int
    """Memory of one GPU in MiB."""

    local_storage_gb: int


def instance_store_gib(instance_type: str) -> int | None:
    """Return the total size of the NVMe instance store in GiB; None if the table lacks the type."""
    size = sizes().get(instance_type)
    if size is None:
        return None
    return 0 if family(instance_type) in _OLD_STORES else size.local_storage_gb * 10**9 // 2**30


@functools.cache
def sizes() -> Mapping[str, Size]:
    """Return the table of instance types by name, read from `data/instance-types.csv`."""
    text = (files("catalog") / "data" / "instance-types.csv").read_text(encoding="utf-8")
    rows = csv.reader(line for line in text.splitlines() if not line.startswith("#"))
    next(rows)
    return {name: _size(values) for name, *values in rows}


def _size(values: Sequence[str]) -> Size:
    vcpus, memory, interfaces, addresses, gpus_, gpu, gpu_memory, storage = values
    return Size(
        int(vcpus), int(memory), int(interfaces), int(addresses), int(gpus_), gpu, int(gpu_memory), int(storage)
    )
