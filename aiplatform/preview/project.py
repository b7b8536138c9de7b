"""Where the program and its stack files are."""

from pathlib import Path

from aiplatform.errors import CallError

PROGRAM = "__main__.py"
PROJECT_FILE = "Pulumi.yaml"


def project_folder(start: Path) -> Path:
    """The folder with Pulumi.yaml, `start` or one above it.

    Raises:
        CallError: there is none.
    """
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    raise CallError(f"{start}: no {PROJECT_FILE} in this folder or above; change into the project's folder")
