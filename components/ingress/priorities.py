"""The place of a listener rule among the others."""

import zlib
from collections.abc import Container

LAST = 50000
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html"""

DEPTHS = 5
BAND = LAST // (2 * DEPTHS)


def listener_priority(name: str, host: str | None, path: str, taken: Container[int]) -> int:
    """A priority that follows from the route's name and path, and not from how many come before it.

    A route that is added or taken out moves no other: AWS refuses a priority that another rule still has, even where
    both would change places. Deeper paths come first, or `/` would answer for `/search`;
    what takes every host comes last.
    """
    segments = len([part for part in path.split("/") if part])
    band = DEPTHS - 1 - min(segments, DEPTHS - 1) + (DEPTHS if host is None else 0)
    first = BAND * band + 1
    place = zlib.crc32(name.encode()) % BAND
    while first + place in taken:
        place = (place + 1) % BAND
    return first + place
