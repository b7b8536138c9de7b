"""Chromium: taken from PATH, else installed from Debian's package.

It needs more libraries than other programs of Debian, so it is installed, not unpacked beside the checkout.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.parts.place import MissingPartError, building

PACKAGE = "chromium"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
"""What it is called where it is packaged."""

_INSTALL = ("install", "--yes", "--quiet=2", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", PACKAGE)


def program(*, build: bool = False) -> Path:
    """The path of the program.

    Raises:
        MissingPartError: it is not on PATH, and was not to be installed or could not be.
    """
    found = _on_path()
    if not found and build:
        _install()
        found = _on_path()
    if not found:
        raise MissingPartError(f"chromium is not on PATH: as root on Debian, `make parts` installs {PACKAGE}")
    return Path(found)


def _on_path() -> str | None:
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def _install() -> None:
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        raise MissingPartError(f"chromium is not on PATH, and only root can install it: sudo apt-get install {PACKAGE}")
    if _run(apt, *_INSTALL):
        # Images often come without the lists of packages.
        _run(apt, "update", "--quiet=2")
        if trouble := _run(apt, *_INSTALL):
            raise MissingPartError(f"{PACKAGE} could not be installed: {trouble}")


def _run(*command: str) -> str:
    """What went wrong; empty where nothing did."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    finished = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if finished.returncode == 0:
        return ""
    return finished.stderr.strip()[-2000:] or f"apt-get ended with {finished.returncode}"


def main() -> int:
    """0, or 1 when it could not be had."""
    try:
        with building():
            path = program(build=True)
    except MissingPartError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"chromium: {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
