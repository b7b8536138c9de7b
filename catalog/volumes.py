"""Limits of volumes: size, IOPS and throughput of each EBS volume type, and of each storage type of RDS."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

IOPS_PER_MIBPS = 4
"""IOPS that each MiB/s of throughput requires:
https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html#gp3-performance"""


class Range(NamedTuple):
    """A range, both ends included."""

    least: int
    most: int

    def has(self, value: int) -> bool:
        """Return whether a value is in the range."""
        return self.least <= value <= self.most

    def __str__(self) -> str:
        return f"{self.least:,} to {self.most:,}"


@dataclass(frozen=True)
class VolumeType:
    """Limits of a volume type. Without `iops` or `throughput`, the type does not accept the setting."""

    gib: Range
    iops: Range | None = None
    iops_per_gib: float = 0
    """Maximum IOPS for each GiB."""

    least_iops_per_gib: float = 0
    baseline: int | None = None
    """IOPS of a volume without provisioned IOPS; None if the type requires them."""

    throughput: Range | None = None
    """In MiB/s."""

    provisioned_from: int = 0
    """Size in GiB below which IOPS and throughput cannot be provisioned."""


EBS: Mapping[str, VolumeType] = {
    "gp3": VolumeType(Range(1, 65_536), Range(3000, 80_000), 500, baseline=3000, throughput=Range(125, 2000)),
    "gp2": VolumeType(Range(1, 16_384)),
    "io1": VolumeType(Range(4, 16_384), Range(100, 64_000), 50),
    "io2": VolumeType(Range(4, 65_536), Range(100, 256_000), 1000),
}
"""Volume types of EBS; io2 is io2 Block Express. st1 and sc1 cannot be boot volumes, and are not offered.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html,
https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html
"""

RDS: Mapping[str, VolumeType] = {
    "gp3": VolumeType(Range(20, 65_536), Range(12_000, 64_000), 500, baseline=12_000, provisioned_from=400),
    "gp2": VolumeType(Range(20, 65_536)),
    "io1": VolumeType(Range(100, 65_536), Range(1000, 256_000), 50, 0.5),
    "io2": VolumeType(Range(100, 65_536), Range(1000, 256_000), 1000, 0.5),
}
"""Storage types of RDS for PostgreSQL and MySQL:
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html,
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html"""


class Volume(NamedTuple):
    """A volume as it is requested."""

    type: str
    gib: int
    iops: int | None = None
    throughput: int | None = None


class Fault(NamedTuple):
    """Why AWS rejects a volume, and the setting that is wrong: `sizeGib`, `iops`, `throughput`; empty for a missing
    one."""

    setting: str
    message: str


def faults(types: Mapping[str, VolumeType], volume: Volume) -> Iterator[Fault]:
    """Yield the reasons for which AWS rejects a volume of one of the types."""
    limits = types[volume.type]
    if not limits.gib.has(volume.gib):
        yield Fault("sizeGib", f"{volume.gib} is not a valid size of {volume.type}; use {limits.gib} GiB")
    if volume.iops is None and limits.iops is not None and limits.baseline is None:
        yield Fault("", f"type {volume.type} requires iops; set it, or use gp3")
    elif volume.iops is not None and (limits.iops is None or limits.gib.has(volume.gib)):
        yield from _iops(limits, volume, volume.iops)
    if volume.throughput is not None:
        yield from _throughput(limits, volume, volume.throughput)


def _iops(limits: VolumeType, volume: Volume, iops: int) -> Iterator[Fault]:
    if limits.iops is None:
        message = f"cannot be set on {volume.type}, whose IOPS depend on its size; remove it, or use gp3"
        yield Fault("iops", message)
    elif volume.gib < limits.provisioned_from:
        message = f"cannot be set on {volume.type} below {limits.provisioned_from} GiB; remove it, or increase sizeGib"
        yield Fault("iops", message)
    elif not limits.iops.has(iops):
        yield Fault("iops", f"{iops} is not valid for {volume.type}; use {limits.iops}")
    elif iops > max(limits.iops_per_gib * volume.gib, limits.baseline or 0):
        most = f"{limits.iops_per_gib:,g} IOPS a GiB of {volume.type}, {limits.iops_per_gib * volume.gib:,.0f}"
        yield Fault("iops", f"{iops} is above {most} for {volume.gib} GiB; decrease it, or increase sizeGib")
    elif iops < limits.least_iops_per_gib * volume.gib:
        ratio = limits.least_iops_per_gib
        least = f"{ratio:g} IOPS a GiB of {volume.type}, {ratio * volume.gib:,g}"
        yield Fault("iops", f"{iops} is below {least} for {volume.gib} GiB; increase it, or decrease sizeGib")


def _throughput(limits: VolumeType, volume: Volume, throughput: int) -> Iterator[Fault]:
    needed, iops = throughput * IOPS_PER_MIBPS, volume.iops or limits.baseline or 0
    if limits.throughput is None:
        yield Fault("throughput", f"cannot be set on {volume.type}; remove it, or use gp3")
    elif not limits.throughput.has(throughput):
        yield Fault("throughput", f"{throughput} is not valid for {volume.type}; use {limits.throughput} MiB/s")
    elif needed > iops:
        yield Fault("throughput", f"{throughput} MiB/s requires {needed} iops, but iops is {iops}; increase iops")


def derived_iops(volume: Volume) -> int | None:
    """Return the IOPS of an EBS volume: set, what its throughput requires, or None for the baseline of the type."""
    limits = EBS[volume.type]
    if volume.iops is not None or volume.throughput is None or limits.baseline is None:
        return volume.iops
    needed = volume.throughput * IOPS_PER_MIBPS
    return needed if needed > limits.baseline else None
