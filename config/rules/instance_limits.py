"""EC2 instances: addresses, disks and ports that EC2 refuses, or that never work."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from catalog.instance_types import sizes
from catalog.reading.problems import Path, Problem
from config.instances import Server
from config.rules.stack import Rule, Stack

GPU_IMAGE_GIB = 75
"""About the size of the snapshot of the Deep Learning Base AMI, below which EC2 refuses a root volume:
https://docs.aws.amazon.com/dlami/latest/devguide/aws-deep-learning-x86-base-gpu-ami-amazon-linux-2023.html"""

SYSTEM = ("/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/run", "/sbin", "/sys", "/usr")
"""Directories that a volume must not hide, nor what is below them."""

SHARED = ("/home", "/opt", "/root", "/var", "/var/lib", "/var/log", "/var/run")
"""Directories that a volume must not hide."""

SMTP = 25
HTTPS = 443


def _servers(stack: Stack) -> Iterator[tuple[Path, Server]]:
    for key, server in stack.settings.instances.items():
        yield ("instances", key), server


def addresses(stack: Stack) -> Iterator[Problem]:
    """An Elastic IP is in a public subnet: a private one has no route from the internet."""
    for path, server in _servers(stack):
        if server.elastic_ip and server.stands_in() == "private":
            yield Problem(
                (*path, "elasticIp"),
                "requires tier: public, because nothing reaches a public address in a private subnet; set it, or "
                "remove elasticIp",
                because=((*path, "tier"), (*path, "role")),
            )


def disks(stack: Stack) -> Iterator[Problem]:
    """The root volume is as large as its AMI, and the data volume does not hide the system."""
    for path, server in _servers(stack):
        if server.has_gpus() and server.ami is None and server.root_gib() < GPU_IMAGE_GIB:
            yield Problem(
                (*path, "diskGib"),
                f"{server.root_gib()} is smaller than the AMI with GPU drivers, and EC2 refuses such a volume; set "
                f"{GPU_IMAGE_GIB} or more",
                "warning",
                because=((*path, "instanceType"), (*path, "ami")),
            )
        place = server.data.path if server.data is not None else "/data"
        above = {str(one) for one in (PurePosixPath(place), *PurePosixPath(place).parents)}
        if above & set(SYSTEM) or place in SHARED:
            yield Problem(
                (*path, "data", "path"), f"{place} is a directory of the operating system; choose one like /data"
            )


def ports(stack: Stack) -> Iterator[Problem]:
    """EC2 blocks SMTP to the internet, and without HTTPS an instance reaches no registry and no API of AWS."""
    for path, server in _servers(stack):
        if SMTP in server.internet_ports:
            yield Problem(
                (*path, "internetPorts", server.internet_ports.index(SMTP)),
                f"{SMTP} is blocked by EC2 until AWS Support removes the restriction; use 587",
                "warning",
            )
        if HTTPS not in server.internet_ports and stack.settings.network.nat != "none":
            yield Problem(
                (*path, "internetPorts"),
                f"has no {HTTPS}: without interface endpoints the instance reaches neither image registries nor "
                "Session Manager and CloudWatch Logs; add it",
                "warning",
            )


def memory(stack: Stack) -> Iterator[Problem]:
    """A container's memory is not above that of the instance."""
    for path, server in _servers(stack):
        size = sizes().get(server.instance_type)
        for name, container in server.containers.items():
            for key, given in (("memoryGib", container.memory_gib), ("sharedMemoryGib", container.shared_memory_gib)):
                if size is not None and given is not None and given * 1024 > size.memory_mib:
                    yield Problem(
                        (*path, "containers", name, key),
                        f"{given} GiB is more than {server.instance_type} has, {size.memory_mib / 1024:g} GiB; "
                        "decrease it, or choose a larger type",
                        because=((*path, "instanceType"),),
                    )


RULES: tuple[Rule, ...] = (addresses, disks, ports, memory)
