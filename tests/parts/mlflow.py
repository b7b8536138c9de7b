"""MLflow in the version of the stacks, with the packages that its server and its client require."""

import re
from pathlib import Path

from tests.parts import wheels

LOCK = Path(__file__).with_name("mlflow-requirements.txt")


def version() -> str:
    """Return the installed version."""
    found = re.search(r"^mlflow(?:\[\w+\])?==(\S+)", LOCK.read_text(), re.MULTILINE)
    if not found:
        raise LookupError(f"{LOCK} does not pin mlflow")
    return found[1]


def programs(*, build: bool = False) -> Path:
    """Return the folder with `mlflow` and the `python` that imports it.

    Raises:
        MissingPartError: the cache does not contain it, and it is not built or its build failed.
    """
    return wheels.environment("mlflow", LOCK, build=build) / "bin"
