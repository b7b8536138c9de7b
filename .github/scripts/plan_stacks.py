"""Plan stacks without a cloud and show tree, bill and findings on the page of the job: `plan_stacks.py FOLDER`.

STACKS holds their names as a JSON list. FOLDER/<stack> gets what `aiplatform plan` writes. The output `digests` of the
step has the digest of each plan: a job that updates a stack compares it with the plan that it makes itself.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from changed_stacks import output
from program import aiplatform, digest
from summary import LIMIT, block, cell, quoted, write

SHOWN = ("error", "warning")


def main(folder: str) -> int:
    """0, or 1 when a stack could not be planned or has findings of severity error."""
    stacks: list[str] = json.loads(os.environ["STACKS"])
    if not stacks:
        write("No stack is affected by this change.\n")
    failed = False
    for stack in stacks:
        text, status = _section(stack, Path(folder, stack), LIMIT // len(stacks))
        write(text)
        failed |= status != 0
    output("digests", json.dumps({stack: found for stack in stacks if (found := digest(Path(folder, stack)))}))
    return int(failed)


def _section(stack: str, folder: Path, limit: int) -> tuple[str, int]:
    """What is shown of a stack in at most about `limit` bytes, and the exit status of its plan."""
    planned = aiplatform("plan", "--stack", stack, "--out", str(folder))
    with quoted():
        sys.stdout.write(f"{planned.stdout}{planned.stderr}")
    try:
        bill = json.loads((folder / "cost.json").read_text(encoding="utf-8"))
        findings = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return f"## {stack}: not planned\n\n" + block("Errors", planned.stderr, limit=limit), planned.returncode or 1
    amount = f"{bill['monthly']:,.0f} {bill['currency']} a month ({bill['minimum']:,.0f} to {bill['maximum']:,.0f})"
    table = "\n".join(_table(findings, limit // 4))
    costs = aiplatform("cost", "--stack", stack)
    parts = [
        f"## {stack}: {'at least ' if bill['atLeast'] else ''}{amount}\n\n{table}\n\n",
        f"Plan `{digest(folder)}`\n\n",
        block("Resources", planned.stdout, limit=limit // 2),
        block("Bill", costs.stdout or costs.stderr, limit=limit // 5),
    ]
    return "".join(parts), planned.returncode


def _table(findings: list[Mapping[str, str]], limit: int) -> Iterator[str]:
    shown = [one for severity in SHOWN for one in findings if one["severity"] == severity]
    counts = {severity: sum(one["severity"] == severity for one in findings) for severity in (*SHOWN, "info")}
    yield ", ".join(f"{number} {severity}{'s' * (number != 1)}" for severity, number in counts.items()) + "."
    if shown:
        yield from ("", "| severity | rule | finding | fix |", "|---|---|---|---|")
    for number, one in enumerate(shown):
        row = f"| {' | '.join(cell(one[key]) for key in ('severity', 'rule', 'message', 'fix'))} |"
        limit -= len(row.encode(errors="replace"))
        if limit < 0:
            yield f"\n{len(shown) - number} more in findings.json."
            return
        yield row


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
