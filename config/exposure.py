"""Networks that rules open something to: the internet, in one piece or in several, and addresses it does not have."""

from collections.abc import Sequence
from ipaddress import IPv4Network, collapse_addresses

WORLD = IPv4Network("0.0.0.0/0")

WIDEST = 8
"""The shortest prefix of an inbound rule: two /1 networks are the internet, too."""

MOST = 2 ** (32 - 4)
"""Maximum number of addresses of all networks of a rule: 16 networks of the widest prefix, a sixteenth of IPv4."""

PRIVATE_RANGES = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))

SHARED_RANGE = IPv4Network("100.64.0.0/10")
"""Of carriers, and of VPCs whose private addresses are used up: https://www.rfc-editor.org/rfc/rfc6598"""

RESERVED = (
    *PRIVATE_RANGES,
    SHARED_RANGE,
    *map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "192.0.0.0/24",
            "198.18.0.0/15",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    ),
)
"""Ranges that are not routed on the internet, except those of documentation, which stack files use as placeholders:
https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml"""


def internet(cidrs: Sequence[IPv4Network]) -> IPv4Network | None:
    """Return the network that is as good as the internet, or the largest if all of them together are; None otherwise.

    Networks are joined first: 0.0.0.0/1 and 128.0.0.0/1, or sixteen /4 networks, are 0.0.0.0/0.
    """
    joined = list(collapse_addresses(cidrs))
    if not joined:
        return None
    largest = min(joined, key=lambda one: one.prefixlen)
    wide = largest.prefixlen < WIDEST or sum(one.num_addresses for one in joined) > MOST
    return largest if wide else None


def reserved(cidr: IPv4Network) -> IPv4Network | None:
    """Return the range of a network whose addresses do not occur on the internet; None if it has none."""
    return next((one for one in RESERVED if cidr.overlaps(one)), None)
