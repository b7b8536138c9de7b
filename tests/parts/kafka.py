"""Kafka in the versions of the stacks, with ZooKeeper where a version requires it: jars that Maven downloads.

`jars/<version>/pom.xml` lists them, and `jars.sha256` has the checksum of each.
"""

import hashlib
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.parts.place import MissingPartError, kept

JARS = Path(__file__).parent / "jars"
WITH_ZOOKEEPER, ALONE = "3.9", "4.2"
VERSIONS = (WITH_ZOOKEEPER, ALONE)
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"


def java() -> Path:
    """Return the path of the Java runtime.

    Raises:
        MissingPartError: it is not on PATH.
    """
    found = shutil.which("java")
    if not found:
        raise MissingPartError("Java 17 or newer is not on PATH, and Kafka runs on it")
    return Path(found)


def jars(version: str, *, build: bool = False) -> Path:
    """Return the folder with all jars of a minor version.

    Raises:
        MissingPartError: the cache does not contain them, and they are not downloaded or the download failed.
    """
    java()
    pinned = JARS / f"kafka-{version}"
    folder = kept(f"kafka-{version}", pinned / "pom.xml", pinned / "jars.sha256")
    if folder.is_dir():
        return folder
    if not build:
        raise MissingPartError(f"Kafka {version} is not in the cache: `make parts` fetches it (needs Maven)")
    maven = shutil.which("mvn")
    if not maven:
        raise MissingPartError("Maven (mvn) is not on PATH, and Kafka's jars are in its registry")
    with tempfile.TemporaryDirectory(prefix="kafka-") as name:
        fetched = Path(name) / "jars"
        finished = subprocess.run(
            [maven, "-q", "-B", "-ntp", COPY, f"-DoutputDirectory={fetched}", "-DincludeScope=runtime"],
            cwd=pinned,
            capture_output=True,
            text=True,
            check=False,
        )
        if finished.returncode:
            raise MissingPartError(f"Maven could not fetch Kafka {version}:\n{finished.stdout[-2000:]}")
        _check(fetched, pinned / "jars.sha256")
        folder.parent.mkdir(parents=True, exist_ok=True)
        begun = folder.with_name(f"{folder.name}.part")
        shutil.copytree(fetched, begun, dirs_exist_ok=True)
        begun.rename(folder)
    return folder


def _check(fetched: Path, sums: Path) -> None:
    lines = [line.split(maxsplit=1) for line in sums.read_text(encoding="utf-8").splitlines()]
    wanted = {name: digest for digest, name in lines}
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in fetched.iterdir()}
    other = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    if other:
        raise MissingPartError(f"not what {sums} pins: {', '.join(other)}")


def release(version: str) -> str:
    """Return the full version, such as 3.9.2."""
    found = re.search(r"<version>(\d+\.\d+\.\d+)</version>", (JARS / f"kafka-{version}" / "pom.xml").read_text())
    if not found:
        raise LookupError(f"Kafka {version} is not pinned")
    return found[1]
