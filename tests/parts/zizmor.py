"""zizmor, which scans workflows of GitHub for what lets a pull request run code or read a token."""

from pathlib import Path

from tests.parts import wheels

LOCK = Path(__file__).with_name("zizmor-requirements.txt")


def program(*, build: bool = False) -> Path:
    """Return the path of the program.

    Raises:
        MissingPartError: the cache does not contain it, and it is not built or its build failed.
    """
    return wheels.environment("zizmor", LOCK, build=build) / "bin" / "zizmor"
