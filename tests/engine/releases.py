"""The program of the previous release, from this repository's history."""

import subprocess
import tarfile
from pathlib import Path

from tests.config.base import ROOT
from tests.parts.place import MissingPartError

PREVIOUS = Path(__file__).parent / "previous-release"
"""Its tag, and the commit for a clone without tags."""


def previous_release(folder: Path) -> Path:
    """Check out the previous release in a folder and return its path.

    Raises:
        MissingPartError: a shallow clone has neither its tag nor its commit.
    """
    tag, commit = PREVIOUS.read_text().split()
    for name in (f"refs/tags/{tag}", commit):
        found = _git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        if found.returncode == 0:
            archive = folder / "release.tar"
            _git("archive", f"--output={archive}", found.stdout.decode().strip()).check_returncode()
            with tarfile.open(archive) as opened:
                opened.extractall(folder / "release", filter="data")
            return folder / "release"
    raise MissingPartError(f"neither {tag} nor {commit[:12]} is in this clone: `git fetch --tags --unshallow`")


def _git(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, check=False)
