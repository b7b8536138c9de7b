"""Programs of the images for backup and migration, beside PostgreSQL: `aws`, `alembic` and `python` with it."""

from pathlib import Path

from tests.parts import wheels

LOCK = Path(__file__).with_name("clients-requirements.txt")


def programs(*, build: bool = False) -> Path:
    """Return the folder of the programs.

    Raises:
        MissingPartError: the cache does not contain it, and it is not built or its build failed.
    """
    return wheels.environment("clients", LOCK, build=build) / "bin"
