"""Run git: the one place that starts it."""

import os
import subprocess
from pathlib import Path


def git(*words: str, folder: Path | None = None, seconds: int | None = None) -> "subprocess.CompletedProcess[bytes]":
    """Run git in a folder and return its answer, whatever its exit status.

    A command that only reads takes no lock, so that it never disturbs another git of the user.

    Raises:
        FileNotFoundError: git is not installed.
        subprocess.TimeoutExpired: it takes more than `seconds`.
    """
    command = ["git", "--no-optional-locks", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=seconds)


def names(done: "subprocess.CompletedProcess[bytes]") -> list[str]:
    """Return the names that a command with `-z` prints."""
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]
