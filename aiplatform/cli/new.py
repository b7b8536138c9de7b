"""`aiplatform new`: ask, or take flags, and write a stack file that is valid."""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, get_args

import typer

from aiplatform.cli.output import note, print_json, said
from aiplatform.errors import CallError, writing
from aiplatform.preview.project import project_folder, stack_names
from aiplatform.scaffold.answers import DOCUMENTATION, PURPOSES, Answers, Purpose, Size
from aiplatform.scaffold.write import copied_text, free_network, stack_text
from catalog.reading.document import parse
from catalog.reading.problems import did_you_mean
from config.loader import load, stack_file
from config.settings import NAMESPACE

_STACK = re.compile(r"[a-z][a-z0-9-]{0,18}[a-z0-9]")


class Asked(NamedTuple):
    """What the command line gives; None where it is asked for on a terminal, or has a default."""

    purpose: str | None
    source: str | None
    region: str | None
    zones: Sequence[str]
    domain: str | None
    size: Size | None
    production: bool | None
    budget: float | None
    users: int | None
    network: str | None


def new_stack(stack: str, asked: Asked, *, as_json: bool) -> None:
    """Write `Pulumi.<stack>.yaml` and name the next commands.

    Raises:
        CallError: the file exists, or an answer is missing or invalid.
        SettingsError: the answers result in an invalid file; it has a line for each problem, and nothing is written.
    """
    if not _STACK.fullmatch(stack):
        raise CallError(f"{stack!r} is not a stack name for resources; write 2 to 20 letters, digits and hyphens")
    folder = _folder()
    file = stack_file(folder, stack)
    if file.exists():
        raise CallError(f"{file.name} exists; choose another name, or remove it")
    text = _copied(folder, stack, asked) if asked.source else stack_text(_answers(folder, stack, asked))
    warnings = load(parse(text, file.name, NAMESPACE), folder=folder).warnings
    with writing(file), file.open("x", encoding="utf-8", newline="\n") as opened:
        opened.write(text)
    steps = _steps(stack)
    if as_json:
        print_json({"file": str(file), "warnings": list(warnings), "next": steps})
        return
    said(f"Written to {file.name}. Next:")
    for step in steps:
        said(f"  {step}")
    for warning in warnings:
        note(f"warning: {warning}")


def _folder() -> Path:
    """Return the project's folder; the current one where there is none."""
    try:
        return project_folder(Path.cwd())
    except CallError:
        return Path.cwd()


def _steps(stack: str) -> list[str]:
    return [
        f"aiplatform plan {stack}",
        f"aiplatform permissions {stack} --state-bucket BUCKET --account ACCOUNT",
        f"pulumi stack init {stack} && pulumi up --stack {stack}",
    ]


def _copied(folder: Path, stack: str, asked: Asked) -> str:
    """Return the text of another stack under the new name."""
    if any(value is not None for value in asked._replace(source=None, zones=None)) or asked.zones:  # type: ignore[arg-type]
        raise CallError("--from copies a stack file as it is; change the new file, and leave out the other options")
    other = stack_file(folder, str(asked.source))
    if not other.is_file():
        raise CallError(f"{other.name}: stack file not found{did_you_mean(str(asked.source), stack_names(folder))}")
    return copied_text(other.read_text(encoding="utf-8"), stack)


def _answers(folder: Path, stack: str, asked: Asked) -> Answers:
    asks = sys.stdin.isatty() and asked.purpose is None
    purpose = asked.purpose or (_choice("Purpose", PURPOSES) if asks else None)
    if purpose not in PURPOSES:
        given = "--purpose is missing" if purpose is None else f"--purpose {purpose}: unknown purpose"
        raise CallError(f"{given}{did_you_mean(purpose or '', PURPOSES)}; or name a stack with --from")
    region = asked.region or (typer.prompt("Region", default="us-west-2") if asks else "us-west-2")
    domain = asked.domain or (typer.prompt("Domain (empty for none)", default="", show_default=False) if asks else None)
    size = asked.size or (_choice("Size", dict.fromkeys(get_args(Size), "")) if asks else "small")
    production = asked.production
    if production is None:
        production = asks and typer.confirm("Production", default=False)
    budget = asked.budget or (typer.prompt("Budget in USD a month (0 for none)", default=0.0) if asks else None)
    others = [stack_file(folder, name).read_text(encoding="utf-8", errors="replace") for name in stack_names(folder)]
    return Answers(
        stack=stack,
        purpose=_purpose(purpose),
        region=region,
        zones=tuple(asked.zones),
        domain=domain or None,
        size=_size(size),
        production=production,
        budget=budget or None,
        users=asked.users or Answers.users,
        network=asked.network or DOCUMENTATION,
        cidr=free_network(others),
    )


def _purpose(text: str) -> Purpose:
    return next(one for one in PURPOSES if one == text)


def _size(text: str) -> Size:
    return next(one for one in get_args(Size) if one == text)


def _choice(title: str, choices: Mapping[Any, str]) -> str:
    """Ask until the answer is one of the choices."""
    for name, meaning in choices.items():
        typer.echo(f"  {name}{f': {meaning}' if meaning else ''}", err=True)
    while True:
        answer = str(typer.prompt(title, default=next(iter(choices)), err=True)).strip()
        if answer in choices:
            return answer
        typer.echo(f"unknown choice {answer!r}{did_you_mean(answer, choices)}", err=True)
