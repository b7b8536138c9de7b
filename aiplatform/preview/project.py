"""The folder of the program and its stack files."""

from pathlib import Path

from aiplatform.errors import CallError
from config.example import SHARED

PROGRAM = "__main__.py"
PROJECT_FILE = "Pulumi.yaml"

_REPOSITORY = Path(__file__).parents[2]


def program(folder: Path) -> Path:
    """Return the program of a project; that of the package for a folder with nothing but stack files.

    Raises:
        CallError: there is none.
    """
    found = next((place / PROGRAM for place in (folder, _REPOSITORY, SHARED) if (place / PROGRAM).is_file()), None)
    if found is None:
        raise CallError(f"{folder}: no {PROGRAM}, the program; clone the repository, or install the package's wheel")
    return found


def stack_names(folder: Path) -> list[str]:
    """Return the names of the stacks with a file in the project's folder."""
    return sorted(file.name[len("Pulumi.") : -len(".yaml")] for file in folder.glob("Pulumi.*.yaml"))


def project_folder(start: Path) -> Path:
    """Return the folder with Pulumi.yaml: `start` or one of its parents; without one, `start` if it has stack files.

    Raises:
        CallError: no folder contains Pulumi.yaml, and `start` has no stack file.
    """
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    if stack_names(start):
        return start
    raise CallError(f"{start}: no {PROJECT_FILE} in this folder or above; change into the project's folder")
