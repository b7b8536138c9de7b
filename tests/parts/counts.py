"""Numbers of checks against real parts, printed at the end, so that a tier with fewer checks is noticed."""

import threading
from collections import Counter

_counting = threading.Lock()
PROVEN: Counter[str] = Counter()
"""Number of checks in this session, by kind."""


def proven(what: str, number: int = 1) -> None:
    """Add to the number of checks of a kind, after an assertion."""
    with _counting:
        PROVEN[what] += number
