"""The error boundary: the only module that turns errors of commands into lines on stderr and an exit status."""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import Abort, Exit, TyperException

from aiplatform.errors import FAILED, CallError, access_error, class_names, one_line, status_of
from catalog.errors import UserError

_TRACEBACK = "aiplatform.traceback"


def explained(error: Exception) -> tuple[tuple[str, ...], int]:
    """Return the lines that are printed for an error, and the exit status.

    Notes of the error (`Exception.add_note`) name the subject of the command, and are printed before each line.
    """
    place = "".join(f"{note}: " for note in getattr(error, "__notes__", ()))
    known = _user_error(error)
    if known is None:
        return (f"{place}{type(error).__name__}: {one_line(error)} (--traceback shows where)",), FAILED
    return tuple(f"{place}{line}" for line in known.lines), status_of(known)


def _user_error(error: Exception) -> UserError | None:
    """Return the error, or its meaning for a user if a library raised it; None for an error of the program."""
    if isinstance(error, UserError):
        return error
    if "pulumi.errors.RunError" in class_names(error):
        return CallError(str(error).splitlines() or one_line(error))
    if (access := access_error(error)) is not None:
        return access
    if isinstance(error, OSError) and error.filename is not None:
        return CallError(f"{error.filename}: {error.strerror}")
    return None


@contextmanager
def about(stack: str) -> Iterator[None]:
    """Add the name of the stack to every error that is raised inside."""
    try:
        yield
    except Exception as error:
        if stack not in getattr(error, "__notes__", ()):
            error.add_note(stack)
        raise


def flush() -> None:
    """Write buffered output, without Python's own message about a closed pipe at exit.

    Raises:
        SystemExit: some output could not be written.
    """
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)


def _remember(context: typer.Context, value: bool) -> None:
    if value:
        context.meta[_TRACEBACK] = True


def _show_version(value: bool) -> None:
    if value:
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415, only this option needs it

        try:
            typer.echo(f"aiplatform {version('aiplatform')}")
        except PackageNotFoundError:
            typer.echo("aiplatform, not installed: run pip install --editable . for a version")
        raise Exit


def _everywhere(
    traceback: Annotated[
        bool,
        typer.Option(
            "--traceback", callback=_remember, expose_value=False, help="Show the Python traceback of an error."
        ),
    ] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, expose_value=False, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """The options of every command, before and after its name."""


_options = typer.Typer(add_completion=False)
_options.command()(_everywhere)
OPTIONS = tuple(typer.main.get_command(_options).params)


class Command(TyperCommand):
    """A command with the options of all commands."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401, the types of the parser are private to Typer
        """Return its own parameters, then those of all commands."""
        return [*super().get_params(ctx), *OPTIONS]


class Commands(TyperGroup):
    """A group of commands. The outermost group is the error boundary; the parser reports invalid calls."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401, as above
        """Return its own parameters, then those of all commands."""
        return [*super().get_params(ctx), *OPTIONS]

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401, as above
        """Run the command, which returns its exit status.

        Raises:
            Exit: the status is not 0, or the command failed, which has been printed.
        """
        if ctx.parent is not None:
            return super().invoke(ctx)
        try:
            status = super().invoke(ctx)
        except (BrokenPipeError, TyperException, Abort, Exit):
            raise
        except Exception as error:
            lines, status = explained(error)
            if ctx.meta.get(_TRACEBACK):
                traceback.print_exception(error)
            for line in lines:
                typer.echo(line, err=True)
        if status:
            raise Exit(status)
        return status
