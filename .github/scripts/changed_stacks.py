"""Write which stacks a change can alter: `changed_stacks.py BASE [HEAD]`, as JSON for a matrix.

A stack file changes its own stack. Documentation, tests and the like change none. Every other file changes all stacks,
as does a BASE that is not in the history (the first push of a branch, a forced push). ONLY names the stacks that matter
as a JSON list; all do without it.
"""

import json
import os
import re
import sys
from pathlib import Path

from aiplatform.git import git, names

STACK_FILE = re.compile(r"Pulumi\..+\.yaml", re.DOTALL)
STACK = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
"""What Pulumi takes as the name of a stack, and what no command takes for an option."""

UNRELATED = ("docs/", "tests/", "benchmarks/", ".ci/", ".github/ISSUE_TEMPLATE/")
UNRELATED_FILES = frozenset(
    {".editorconfig", ".gitignore", ".pre-commit-config.yaml", "LICENSE", "NOTICE", "renovate.json"}
    | {"requirements-dev.in", "requirements-dev.txt"}
)


def changed_stacks(base: str, head: str = "HEAD") -> list[str]:
    """The stacks that have a file at `head` and that the files changed since `base` can alter, sorted.

    Raises:
        ValueError: the name of a stack file is not a valid name of a stack, or git cannot read `head`.
    """
    stacks = {name: _stack(name) for name in _names("ls-tree", "-z", "--name-only", head) if STACK_FILE.fullmatch(name)}
    if not is_commit(base):
        return sorted(stacks.values())
    changed = _names("diff", "-z", "--name-only", "--no-renames", base, head)
    if any(map(_alters_all, changed)):
        return sorted(stacks.values())
    return sorted(stacks[name] for name in stacks.keys() & set(changed))


def is_commit(revision: str) -> bool:
    """Whether the history has a commit: it lacks that of a first or a forced push."""
    return git("cat-file", "-e", f"{revision}^{{commit}}").returncode == 0


def _names(*words: str) -> list[str]:
    done = git(*words)
    if done.returncode:
        raise ValueError(f"git {words[0]} fails: {json.dumps(done.stderr.decode(errors='replace').strip())}")
    return names(done)


def _stack(file: str) -> str:
    name = file.removeprefix("Pulumi.").removesuffix(".yaml")
    if not STACK.fullmatch(name):
        # As JSON: a line break in it would end the message and could begin a command of the runner.
        raise ValueError(f"{json.dumps(file)} does not name a stack; rename it")
    return name


def _alters_all(name: str) -> bool:
    is_unrelated = name.startswith(UNRELATED) or name in UNRELATED_FILES or name.endswith(".md")
    return not is_unrelated and not STACK_FILE.fullmatch(name)


def main(base: str, head: str = "HEAD") -> int:
    """0, or 1 when a stack file has an impossible name."""
    try:
        stacks = changed_stacks(base, head)
        if only := os.environ.get("ONLY"):
            stacks = [stack for stack in stacks if stack in json.loads(only)]
    except ValueError as error:
        sys.stdout.write(f"::error::{error}\n")
        return 1
    output("stacks", json.dumps(stacks))
    return 0


def output(name: str, value: str) -> None:
    """Print an output of the step, and write it where other jobs find it."""
    line = f"{name}={value}\n"
    sys.stdout.write(line)
    if path := os.environ.get("GITHUB_OUTPUT"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(line)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
