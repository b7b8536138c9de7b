"""Volumes: the combination of type, size, IOPS and throughput of every disk, and the size of pods' volumes."""

from collections.abc import Iterator, Mapping

from catalog.quantities import GIB, MEMORY, amount
from catalog.reading.problems import Path, Problem
from catalog.volumes import EBS, RDS, VolumeType, faults
from config.databases import Storage
from config.instances import DataVolume
from config.nodes import Disk
from config.rules.stack import Rule, Stack
from config.types.quantities import VolumeSize
from config.walk import each, marked


def disks(stack: Stack) -> Iterator[Problem]:
    """EBS accepts the volumes of nodes and instances, and RDS those of databases."""
    kinds: tuple[tuple[type[Disk | DataVolume | Storage], Mapping[str, VolumeType]], ...] = (
        (Disk, EBS),
        (DataVolume, EBS),
        (Storage, RDS),
    )
    for kind, types in kinds:
        for path, disk in each(stack.settings, kind):
            yield from _disk(path, disk, types)


def _disk(path: Path, disk: Disk | DataVolume | Storage, types: Mapping[str, VolumeType]) -> Iterator[Problem]:
    others = tuple((*path, key) for key in ("sizeGib", "type", "iops", "throughput"))
    for setting, message in faults(types, disk.volume()):
        # IOPS that follow from the throughput are not in the file.
        derived = setting == "iops" and disk.iops is None
        place = (*path, "throughput" if derived else setting) if setting else path
        text = f"requires more IOPS than its size allows: {message}" if derived else message
        yield Problem(place, text, because=tuple(other for other in others if other != place))


def claims(stack: Stack) -> Iterator[Problem]:
    """EBS accepts the size of a pod's volume, which the driver rounds up to GiB."""
    most = EBS["gp3"].gib.most
    for path, size, _ in marked(stack.settings, VolumeSize):
        gib = -(-amount(MEMORY, size) // GIB)
        if not 1 <= gib <= most:
            yield Problem(path, f"{size} is not a valid size of an EBS volume; use 1Gi to {most}Gi")


RULES: tuple[Rule, ...] = (disks, claims)
