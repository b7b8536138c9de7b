"""What documents show of this program: each command is run, and its output and tables are written into the page.

`make outputs` writes the pages; `test_console.py` compares. A line `...` stands for lines that are
left out, and what follows begins with a line of the same form.
"""

import re
import shlex
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from typer.testing import CliRunner

from aiplatform.cli.main import app
from aiplatform.cli.stacks import Stack, record_stack
from aiplatform.preview.plan import Plan
from tests.aiplatform.costing import stack_bill
from tests.aiplatform.test_cli import Today
from tests.components.base import SHIPPED, recorded
from tests.config.base import ROOT, shipped_project
from tests.repository.tables import filled

TUTORIALS = sorted(ROOT.glob("docs/tutorials/*.md"))
OTHERS = [ROOT / "README.md", ROOT / "docs/architecture.md", ROOT / "docs/limits.md"]
PAGES = [*OTHERS, *TUTORIALS]
LEFT_OUT = "..."
MADE_UP = {
    "aiplatform diff main --stack dev": "its edits are in no revision: tests/diff has them",
}
"""Commands whose output is not run here, with the reason."""

_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
_BY_MAKE = re.compile(r"^make preview STACK=(\w+)$")
_FORM = re.compile(r"[\d,.]+|\s+|[█▉▊▋▌▍▎▏]+")
_ROW = re.compile(r"^(\| \[`(\w+)`\].* \| )[\d,]+( \|)$", re.MULTILINE)
"""A stack in a table whose last cell is its cost a month."""


def parts(block: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each command of a block: as it is written, on one line, and the lines that it shows."""
    for piece in re.split(r"^(?=\$ )", block, flags=re.MULTILINE):
        match = re.match(r"\$ ((?:.*\\\n)*.*)\n", piece)
        if match is not None:
            yield match[0], re.sub(r"\\\n\s*", " ", match[1]), piece[match.end() :].splitlines()


def words_of(command: str) -> list[str] | None:
    """The words of a command of this project's tool; None for any other command."""
    if match := _BY_MAKE.match(command):
        return ["plan", match[1]]
    program, _, rest = command.partition(" ")
    return shlex.split(rest) if program == "aiplatform" and command not in MADE_UP else None


def excerpt(shown: Sequence[str], output: Sequence[str]) -> list[str]:
    """Return the lines of an output that a page shows: all, or those around each line of `...`.

    The lines before the first `...` are as many as the page has, and those after the last are all up to the end. Of
    those between, one line is that line, and several go on up to an empty line.
    """
    found: list[str] = []
    pieces: list[list[str]] = [[]]
    for line in shown:
        if line.strip() == LEFT_OUT:
            pieces.append([line])
        else:
            pieces[-1].append(line)
    at = 0
    for number, piece in enumerate(pieces):
        lines = piece[1:] if number else piece
        found += piece[:1] if number else []
        if not lines:
            continue
        if number:
            at = _place(lines[0], output, at)
        end = at + len(lines)
        if number == len(pieces) - 1:
            end = len(output)
        elif number and len(lines) > 1:
            end = next((place for place in range(at, len(output)) if not output[place]), len(output))
        found += output[at:end]
        at = end
    return found


def _place(line: str, output: Sequence[str], start: int) -> int:
    """The index of the next line that differs from this one in its figures at most."""
    for place in range(start, len(output)):
        if _form(output[place]) == _form(line):
            return place
    raise AssertionError(f"no line like {line!r} in the output: write the block anew")


def _form(line: str) -> str:
    return _FORM.sub(" ", line).strip()


@contextmanager
def project() -> Iterator[None]:
    """A project with the shipped stacks as the current folder, on the day of the tests; each is previewed once."""

    def known(stack: Stack, **options: Any) -> Plan:
        return record_stack(stack, **options) if stack.changes else recorded(stack.name).plan

    with (
        tempfile.TemporaryDirectory() as folder,
        chdir(shipped_project(Path(folder))),
        mock.patch("config.loader.date", Today),
        mock.patch("aiplatform.cli.cost.date", Today),
        mock.patch("aiplatform.cli.plan.date", Today),
        mock.patch("aiplatform.cli.cost.record_stack", known),
        mock.patch("aiplatform.cli.fit.record_stack", known),
        mock.patch("aiplatform.cli.plan.record_stack", known),
        # Files are no output, and the report takes as long as the rest.
        mock.patch("aiplatform.cli.plan.report", return_value={}),
        mock.patch("aiplatform.cli.plan.write"),
    ):
        yield


def run(words: Sequence[str]) -> list[str]:
    """What a command prints."""
    result = CliRunner().invoke(app, list(words))
    assert not result.exception or isinstance(result.exception, SystemExit), result.output
    return [line.rstrip() for line in (result.stdout + result.stderr).splitlines()]


def anew(text: str) -> str:
    """Return a page with the output of today's program; called inside a `project`."""

    def block(match: re.Match[str]) -> str:
        found = []
        for written, command, shown in parts(match[0]):
            words = words_of(command) if shown else None
            lines = shown if words is None else excerpt(shown, run(words))
            found.append(written + "".join(f"{line}\n" for line in lines))
        return "".join(found)

    return filled(_ROW.sub(lambda row: f"{row[1]}{monthly(row[2])}{row[3]}", _BLOCK.sub(block, text)))


def monthly(stack: str) -> str:
    """The expected cost of a shipped stack in USD a month."""
    return f"{stack_bill(stack).total.expected:,.0f}"


def unproven(text: str) -> list[str]:
    """The commands that show an output that nothing runs."""
    return [
        command
        for block in _BLOCK.findall(text)
        for _, command, shown in parts(block)
        if shown and words_of(command) is None and command not in MADE_UP
    ]


if __name__ == "__main__":
    with project():
        for file in PAGES:
            file.write_text(anew(file.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{len(PAGES)} pages, {len(SHIPPED)} stacks")  # noqa: T201, the result of this program
