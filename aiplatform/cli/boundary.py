"""The error boundary: the only module that turns errors of commands into lines on stderr and an exit status."""

import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import Abort, Exit, TyperException

from aiplatform.cli.output import quiet
from aiplatform.errors import FAILED, CallError, access_error, class_names, one_line, status_of
from catalog.errors import UserError
from catalog.reading.problems import alternatives

_TRACEBACK = "aiplatform.traceback"
_NAMED = "aiplatform.named"


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


def _hush(value: bool) -> None:
    if value:
        quiet.set(True)


def _show_version(value: bool) -> None:
    if value:
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415, only this option needs it

        try:
            typer.echo(f"aiplatform {version('aiplatform')}")
        except PackageNotFoundError:
            typer.echo("aiplatform, not installed: run pip install --editable . for a version")
        raise Exit


def _stacks(incomplete: str) -> list[str]:
    """Return the stacks of the project that begin with what is written, for the shell."""
    from aiplatform.preview.project import project_folder, stack_names  # noqa: PLC0415, only completion needs it

    try:
        return [name for name in stack_names(project_folder(Path.cwd())) if name.startswith(incomplete)]
    except CallError:
        return []


Stack = Annotated[
    str,
    typer.Option("--stack", "-s", help="The stack of the file Pulumi.<stack>.yaml.", autocompletion=_stacks),
]
Stacks = Annotated[
    list[str] | None,
    typer.Option("--stack", "-s", help="A stack, also without --stack. Default: dev.", autocompletion=_stacks),
]


def _name(context: typer.Context, value: list[str] | None) -> None:
    context.meta[_NAMED] = value or []


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
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet",
            "-q",
            callback=_hush,
            expose_value=False,
            help="Print no progress, notes and warnings; of a plan, print its findings only.",
        ),
    ] = False,
) -> None:
    """The options of every command, before and after its name."""


def _named(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[STACK]...", callback=_name, expose_value=False, autocompletion=_stacks, hidden=True),
    ] = None,
) -> None:
    """The stacks of a command with the option --stack, as its arguments."""


def _parameters(function: Callable[..., None]) -> tuple[Any, ...]:
    app = typer.Typer(add_completion=False)
    app.command()(function)
    return tuple(typer.main.get_command(app).params)


OPTIONS = _parameters(_everywhere)
NAMES = _parameters(_named)


class Command(TyperCommand):
    """A command with the options of all commands; a stack is an argument as well as an option."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401, the types of the parser are private to Typer
        """Return its own parameters, then those of all commands."""
        own = super().get_params(ctx)
        # Arguments of a command have a meaning of their own.
        named = any(one.name == "stack" for one in own) and all(one.param_type_name == "option" for one in own)
        return [*(NAMES if named else ()), *own, *OPTIONS]

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401, as above
        """Run the command with the stacks that its arguments and its option name.

        Raises:
            CallError: the command takes one stack, and two are named.
        """
        if named := ctx.meta.pop(_NAMED, None):
            option = ctx.params["stack"]
            if isinstance(option, str):
                given = [option] if ctx.get_parameter_source("stack").name != "DEFAULT" else []
                (ctx.params["stack"],) = _one(self.name or "", dict.fromkeys([*named, *given]))
            else:
                ctx.params["stack"] = [*named, *(option or [])]
        return super().invoke(ctx)


def _one(command: str, names: Iterable[str]) -> tuple[str]:
    first, *others = names
    if others:
        raise CallError(f"{command} takes one stack; choose {alternatives([first, *others])}")
    return (first,)


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
        before = quiet.set(quiet.get())
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
        finally:
            quiet.reset(before)
        if status:
            raise Exit(status)
        return status
