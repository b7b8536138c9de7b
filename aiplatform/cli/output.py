"""Print text, or write it to a file."""

from pathlib import Path
from typing import Annotated

import typer

from aiplatform.errors import writing

Out = Annotated[Path | None, typer.Option(help="The file to write. Default: standard output.")]


def written(text: str, out: Path | None) -> None:
    """Write a text to a file, or print it without a file.

    Raises:
        CallError: the file cannot be written.
    """
    if out is None:
        typer.echo(text, nl=False)
        return
    with writing(out):
        out.write_text(text, encoding="utf-8")
