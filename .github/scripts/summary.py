"""What a job shows on its page and in its log, where nothing that a stack file says is markup or a command."""

import contextlib
import html
import os
import re
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

LIMIT = 1_000_000
"""Bytes that GitHub shows of a step, 1 MiB with room for a closing note:
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary"""


def block(title: str, text: str, *, limit: int) -> str:
    """A folded text as it stands, cut after about `limit` bytes at the end of a line."""
    # The blank line ends the block of <details>: within <pre> a blank line then ends nothing.
    return f"<details><summary>{html.escape(title)}</summary>\n\n<pre>{_cut(text, limit)}</pre>\n</details>\n\n"


def _cut(text: str, limit: int) -> str:
    lines = html.escape(text).splitlines()
    for number, line in enumerate(lines):
        limit -= len(line.encode(errors="replace")) + 1
        if limit < 0:
            return "\n".join([*lines[:number], f"... {len(lines) - number} more lines in the artifact"])
    return "\n".join(lines)


def cell(text: str) -> str:
    """A text for a cell of a table, on one line."""
    return re.sub(r"([!-/:-@[-`{-~])", r"\\\1", " ".join(text.split()))


def write(text: str) -> None:
    """Append to the page of the job; to the terminal outside GitHub."""
    if path := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(path).open("a", encoding="utf-8", errors="replace") as file:
            file.write(text)
    else:
        sys.stdout.write(text)


@contextlib.contextmanager
def quoted() -> Iterator[None]:
    """Let the runner take no line that is printed meanwhile for one of its commands.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#stopping-and-starting-workflow-commands
    """
    end = secrets.token_hex()
    sys.stdout.write(f"::stop-commands::{end}\n")
    try:
        yield
    finally:
        sys.stdout.write(f"\n::{end}::\n")
