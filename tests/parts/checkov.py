"""checkov, which scans Terraform plans and Kubernetes objects."""

from pathlib import Path

from tests.parts import wheels

LOCK = Path(__file__).with_name("checkov-requirements.txt")


def program(*, build: bool = False) -> Path:
    """Return the path of the program.

    Raises:
        MissingPartError: the cache does not contain it, and it is not built or its build failed.
    """
    return wheels.environment("checkov", LOCK, build=build) / "bin" / "checkov"
