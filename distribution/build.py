"""Build `aiplatform.pyz`, one file with the command line for Linux, macOS and Windows: `make aiplatform.pyz`.

It has this project's code. Its start, `start.py`, installs the packages of requirements.txt, by their hashes.
"""

import re
import shutil
import sys
import tempfile
import tomllib
import zipapp
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PULUMI = ("pulumi", "pulumi-aws", "pulumi-eks", "pulumi-kubernetes", "pulumi-policy")
"""Packages of requirements.in that only a preview needs."""


class Locked(NamedTuple):
    """A package of a lock file."""

    text: str
    via: frozenset[str]
    """What requires it: other packages, or the file that names it."""


def build(out: Path) -> None:
    """Write the archive."""
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for pattern in setuptools["packages"]["find"]["include"]:
            package = pattern.removesuffix("*")
            shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
        for place, files in setuptools["data-files"].items():
            (folder / place).mkdir(parents=True)
            for file in files:
                shutil.copy(ROOT / file, folder / place)
        shutil.copy(ROOT / "LICENSE", folder)
        (folder / "all.txt").write_text(lock, encoding="utf-8")
        (folder / "small.txt").write_text(without(lock, PULUMI), encoding="utf-8")
        shutil.copy(ROOT / "distribution" / "start.py", folder / "__main__.py")
        zipapp.create_archive(folder, out, interpreter="/usr/bin/env python3", compressed=True)


def locked(lock: str) -> Mapping[str, Locked]:
    """Return the packages of a lock file by name."""
    found = {}
    for text in re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]:
        via = re.findall(r"^    # +(?:via )?([\w.-]+(?: [\w.-]+)?)$", text, re.MULTILINE)
        found[text.partition("==")[0]] = Locked(text, frozenset(one for one in via if one != "via"))
    return found


def without(lock: str, names: Collection[str]) -> str:
    """Return a lock file without some packages, and without what only they require."""
    packages = dict(locked(lock))
    gone = set(names)
    while gone & packages.keys():
        for name in gone & packages.keys():
            del packages[name]
        gone |= {name for name, one in packages.items() if one.via <= gone}
    return "".join(one.text for one in packages.values())


if __name__ == "__main__":
    build(Path(sys.argv[1]))
