"""Start of `aiplatform.pyz`: install the packages that a command needs, once, and run it.

Older versions of Python 3 can read this file, so that they say that they are too old.
"""

import hashlib
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

OLDEST = (3, 11)
WITHOUT_PULUMI = ("explain", "list", "models", "new", "schema", "settings", "verify")
"""Commands that preview no stack. Pulumi and its providers, 400 MB, are installed for the others only."""

WRONG, UNAVAILABLE = 2, 3
"""Exit statuses, as those of `aiplatform`."""


def too_old(version: "tuple[int, ...]") -> "str | None":
    """Return what to say to a version of Python; None to one that is new enough."""
    if version[:2] >= OLDEST:
        return None
    found = ".".join(str(part) for part in version[:3])
    return f"aiplatform.pyz needs Python 3.11 or newer, and this is {found}; https://www.python.org/downloads/"


def cache(system: str, environment: "dict[str, str]", home: Path) -> Path:
    """Return the folder for caches of a system: nt, darwin, or any other."""
    if system == "nt":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / "aiplatform"
    if system == "darwin":
        return home / "Library" / "Caches" / "aiplatform"
    return Path(environment.get("XDG_CACHE_HOME") or home / ".cache") / "aiplatform"


def packages_of(words: "list[str]") -> str:
    """Return the set of packages that a command line needs."""
    command = next((word for word in words if not word.startswith("-")), "list")
    return "small" if command in WITHOUT_PULUMI else "all"


def made(folder: Path, make: "object") -> Path:
    """Return a folder that exists as a whole or not at all; `make` fills it."""
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="new-", dir=str(folder.parent)))
    try:
        make(fresh)  # type: ignore[operator]
        fresh.rename(folder)
    except OSError:
        # Another process can have been faster.
        if not folder.is_dir():
            raise
    finally:
        shutil.rmtree(str(fresh), ignore_errors=True)
    return folder


def extract(archive: Path, folder: Path) -> None:
    """Write the code and the lock files into a folder, without this start, which is no program of Pulumi."""
    with zipfile.ZipFile(str(archive)) as file:
        file.extractall(str(folder))
    (folder / "__main__.py").unlink()


def install(requirements: Path, folder: Path) -> None:
    """Install hash-locked packages into a folder, without building any."""
    sys.stderr.write(f"Installing packages into {folder.parent}, once\n")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--require-hashes", "--only-binary", ":all:", "--target", str(folder)]
    if subprocess.call([*command, "--requirement", str(requirements)]):
        raise RuntimeError


def main() -> int:
    """Run the command line of the archive."""
    problem = too_old(tuple(sys.version_info[:3]))
    if problem:
        sys.stderr.write(problem + "\n")
        return WRONG
    archive = Path(__file__).resolve().parent
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()[:16]
    system = "nt" if os.name == "nt" else sys.platform
    python = f"py{sys.version_info[0]}{sys.version_info[1]}"
    home = cache(system, dict(os.environ), Path.home()) / f"{digest}-{python}"
    needed = packages_of(sys.argv[1:])
    try:
        code = made(home / "code", lambda fresh: extract(archive, fresh))
        given = os.environ.get("AIPLATFORM_PACKAGES")
        packages = given or made(home / needed, lambda fresh: install(code / f"{needed}.txt", fresh))
    except RuntimeError:
        sys.stderr.write(
            "aiplatform.pyz: pip cannot install its packages; connect to the internet, set HTTPS_PROXY or "
            "PIP_INDEX_URL, or let AIPLATFORM_PACKAGES name a folder that has them\n"
        )
        return UNAVAILABLE
    except OSError as error:
        sys.stderr.write(f"aiplatform.pyz: {error.filename or home}: {error.strerror or error}\n")
        return WRONG
    sys.path[:1] = [str(code), str(packages)]
    runpy.run_module("aiplatform", run_name="__main__", alter_sys=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
