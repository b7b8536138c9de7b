"""How much the tests against real parts have proven, printed at the end: a tier that quietly shrinks is seen there."""

import threading
from collections import Counter

_counting = threading.Lock()
PROVEN: Counter[str] = Counter()
"""What was proven in this session, and how often."""


def proven(what: str, number: int = 1) -> None:
    """Count something that was just asserted."""
    with _counting:
        PROVEN[what] += number
