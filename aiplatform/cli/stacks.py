"""Find, load and preview stacks, for all commands."""

import json
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console

from aiplatform.cli.boundary import about
from aiplatform.cli.changes import parse_change
from aiplatform.cli.output import hushed, quiet
from aiplatform.preview.plan import Json, Plan
from aiplatform.preview.project import program, project_folder
from catalog.reading.problems import Path, SettingsError
from config.loader import Loaded, load_file
from config.settings import NAMESPACE, Settings

if TYPE_CHECKING:
    from pulumi import Resource

SHOWN_EVERY = 20
"""Number of resources between two updates of the progress: drawing each would take longer than its registration."""


class Stack(NamedTuple):
    """A stack with a valid file."""

    name: str
    folder: FilePath
    """Folder of the project."""

    loaded: Loaded
    changes: Mapping[Path, Json] = {}
    """Values of `--set`."""

    @property
    def settings(self) -> Settings:
        """Return the settings of its file."""
        return self.loaded.settings

    @property
    def plan_folder(self) -> FilePath:
        """Return the default folder of its plan."""
        return plan_folder(self.folder, self.name, changed=bool(self.changes))


def plan_folder(folder: FilePath, stack: str, *, changed: bool) -> FilePath:
    """Return the default folder of a plan: one with values of `--set` is never the plan of record."""
    return folder / ".plan" / (f"{stack}-set" if changed else stack)


def load_stacks(
    names: Sequence[str], changes: Sequence[str] = (), refused: Callable[[FilePath, str], None] | None = None
) -> list[Stack]:
    """Load stacks of the project in the current folder or its parents, each once, with the values of `--set`.

    `refused` is called with the project's folder and the name of each stack whose file is invalid.

    Raises:
        CallError: there is no project, or a change is invalid.
        SettingsError: stack files are invalid; it contains the errors of all of them.
    """
    folder = project_folder(FilePath.cwd())
    changed = dict(map(parse_change, changes))
    stacks: list[Stack] = []
    lines: list[str] = []
    for name in dict.fromkeys(names):
        try:
            stacks.append(Stack(name, folder, load_file(folder, name, changes=changed), changed))
        except SettingsError as error:
            lines += error.lines
            if refused is not None:
                refused(folder, name)
    if lines:
        raise SettingsError(lines)
    return stacks


def load_stack(name: str, changes: Sequence[str] = ()) -> Stack:
    """Load one stack; see `load_stacks`."""
    (stack,) = load_stacks([name], changes)
    return stack


def record_stack(stack: Stack, *, warn: bool = True) -> Plan:
    """Preview the resources of a stack; without `warn`, for a command that has the warnings of the stack file as
    findings, the program does not print them.

    Raises:
        RunError: the program rejects the stack.
    """
    from aiplatform.preview.record import ACCOUNT, record  # noqa: PLC0415, Pulumi's runtime: verify previews nothing

    config = {f"{NAMESPACE}:{section}": json.dumps(value) for section, value in stack.loaded.sections.items()}
    project = stack.settings.project
    known = () if warn else stack.loaded.warnings
    with about(stack.name), hushed(), _unsaid(known), _progress(stack.name) as heard:
        return record(
            program(stack.folder),
            project=NAMESPACE,
            stack=stack.name,
            config=config,
            account=project.account_id or ACCOUNT,
            region=project.region,
            heard=heard,
        )


@contextmanager
def _unsaid(warnings: Collection[str]) -> Iterator[None]:
    """Keep these warnings of the stack file, which the program also finds, off the terminal; it prints all others."""
    import pulumi.log  # noqa: PLC0415, see above

    from aiplatform.findings.stack_file import unlocated  # noqa: PLC0415, only commands with findings need it

    known, warn = set(map(unlocated, warnings)), pulumi.log.warn

    def said(
        msg: str, resource: "Resource | None" = None, stream_id: int | None = None, ephemeral: bool | None = None
    ) -> None:
        if unlocated(msg) not in known:
            warn(msg, resource, stream_id, ephemeral)

    pulumi.log.warn = said
    try:
        yield
    finally:
        pulumi.log.warn = warn


@contextmanager
def _progress(stack: str) -> Iterator[Callable[[int], None] | None]:
    """Show the progress of the program; nothing if stderr is not a terminal, so that logs only contain results."""
    if quiet.get() or not sys.stderr.isatty():
        yield None
        return
    with Console(stderr=True, soft_wrap=True).status(f"Previewing {stack}", spinner="line") as status:

        def heard(resources: int) -> None:
            if resources % SHOWN_EVERY == 0:
                status.update(f"Previewing {stack}: {resources} resources")

        yield heard
