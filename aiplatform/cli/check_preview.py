"""`aiplatform check-preview`: set the steps of Pulumi's engine beside those of the difference without credentials."""

from pathlib import Path

from aiplatform.cli.output import written
from aiplatform.diff.difference import Difference, Part
from aiplatform.diff.formats import FORMATS, Comparison, Format, read
from aiplatform.diff.line import in_order
from aiplatform.diff.steps import TITLE, beside, previewed
from aiplatform.errors import CallError


def check_preview(difference: Path, preview: Path, *, stack: str, format_: Format, out: Path | None) -> None:
    """Show where a preview and the difference of a stack differ.

    Raises:
        CallError: a file is not what it has to be, or the difference has no such stack.
    """
    compared = read(content(difference))
    found = next((one for one in compared.stacks if one.stack == stack), None)
    if found is None:
        known = ", ".join(one.stack for one in compared.stacks) or "none"
        raise CallError(f"{difference}: has no stack {stack}; choose {known}")
    try:
        engine = previewed(content(preview))
    except CallError as error:
        raise CallError(f"{preview}: {error}") from error
    part = Part(TITLE, in_order(beside(found.steps, engine)))
    only = Difference(stack, None, None, (part,), headline=found.headline)
    written(FORMATS[format_](Comparison(compared.before, compared.after, (only,))), out)


def content(file: Path) -> str:
    """Return the content of a file of a workflow.

    Raises:
        CallError: it cannot be read, or is no text.
    """
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise CallError(f"{file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CallError(f"{file}: is no text in UTF-8") from error
