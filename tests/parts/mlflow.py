"""MLflow of the version that the stacks run, with the packages that its server and its client need."""

import re
from pathlib import Path

from tests.parts import wheels

LOCK = Path(__file__).with_name("mlflow-requirements.txt")


def version() -> str:
    """The version that is installed."""
    found = re.search(r"^mlflow(?:\[\w+\])?==(\S+)", LOCK.read_text(), re.MULTILINE)
    if not found:
        raise LookupError(f"{LOCK} does not pin mlflow")
    return found[1]


def programs(*, build: bool = False) -> Path:
    """The folder with `mlflow` and the `python` that imports it.

    Raises:
        MissingPartError: it is not in the cache, and was not to be built or could not be.
    """
    return wheels.environment("mlflow", LOCK, build=build) / "bin"
