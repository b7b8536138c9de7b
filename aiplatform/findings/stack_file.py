"""Warnings of the stack file as findings."""

import re
from collections.abc import Iterable, Iterator

from aiplatform.finding import Finding

RULE = "stack-file"
_LINE = re.compile(r"^(?:(Pulumi\.[^:]+\.yaml):\d+|--set) ?:? ?")
"""Where a warning begins. A finding has no line, so that it stays the same when lines are added above it."""


_PATH = re.compile(r"(\S+): ")


def stack_file(warnings: Iterable[str], platform: str) -> Iterator[Finding]:
    """Yield a finding for each located warning of the loader.

    Its URN is that of the platform with the path of the setting as its name, so that each is accepted on its own.
    """
    for warning in warnings:
        text = unlocated(warning)
        path = _PATH.match(text)
        urn = f"{platform.rpartition('::')[0]}::{path[1]}" if path else platform
        message, _, fix = text.rpartition("; ")
        yield Finding(RULE, "warning", urn, message or fix, fix if message else "correct it in the stack file")


def unlocated(warning: str) -> str:
    """Return a warning without the line, by which the program and a plan with `--set` can tell other places."""
    return _LINE.sub("", warning, count=1)
