"""The local computer."""

import os
import shutil
import subprocess
from pathlib import Path

TIMEOUT = 30
"""Timeout of a tool in seconds."""


class Computer:
    """The tools, run in a directory, and the environment variables of the local computer."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def run(self, *command: str) -> str | None:
        """Return the output of a tool; None if it is missing or fails."""
        # On Windows the file of `aws` has an extension, which only `which` adds.
        program = shutil.which(command[0])
        if program is None:
            return None
        try:
            done = subprocess.run(  # noqa: S603, the program's own words, and no shell
                [program, *command[1:]],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=TIMEOUT,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout if done.returncode == 0 else None

    def variable(self, name: str) -> str | None:
        """Return the value of an environment variable; None if it is not set."""
        return os.environ.get(name) or None
