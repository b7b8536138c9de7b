"""Which worker runs which test, where `pytest -n` runs several.

A unit of work is a file, so that its fixtures are made once. Where every test has a stack that is deployed for it, a
unit is all that is done with one stack.
"""

import re
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

DEPLOYING = ("tests/cluster/", "tests/engine/")
FIRST = ("engine", "running", "cluster", "browser")
"""Folders whose units take minutes, the longest first: at the end the workers share units that take seconds."""

_STACK = re.compile(r"\[([a-z]+)[-\]]")


def unit(nodeid: str) -> str:
    """Return the unit of a test: its file, or folder and stack where the test is `<folder>/<file>::<name>[<stack>]`."""
    file, _, name = nodeid.partition("::")
    stack = _STACK.search(name)
    folder = next((one for one in DEPLOYING if file.startswith(one)), None)
    return f"{folder}{stack[1]}" if folder and stack else file


def in_order(items: list[pytest.Item], root: Path) -> list[pytest.Item]:
    """Return the tests in the order in which units begin; those of a folder keep theirs."""

    def place(item: pytest.Item) -> int:
        folder = item.path.relative_to(root).parts[0]
        return FIRST.index(folder) if folder in FIRST else len(FIRST)

    return sorted(items, key=place)


class Units(LoadScopeScheduling):
    """Hands out one unit after the other, in the order of the tests."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)
