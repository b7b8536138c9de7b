"""What the images of backup and migration bring beside PostgreSQL: `aws`, `alembic` and a `python` that imports it."""

from pathlib import Path

from tests.parts import wheels

LOCK = Path(__file__).with_name("clients-requirements.txt")


def programs(*, build: bool = False) -> Path:
    """The folder with the programs.

    Raises:
        MissingPartError: it is not in the cache, and was not to be built or could not be.
    """
    return wheels.environment("clients", LOCK, build=build) / "bin"
