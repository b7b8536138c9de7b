"""Text that a command prints, or writes to a file."""

from pathlib import Path

import typer

from aiplatform.errors import writing


def written(text: str, out: Path | None) -> None:
    """Write a text to a file; print it where no file is named.

    Raises:
        CallError: the file cannot be written.
    """
    if out is None:
        typer.echo(text, nl=False)
        return
    with writing(out):
        out.write_text(text, encoding="utf-8")
