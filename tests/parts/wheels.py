"""Parts that are Python packages: each in a separate virtual environment, created from a lock file with hashes."""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tests.parts.place import MissingPartError, kept

WHOLE = ("--require-hashes", "--no-deps")


def environment(name: str, lock: Path, *, build: bool = False) -> Path:
    """Return the folder of the virtual environment.

    Raises:
        MissingPartError: the cache does not contain it, and it is not built or its build failed.
    """
    folder = kept(name, lock, also=[sys.version])
    begun = folder.with_name(f"{folder.name}.part")
    if folder.is_dir() and not begun.exists():
        return folder
    if not build:
        raise MissingPartError(f"{name} is not in the cache: `make parts` installs {lock.name}")
    # Created at its final path, because its programs contain the path. While the other file exists, the installation is
    # in progress or was interrupted.
    folder.parent.mkdir(parents=True, exist_ok=True)
    begun.touch()
    venv.create(folder, clear=True, with_pip=True)
    finished = subprocess.run(
        # A lock file lists every package: dependencies were resolved when it was compiled.
        [folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", *WHOLE, "-r", lock],
        capture_output=True,
        text=True,
        check=False,
        cwd=tempfile.gettempdir(),
    )
    if finished.returncode:
        raise MissingPartError(f"{lock.name} could not be installed:\n{finished.stderr[-2000:]}")
    begun.unlink()
    return folder
