"""Parts that are Python packages: each in a virtual environment of its own, made from a lock file with hashes."""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tests.parts.place import MissingPartError, kept

WHOLE = ("--require-hashes", "--no-deps")


def environment(name: str, lock: Path, *, build: bool = False) -> Path:
    """The folder of the virtual environment.

    Raises:
        MissingPartError: it is not in the cache, and was not to be built or could not be.
    """
    folder = kept(name, lock, also=[sys.version])
    begun = folder.with_name(f"{folder.name}.part")
    if folder.is_dir() and not begun.exists():
        return folder
    if not build:
        raise MissingPartError(f"{name} is not in the cache: `make parts` installs {lock.name}")
    # Where it is going to stay, for the programs in it name their folder. As long as the other file is there, this is
    # one that somebody installs right now, or that was left half done.
    folder.parent.mkdir(parents=True, exist_ok=True)
    begun.touch()
    venv.create(folder, clear=True, with_pip=True)
    finished = subprocess.run(
        # A lock names every package: what each of them wants besides has been decided when it was compiled.
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
