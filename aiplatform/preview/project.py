"""The folder of the program and its stack files."""

from pathlib import Path

from aiplatform.errors import CallError

PROGRAM = "__main__.py"
PROJECT_FILE = "Pulumi.yaml"


def stack_names(folder: Path) -> list[str]:
    """Return the names of the stacks with a file in the project's folder."""
    return sorted(file.name[len("Pulumi.") : -len(".yaml")] for file in folder.glob("Pulumi.*.yaml"))


def project_folder(start: Path) -> Path:
    """Return the folder with Pulumi.yaml: `start` or one of its parents.

    Raises:
        CallError: no folder contains Pulumi.yaml.
    """
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    raise CallError(f"{start}: no {PROJECT_FILE} in this folder or above; change into the project's folder")
