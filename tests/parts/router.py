"""The router of models: Shepherd Model Gateway in the version of the image."""

import re
from pathlib import Path

from tests.parts import wheels

LOCK = Path(__file__).with_name("router-requirements.txt")


def version() -> str:
    """Return the installed version."""
    found = re.search(r"^smg==(\S+)", LOCK.read_text(), re.MULTILINE)
    if not found:
        raise LookupError(f"{LOCK} does not pin smg")
    return found[1]


def programs(*, build: bool = False) -> Path:
    """Return the folder with the `python3` that imports it.

    Raises:
        MissingPartError: the cache does not contain it, and it is not built or its build failed.
    """
    return wheels.environment("router", LOCK, build=build) / "bin"
