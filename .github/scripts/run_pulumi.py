"""Preview, check or update one stack with Pulumi's engine and the policy pack: `run_pulumi.py preview|drift|up STACK`.

What Pulumi prints is shown on the page of the job. A stack without state is not previewed, and not made by an update:
`pulumi stack init` decides where its state is and what encrypts it.
"""

import json
import subprocess
import sys

from changed_stacks import changed_stacks
from summary import LIMIT, block, quoted, write

COMMANDS = {
    "preview": ("preview", []),
    "drift": ("preview", ["--refresh", "--expect-no-changes"]),
    "up": ("up", ["--yes"]),
}
NEXT = (
    "Nothing is rolled back, and the next update continues. Read the first error below. "
    "`docs/operate.md` lists errors with their fixes; re-run the job after the fix.\n\n"
)


def main(command: str, stack: str) -> int:
    """The exit status of Pulumi; 0 for a preview or check of a stack without state, 1 for an update that is refused."""
    if stack not in _stacks():
        level, status = ("error", 1) if command == "up" else ("notice", 0)
        sys.stdout.write(f"::{level}::{stack} has no state: `pulumi stack init {stack}` makes it\n")
        return status
    if command == "up" and _is_stale(stack):
        sys.stdout.write(f"::error::main has a newer change of {stack}; approve the run of that commit\n")
        return 1
    lines = []
    options = ["--stack", stack, "--policy-pack", "policies", "--non-interactive", "--color", "never"]
    pulumi, more = COMMANDS[command]
    whole = ["pulumi", pulumi, *options, *more]
    with quoted(), subprocess.Popen(whole, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        for line in running.stdout or ():
            sys.stdout.write(line)
            sys.stdout.flush()
            lines.append(line)
    ended = "succeeded" if running.returncode == 0 else "failed"
    advice = NEXT if command == "up" and running.returncode else ""
    write(f"## pulumi {command} of {stack} {ended}\n\n{advice}" + block("Output", "".join(lines), limit=LIMIT))
    return running.returncode


def _stacks() -> set[str]:
    """The stacks of this project that have a state. A backend may write organization and project before a name."""
    ended = subprocess.run(["pulumi", "stack", "ls", "--json"], stdout=subprocess.PIPE, text=True, check=True)
    return {one["name"].rpartition("/")[2] for one in json.loads(ended.stdout)}


def _is_stale(stack: str) -> bool:
    """Whether main has a newer change of the stack, which a late approval or a repeated run must not undo."""
    subprocess.run(["git", "fetch", "--quiet", "origin", "main"], check=True)
    return stack in changed_stacks("HEAD", "FETCH_HEAD")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
