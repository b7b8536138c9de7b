"""How a VPC's addresses are divided when a stack file names zones and no subnets."""

from ipaddress import IPv4Network
from typing import NamedTuple

PRIVATE_BITS = 3
"""A private subnet takes an eighth of the VPC: pods get addresses from it, 8,187 of them in a /16."""

PUBLIC_BITS = 8
"""A public subnet takes a 256th: only load balancers and NAT gateways live there."""

SMALLEST_SUBNET = 28
"""https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"""

SMALLEST_VPC = 25
"""Below this an eighth of the VPC is smaller than the smallest subnet."""


class Tiers(NamedTuple):
    """The networks of both tiers, one a zone, in the order of the zones."""

    public: tuple[IPv4Network, ...]
    private: tuple[IPv4Network, ...]


def carve(vpc: IPv4Network, zones: int) -> Tiers:
    """Divide `vpc` among 1-4 `zones`: private subnets from the lower half, public ones from the start of the upper.

    The place of a zone depends on its position alone, so that a zone added at the end moves no other; the second
    half behind the public subnets stays free for tiers to come.

    Raises:
        ValueError: the VPC is smaller than a /25, or there are more than four zones.
    """
    if vpc.prefixlen > SMALLEST_VPC:
        raise ValueError(
            f"{vpc} is too small to divide; take a /{SMALLEST_VPC} or larger, or write the subnets one by one"
        )
    if not 1 <= zones <= 4:
        raise ValueError(f"{zones} zones cannot be carved; take one to four")
    lower, upper = vpc.subnets(prefixlen_diff=1)
    private = lower.subnets(new_prefix=min(vpc.prefixlen + PRIVATE_BITS, SMALLEST_SUBNET))
    public = upper.subnets(new_prefix=min(vpc.prefixlen + PUBLIC_BITS, SMALLEST_SUBNET))
    return Tiers(
        public=tuple(next(public) for _ in range(zones)),
        private=tuple(next(private) for _ in range(zones)),
    )
