"""Print text, or write it to a file."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stderr
from contextvars import ContextVar
from io import StringIO
from pathlib import Path
from typing import Annotated

import typer

from aiplatform.errors import writing
from aiplatform.interrupts import unfinished, uninterrupted
from aiplatform.preview.plan import Json

Out = Annotated[Path | None, typer.Option(help="The file to write. Default: standard output.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

quiet: ContextVar[bool] = ContextVar("quiet", default=False)
"""Whether --quiet is set."""


def any_terminal() -> None:
    """Escape letters that the encoding of the terminal lacks, such as those of a tree in cp949, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        # In tests it is another class.
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")


def note(text: str) -> None:
    """Print a note or warning beside the result; nothing with --quiet."""
    if not quiet.get():
        typer.echo(text, err=True)


def said(text: str) -> None:
    """Print what has been done; nothing with --quiet."""
    if not quiet.get():
        typer.echo(text)


@contextmanager
def hushed() -> Iterator[None]:
    """Keep what the program prints on stderr, the warnings of its stack file, off the terminal with --quiet."""
    with redirect_stderr(StringIO()) if quiet.get() else nullcontext():
        yield


def print_json(value: Json) -> None:
    """Print a value as JSON in ASCII, which every encoding of a terminal or a pipe has."""
    typer.echo(json.dumps(value, indent=2))


def written(text: str, out: Path | None) -> None:
    """Write a text to a file in one step, or print it without a file.

    Raises:
        CallError: the file cannot be written.
    """
    if out is None:
        typer.echo(text, nl=False)
        return
    with writing(out):
        if out.exists() and not out.is_file():
            # A device or a pipe, such as /dev/stdout.
            out.write_text(text, encoding="utf-8")
            return
        with unfinished(out.with_name(f".{out.name}.{os.getpid()}.new")) as fresh:
            try:
                fresh.write_text(text, encoding="utf-8")
                with uninterrupted():
                    fresh.replace(out)
            finally:
                fresh.unlink(missing_ok=True)
