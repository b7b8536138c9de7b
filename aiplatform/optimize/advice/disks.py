"""gp3 instead of other volume types, and smaller disks of nodes."""

from collections.abc import Iterator

from aiplatform.optimize.idea import Idea, Subject
from aiplatform.optimize.machines import Machines, machines
from catalog.reading.problems import show
from config.instances import Server

LEAST_GIB = 20


def ideas(subject: Subject) -> Iterator[Idea]:
    """Yield changes of the root volumes of nodes."""
    for group in machines(subject):
        if not isinstance(group.settings, Server):
            yield from _of(group)


def _of(group: Machines) -> Iterator[Idea]:
    if isinstance(group.settings, Server):
        return
    disk = group.settings.root_disk()
    path = (*group.path, "disk")
    if disk.type != "gp3":
        yield Idea(
            f"{show(path)}: use gp3 instead of {disk.type}",
            ((path, {"sizeGib": disk.size_gib, "type": "gp3"}),),
            "capacity" if disk.type in ("io1", "io2") else None,
            f"{disk.iops:,} provisioned IOPS: gp3 has 3,000" if disk.iops else "",
        )
    half = max(LEAST_GIB, disk.size_gib // 2)
    if half < disk.size_gib and group.settings.instance_store is None:
        yield Idea(
            f"{show(path)}: use {half} GiB instead of {disk.size_gib}",
            (((*path, "sizeGib"), half),),
            "capacity",
            "room for images and files of pods",
        )
