"""Revisions of the repository: resolve them, and read their files."""

import re
import shutil
import subprocess
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from aiplatform.errors import CallError
from aiplatform.git import git, names

MAIN = ("origin/main", "main", "origin/master", "master")
"""Branches to which a change is compared by default, the first that exists."""

STACK_FILE = re.compile(r"Pulumi\.(?P<stack>[^/]+)\.yaml")


class RevisionError(CallError):
    """A revision that cannot be found or read."""


def commit_of(folder: Path, revision: str) -> str:
    """Return the commit of a revision.

    Raises:
        RevisionError: the folder is in no repository, or there is no such revision.
    """
    if revision.startswith("-"):
        raise RevisionError(f"{revision}: is no revision")
    found = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found.returncode == 0:
        return found.stdout.decode().strip()
    if _git(folder, "rev-parse", "--git-dir").returncode:
        raise RevisionError(f"{folder}: is in no git repository; name two folders with plans instead")
    hint = "; the clone is shallow: git fetch --unshallow brings all revisions" if is_shallow(folder) else ""
    raise RevisionError(f"{revision}: unknown revision or folder{hint or '; git branch --all lists branches'}")


def merge_base(folder: Path) -> str:
    """Return the last commit that HEAD and the main branch share.

    Raises:
        RevisionError: there is none, such as in a shallow clone.
    """
    head = commit_of(folder, "HEAD")
    for branch in MAIN:
        if _git(folder, "rev-parse", "--verify", "--quiet", f"{branch}^{{commit}}").returncode == 0:
            found = _git(folder, "merge-base", head, branch)
            if found.returncode == 0:
                return found.stdout.decode().split()[0]
            hint = "the clone is shallow: git fetch --unshallow" if is_shallow(folder) else "name the base"
            raise RevisionError(f"{branch} and HEAD share no commit; {hint}")
    raise RevisionError(f"there is no branch {MAIN[1]}; name the base: aiplatform diff BASE")


def is_shallow(folder: Path) -> bool:
    """Return whether the clone lacks older commits."""
    return _git(folder, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"


def stacks_at(folder: Path, commit: str) -> list[str]:
    """Return the stacks that have a file in the project's folder at a commit."""
    listed = _git(folder, "ls-tree", "-z", "--name-only", commit, "./")
    files = [Path(name).name for name in names(listed)]
    return sorted(match["stack"] for file in files if (match := STACK_FILE.fullmatch(file)))


def export(folder: Path, commit: str, target: Path) -> None:
    """Write the files of the project's folder at a commit to a folder that does not exist yet.

    Raises:
        RevisionError: git cannot write them.
    """
    if target.is_dir():
        return
    prefix = _git(folder, "rev-parse", "--show-prefix").stdout.decode().strip()
    archived = _git(folder, "archive", "--format=tar", f"{commit}:{prefix}")
    if archived.returncode:
        raise RevisionError(f"{commit[:12]}: cannot be read: {archived.stderr.decode(errors='replace').strip()}")
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=target.parent))
    try:
        with tarfile.open(fileobj=BytesIO(archived.stdout)) as archive:
            archive.extractall(fresh, filter="data")
        # Another process can have written the same files meanwhile.
        if not target.is_dir():
            fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _git(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return git(*words, folder=folder)
    except FileNotFoundError as error:
        raise RevisionError("git is not installed; name two folders with plans instead") from error
