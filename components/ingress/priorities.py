"""The priorities of listener rules."""

import zlib
from collections.abc import Container

LAST = 50000
"""Maximum priority: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html"""

DEPTHS = 5
BAND = LAST // (2 * DEPTHS)


def listener_priority(name: str, host: str | None, path: str, taken: Container[int]) -> int:
    """Return a priority that depends on the route's name and path, not on the number of other routes.

    Adding or removing a route changes no other priority. AWS rejects a priority that another rule still has, even if
    both rules swap their priorities. Deeper paths come first, otherwise `/` would match `/search`. Rules without a host
    come last.
    """
    segments = len([part for part in path.split("/") if part])
    band = DEPTHS - 1 - min(segments, DEPTHS - 1) + (DEPTHS if host is None else 0)
    first = BAND * band + 1
    place = zlib.crc32(name.encode()) % BAND
    while first + place in taken:
        place = (place + 1) % BAND
    return first + place
