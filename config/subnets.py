"""How a VPC's addresses are divided when a stack file names zones and no subnets."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import islice
from typing import NamedTuple

PRIVATE_BITS = 3
"""A private subnet takes an eighth of the VPC: pods get addresses from it, 8,187 of them in a /16."""

PUBLIC_BITS = 8
"""A public subnet takes a 256th: only load balancers and NAT gateways live there."""

DATA_BITS = 8
"""A data subnet takes as little: databases, caches and mount targets have few addresses."""

CONTROL_PLANE_PREFIX = 28
"""EKS puts four network interfaces into them at most, and five more while it updates a cluster:
https://docs.aws.amazon.com/eks/latest/best-practices/subnets.html"""

SMALLEST_SUBNET = 28
"""https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"""

SMALLEST_VPC = 25
"""Below this an eighth of the VPC is smaller than the smallest subnet."""

SMALLEST_VPC_WITH_DATA = 24
"""Below this the public and the data subnets of four zones do not fit into half of the VPC."""

SMALLEST_VPC_WITH_CONTROL_PLANE = 23
"""Below this those of the control plane would lie among the data subnets."""


class Tiers(NamedTuple):
    """The networks of each tier, one a zone, in the order of the zones."""

    public: tuple[IPv4Network, ...]
    private: tuple[IPv4Network, ...]
    data: tuple[IPv4Network, ...] = ()
    control_plane: tuple[IPv4Network, ...] = ()


def smallest_vpc(*, data: bool, control_plane: bool = False) -> int:
    """The prefix of the smallest VPC that can be divided, with or without tiers for data and the control plane."""
    if control_plane:
        return SMALLEST_VPC_WITH_CONTROL_PLANE
    return SMALLEST_VPC_WITH_DATA if data else SMALLEST_VPC


def carve(vpc: IPv4Network, zones: int, *, data: bool = False, control_plane: bool = False) -> Tiers:
    """Divide `vpc` among 1-4 `zones`: private subnets from the lower half, public ones from the start of the upper.

    Data subnets begin in the middle of the upper half, those of the control plane in the middle of what is behind. The
    place of a zone depends on its position alone, so that neither a zone added at the end nor another tier moves a
    subnet; what lies behind them stays free.

    Raises:
        ValueError: the VPC is smaller than a /25, than a /24 with data or a /23 with subnets of the control plane, or
            there are more than four zones.
    """
    smallest = smallest_vpc(data=data, control_plane=control_plane)
    if vpc.prefixlen > smallest:
        raise ValueError(f"{vpc} is too small to divide; take a /{smallest} or larger, or write the subnets one by one")
    if not 1 <= zones <= 4:
        raise ValueError(f"{zones} zones cannot be carved; take one to four")
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
