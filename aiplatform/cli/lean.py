"""The bills of the documents' stacks as they are shipped, and with the changes of their lean variants."""

from pathlib import Path

from aiplatform.cli.changes import read_changes
from aiplatform.cli.optimize import planned
from aiplatform.cost.prices.documents import DOCUMENTS, cost_table
from aiplatform.cost.prices.page import Compared
from aiplatform.errors import CallError
from aiplatform.preview.project import project_folder

FOLDER = Path("docs") / "lean"


def compared() -> dict[str, Compared]:
    """Return the bills by document, of those whose stack the project still has.

    Raises:
        CallError: a stack cannot be planned with the changes.
    """
    folder = project_folder(Path.cwd())
    found = {}
    for document in DOCUMENTS:
        stack = cost_table(document).stack
        file = folder / FOLDER / f"{stack}.yaml"
        if not (file.is_file() and (folder / f"Pulumi.{stack}.yaml").is_file()):
            continue
        shipped, lean = (planned(folder, stack, changes) for changes in ({}, read_changes(file)))
        if shipped.bill is None or lean.bill is None:
            raise CallError(shipped.refused or lean.refused)
        found[document] = Compared(shipped.bill, lean.bill)
    return found
