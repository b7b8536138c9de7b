"""Warnings of the stack file as findings."""

import re
from collections.abc import Iterable, Iterator

from aiplatform.finding import Finding

RULE = "stack-file"
_LINE = re.compile(r"^(?:(Pulumi\.[^:]+\.yaml):\d+|--set) ?:? ?")
"""Where a warning begins. A finding has no line, so that it stays the same when lines are added above it."""


def stack_file(warnings: Iterable[str], urn: str) -> Iterator[Finding]:
    """Yield a finding for each located warning of the loader."""
    for warning in warnings:
        message, _, fix = _LINE.sub("", warning, count=1).rpartition("; ")
        yield Finding(RULE, "warning", urn, message or fix, fix if message else "correct it in the stack file")
