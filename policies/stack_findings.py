"""Findings of `aiplatform plan` about a whole stack: pending pods, an exceeded budget, names."""

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from aiplatform.finding import Finding
from aiplatform.findings.checks import FINDINGS
from aiplatform.findings.rules import rules


@cache
def stack_findings(stack: str, project: Path) -> tuple[Finding, ...]:
    """Return the findings about more than one resource of a stack file, from a separate process: the preview without a
    cloud has its own Pulumi runtime.

    A failure of that process is a finding, too, so that nothing passes unchecked.
    """
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "aiplatform", "plan", "--stack", stack, "--out", folder, "--fail-on", "never"]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)  # noqa: S603 - our own
        if done.returncode:
            lines = (done.stderr or done.stdout).strip()
            return (Finding("plan", "error", "", f"the stack cannot be planned: {lines}", "mend the stack file"),)
        return tuple(_of_stack(json.loads(Path(folder, FINDINGS).read_text())))


def _of_stack(listed: list[dict[str, str]]) -> Iterator[Finding]:
    of_resources = {rule.name for rule in rules()}
    for one in listed:
        if one["rule"] not in of_resources:
            yield Finding(**one)  # type: ignore[arg-type]
