"""Preview, check or update one stack with Pulumi's engine and the policy pack: `run_pulumi.py preview|drift|up STACK`.

What Pulumi prints is shown on the page of the job. A stack without state is not previewed, and not made by an update:
`pulumi stack init` decides where its state is and what encrypts it. An update needs REVIEWED, the digests of the plans
that reviewers of this run have read, and is refused if the plan is another one now.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from changed_stacks import changed_stacks
from program import aiplatform, digest
from summary import LIMIT, block, quoted, write

from aiplatform.git import git

COMMANDS = {
    "preview": ("preview", []),
    "drift": ("preview", ["--refresh", "--expect-no-changes"]),
    "up": ("up", ["--yes"]),
}
POLICIES = Path(__file__).parents[2] / "policies"
NEXT = (
    "Nothing is rolled back, and the next update continues. Read the first error below. "
    "`docs/operate.md` lists errors with their fixes; re-run the job after the fix. If the fix is a commit, merge it: "
    "its own run updates the stack.\n\n"
)


def main(command: str, stack: str, events: str = "") -> int:
    """The exit status of Pulumi; 0 for a preview or check of a stack without state, 1 for an update that is refused.

    `events` is the file that gets the events of the engine.
    """
    if stack not in _stacks():
        level, status = ("error", 1) if command == "up" else ("notice", 0)
        sys.stdout.write(f"::{level}::{stack} has no state: `pulumi stack init {stack}` makes it\n")
        return status
    if command == "up" and (refusal := _refusal(stack)):
        sys.stdout.write(f"::error::{refusal}\n")
        write(f"## {stack} is not updated\n\n{refusal}\n")
        return 1
    lines = []
    options = ["--stack", stack, "--policy-pack", os.path.relpath(POLICIES), "--non-interactive", "--color", "never"]
    pulumi, more = COMMANDS[command]
    logged = ["--event-log", events] if events else []
    # `--event-log` is a hidden option.
    environment = {**os.environ, "PULUMI_DEBUG_COMMANDS": "true"}
    whole = ["pulumi", pulumi, *options, *more, *logged]
    with (
        quoted(),
        subprocess.Popen(
            whole, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as running,
    ):
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


def _refusal(stack: str) -> str:
    """Why a stack is not updated; empty if it is. A late approval or a repeated run must not undo a newer change."""
    fetched = git("fetch", "--quiet", "origin", "main")
    if fetched.returncode:
        return "main cannot be fetched, so that newer changes are unknown; re-run the job"
    if stack in changed_stacks("HEAD", "FETCH_HEAD"):
        return f"main has a newer change of {stack}; approve the run of that commit"
    reviewed = json.loads(os.environ.get("REVIEWED") or "{}").get(stack)
    if not reviewed:
        return f"no plan of {stack} was reviewed in this run; start a new run of the workflow deploy"
    with tempfile.TemporaryDirectory() as folder:
        planned = aiplatform("plan", "--stack", stack, "--out", folder, "--fail-on=never", "--quiet")
        found = digest(Path(folder))
    if found == reviewed:
        return ""
    if not found:
        with quoted():
            sys.stdout.write(planned.stderr)
        return (
            f"{stack} cannot be planned any more, see the log; correct that, and start a new run of the workflow deploy"
        )
    return (
        f"the plan of {stack} is {found} and {reviewed} was reviewed, so that the update would do something else; "
        "start a new run of the workflow deploy, read its plan, and approve that one"
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
