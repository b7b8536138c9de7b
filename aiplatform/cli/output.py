"""Texts that a command prints, or writes where it is told to."""

from pathlib import Path

import typer

from aiplatform.errors import WRONG


def written(text: str, out: Path | None) -> None:
    """Write a text to a file; to the terminal where none is named.

    Raises:
        typer.Exit: the file cannot be written, which has been said.
    """
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        typer.echo(f"{out}: cannot be written: {error.strerror}", err=True)
        raise typer.Exit(WRONG) from None
