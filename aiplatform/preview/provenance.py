"""Where a plan comes from: what has to be equal for another run to give the same plan."""

import hashlib
import subprocess
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from aiplatform.git import git
from aiplatform.preview.digest import plan_digest
from aiplatform.preview.plan import Json, Plan, Provenance

PACKAGES = ("aiplatform", "pulumi", "pulumi-aws", "pulumi-eks", "pulumi-kubernetes")
_SECONDS = 10


def provenance(plan: Plan, stack_file: Path, changes: Mapping[str, Json], prices: str) -> Provenance:
    """Return the provenance of a plan of a stack file with the values of `--set` and a price table of this date."""
    commit, dirty = _git(stack_file.parent)
    return Provenance(
        commit=commit,
        dirty=dirty,
        stack_file=stack_file.name,
        digest=f"sha256:{hashlib.sha256(stack_file.read_bytes()).hexdigest()}",
        changes=dict(changes),
        prices=prices,
        versions={name: found for name in PACKAGES if (found := _version(name)) is not None},
        plan=plan_digest(plan),
    )


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _git(folder: Path) -> tuple[str | None, bool | None]:
    """Return the commit of a folder and whether it has other changes; None outside a repository or without Git.

    New files count where they are part of a plan: programs and stack files.
    """
    words = ["status", "--porcelain=v2", "--branch", "--untracked-files=all"]
    try:
        done = git(*words, folder=folder, seconds=_SECONDS)
    except (OSError, subprocess.SubprocessError):
        return None, None
    if done.returncode:
        return None, None
    lines = done.stdout.decode(errors="replace").splitlines()
    commit = next((line.split()[2] for line in lines if line.startswith("# branch.oid ")), "(initial)")
    if commit == "(initial)":
        return None, None
    return commit, any(_counts(line) for line in lines)


def _counts(line: str) -> bool:
    if line.startswith("? "):
        name = Path(line[2:].strip('"')).name
        return name.endswith(".py") or (name.startswith("Pulumi.") and name.endswith(".yaml"))
    return line[:2] in {"1 ", "2 ", "u "}
