"""Programs that Debian packages: from PATH, or from the package, which is unpacked without installation."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.parts.place import MissingPartError, kept

PACKAGES = {"promtool": "prometheus", "amtool": "prometheus-alertmanager", "shellcheck": "shellcheck"}
"""The package of each program."""


def program(name: str, *, build: bool = False) -> Path:
    """Return the path of a program.

    Raises:
        MissingPartError: it is neither on PATH nor in the cache, and it is not downloaded or the download failed.
    """
    cached = kept(name, also=[PACKAGES[name]]) / "usr" / "bin" / name
    for found in (shutil.which(name), cached):
        if found and Path(found).is_file():
            return Path(found)
    if not build:
        raise MissingPartError(f"{name} is not on PATH: `make parts` fetches Debian's package {PACKAGES[name]}")
    begun = cached.parents[2].with_suffix(".part")
    fetch(PACKAGES[name], begun)
    begun.rename(cached.parents[2])
    return cached


def fetch(package: str, folder: Path) -> None:
    """Unpack a package into a folder.

    Raises:
        MissingPartError: its download or its extraction failed.
    """
    apt, unpack = shutil.which("apt-get"), shutil.which("dpkg-deb")
    if not apt or not unpack:
        raise MissingPartError(f"neither {package}'s programs nor apt-get and dpkg-deb are on PATH")
    with tempfile.TemporaryDirectory(prefix="debian-") as name:
        place = Path(name)
        if _run([apt, "download", package], place):
            # Images often do not contain the lists of packages.
            _run([apt, "update"], place)
            if trouble := _run([apt, "download", package], place):
                raise MissingPartError(f"{package} could not be downloaded:\n{trouble}")
        unpacked = place / "unpacked"
        if trouble := _run([unpack, "-x", str(next(place.glob("*.deb"))), str(unpacked)], place):
            raise MissingPartError(f"{package} could not be unpacked:\n{trouble}")
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(unpacked, folder, symlinks=True, dirs_exist_ok=True)


def _run(command: list[str], folder: Path) -> str:
    """Return the error message of a command; empty if it succeeds."""
    finished = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return finished.stderr[-2000:] or "no reason given" if finished.returncode else ""
