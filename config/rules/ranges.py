"""Address ranges that AWS, Docker or the internet use, and a VPC must not."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from catalog.reading.problems import Path, Problem
from config.exposure import PRIVATE_RANGES
from config.rules.stack import Rule, Stack

REJECTED = {
    IPv4Network("0.0.0.0/8"): "this host",
    IPv4Network("127.0.0.0/8"): "loopback",
    IPv4Network("169.254.0.0/16"): "link-local addresses, such as the instance metadata",
    IPv4Network("224.0.0.0/3"): "multicast and future use",
}
"""Ranges in which EC2 creates no VPC: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"""

SHARED = IPv4Network("100.64.0.0/10")
"""RFC 6598, which a VPC can have."""

RESERVED = IPv4Network("198.19.0.0/16")
"""Reserved by AWS services for their own interfaces, such as AppStream 2.0:
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"""

DOCKER = IPv4Network("172.17.0.0/16")
"""The bridge of Docker, on instances and in AWS services such as Cloud9 and SageMaker:
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"""


def vpc(stack: Stack) -> Iterator[Problem]:
    """The VPC's network is none that AWS or Docker use, and private."""
    cidr, path = stack.settings.network.cidr, ("network", "cidr")
    rejected = next((use for network, use in REJECTED.items() if cidr.overlaps(network)), None)
    if rejected is not None:
        yield Problem(path, f"{cidr} is reserved for {rejected}; use a network of {_private()}")
    elif cidr.overlaps(RESERVED):
        yield Problem(path, f"{cidr} overlaps {RESERVED}, which AWS services reserve; use a network of {_private()}")
    elif cidr.overlaps(DOCKER):
        yield from _docker(stack, path)
    elif not any(cidr.subnet_of(private) for private in (*PRIVATE_RANGES, SHARED)):
        yield Problem(
            path,
            f"{cidr} is public: its owner's addresses cannot be reached from the VPC; use a network of {_private()}",
            severity="warning",
        )


def _docker(stack: Stack, path: Path) -> Iterator[Problem]:
    """Report the network of Docker's bridge: an error where instances run containers, which would lose the VPC."""
    running = [name for name, server in stack.settings.instances.items() if server.containers]
    cidr = stack.settings.network.cidr
    whose = f", also on the instances {', '.join(running)}" if running else ", as in Cloud9 and SageMaker"
    yield Problem(
        path,
        f"{cidr} overlaps {DOCKER}, the network of Docker{whose}; use another network of {_private()}",
        severity="error" if running else "warning",
        because=(("instances",),),
    )


def _private() -> str:
    return "10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"


RULES: tuple[Rule, ...] = (vpc,)
