"""What an EC2 instance type is, as far as a node group has to know before it is built."""

import re
from typing import Literal, NamedTuple

Architecture = Literal["x86_64", "arm64"]
Accelerator = Literal["nvidia", "neuron", "none"]

_NVIDIA = re.compile(r"(?:g4dn|g5g?|g6[a-z]?|gr6f?|g7e?|p\d+[a-z-]*\d*)")
_NEURON = re.compile(r"(?:inf|trn)\d+[a-z]*")
_GRAVITON = re.compile(r"(?:a1|[a-z]+\d+g[a-z]*|im4gn|is4gen|p6e-gb\d+)")

GPUS = {
    # https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html; a size that is not here has one.
    "g4dn.12xlarge": 4,
    "g4dn.metal": 8,
    "g5.12xlarge": 4,
    "g5.24xlarge": 4,
    "g5.48xlarge": 8,
    "g5g.16xlarge": 2,
    "g5g.metal": 2,
    "g6.12xlarge": 4,
    "g6.24xlarge": 4,
    "g6.48xlarge": 8,
    "g6e.12xlarge": 4,
    "g6e.24xlarge": 4,
    "g6e.48xlarge": 8,
    "p4d.24xlarge": 8,
    "p4de.24xlarge": 8,
    "p5.48xlarge": 8,
    "p5e.48xlarge": 8,
    "p5en.48xlarge": 8,
    "p6-b200.48xlarge": 8,
    "p6-b300.48xlarge": 8,
    "p6e-gb200.36xlarge": 4,
}


class InstanceKind(NamedTuple):
    """What decides the AMI of a node."""

    architecture: Architecture
    accelerator: Accelerator


def family(instance_type: str) -> str:
    """`g5` of `g5.xlarge`."""
    return instance_type.split(".", maxsplit=1)[0]


def instance_kind(instance_type: str) -> InstanceKind:
    """The processor and accelerator of an instance type, read from its family's name.

    https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
    """
    name = family(instance_type)
    if _NEURON.fullmatch(name):
        return InstanceKind("x86_64", "neuron")
    nvidia = bool(_NVIDIA.fullmatch(name))
    arm = bool(_GRAVITON.fullmatch(name))
    return InstanceKind("arm64" if arm else "x86_64", "nvidia" if nvidia else "none")


def gpus(instance_type: str) -> int:
    """How many NVIDIA GPUs a node of this type offers to pods."""
    return GPUS.get(instance_type, 1) if instance_kind(instance_type).accelerator == "nvidia" else 0
