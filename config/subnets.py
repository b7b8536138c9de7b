"""Division of a VPC into subnets, for a stack file that sets zones and no subnets."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import islice
from typing import NamedTuple

PRIVATE_BITS = 3
"""A private subnet is an eighth of the VPC: pods have its addresses, 8,187 of them in a /16."""

PUBLIC_BITS = 8
"""A public subnet is a 256th of the VPC: it has only load balancers and NAT gateways."""

DATA_BITS = 8
"""A data subnet is a 256th of the VPC: databases, caches and mount targets have few addresses."""

CONTROL_PLANE_PREFIX = 28
"""EKS creates up to four network interfaces in these subnets, and five more during an update:
https://docs.aws.amazon.com/eks/latest/best-practices/subnets.html"""

SMALLEST_SUBNET = 28
"""https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"""

SMALLEST_VPC = 25
"""Longest prefix of a VPC with an eighth that is at least the smallest subnet."""

SMALLEST_VPC_WITH_DATA = 24
"""Longest prefix of a VPC with a half that has room for public and data subnets of four zones."""

SMALLEST_VPC_WITH_CONTROL_PLANE = 23
"""Longest prefix of a VPC whose control plane subnets do not overlap the data subnets."""


class Tiers(NamedTuple):
    """The networks of each tier, one for each zone, in the order of the zones."""

    public: tuple[IPv4Network, ...]
    private: tuple[IPv4Network, ...]
    data: tuple[IPv4Network, ...] = ()
    control_plane: tuple[IPv4Network, ...] = ()


def smallest_vpc(*, data: bool, control_plane: bool = False) -> int:
    """Return the longest prefix of a VPC that can be divided, with or without tiers for data and the control plane."""
    if control_plane:
        return SMALLEST_VPC_WITH_CONTROL_PLANE
    return SMALLEST_VPC_WITH_DATA if data else SMALLEST_VPC


def carve(vpc: IPv4Network, zones: int, *, data: bool = False, control_plane: bool = False) -> Tiers:
    """Divide `vpc` among 1-4 `zones`: private subnets from the lower half, public ones from the start of the upper.

    Data subnets begin in the middle of the upper half, control plane subnets in the middle of the rest. The network of
    a zone depends only on its position, so that neither a zone added at the end nor another tier moves a subnet; the
    remaining addresses are free.

    Raises:
        ValueError: the VPC is smaller than a /25, than a /24 with data or a /23 with subnets of the control plane, or
            there are more than four zones.
    """
    smallest = smallest_vpc(data=data, control_plane=control_plane)
    if vpc.prefixlen > smallest:
        raise ValueError(f"{vpc} is too small to divide; use a /{smallest} or larger, or set network.subnets")
    if not 1 <= zones <= 4:
        raise ValueError(f"{zones} zones are not supported; use one to four")
    lower, upper = vpc.subnets(prefixlen_diff=1)
    private = lower.subnets(new_prefix=min(vpc.prefixlen + PRIVATE_BITS, SMALLEST_SUBNET))
    public = upper.subnets(new_prefix=min(vpc.prefixlen + PUBLIC_BITS, SMALLEST_SUBNET))
    return Tiers(
        public=tuple(next(public) for _ in range(zones)),
        private=tuple(next(private) for _ in range(zones)),
        data=tuple(islice(_data(upper, min(vpc.prefixlen + DATA_BITS, SMALLEST_SUBNET)), zones)) if data else (),
        control_plane=tuple(islice(_control_plane(upper), zones)) if control_plane else (),
    )


def _data(upper: IPv4Network, prefix: int) -> Iterator[IPv4Network]:
    _, behind = upper.subnets(prefixlen_diff=1)
    return behind.subnets(new_prefix=prefix)


def _control_plane(upper: IPv4Network) -> Iterator[IPv4Network]:
    *_, last = upper.subnets(prefixlen_diff=2)
    return last.subnets(new_prefix=CONTROL_PLANE_PREFIX)
