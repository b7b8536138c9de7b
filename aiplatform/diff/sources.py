"""The two sides of a comparison: a revision, the working tree, or folders with plans."""

import hashlib
import json
import os
import subprocess
import sys
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, Protocol

from aiplatform.diff.git import STACK_FILE, commit_of, export, stacks_at
from aiplatform.diff.line import Side
from aiplatform.errors import CallError
from aiplatform.preview.project import PROGRAM
from catalog.aws.aws_type import Json
from catalog.reading.problems import SettingsError
from config.loader import load_file
from config.settings import Settings

PLAN, COST, FINDINGS = "plan.json", "cost.json", "findings.json"
CACHE = Path(".cache", "diff")
"""Below the project's folder: plans and environments of revisions."""

HERE = Path(__file__).parents[2]
"""The folder of this program."""

_LOCK = "requirements.txt"
_SHOWN = 3
"""Lines of an error that are shown."""


class Planned(NamedTuple):
    """A side of a stack, and what is to be said of it."""

    side: Side | None
    notes: tuple[str, ...] = ()
    is_absent: bool = False
    """Whether the source has no such stack, which is no failure."""


class Source(Protocol):
    """Where the plans of a side are from."""

    @property
    def title(self) -> str:
        """Return what a user calls it."""

    def stacks(self) -> list[str]:
        """Return the names of its stacks, sorted."""

    def planned(self, stack: str) -> Planned:
        """Return the side of a stack."""


def source(text: str | None, project: Path, scratch: Path) -> Source:
    """Return the source that an argument names: the working tree for None, a folder, or a revision.

    Raises:
        CallError: there is no such folder or revision.
    """
    if text is None:
        return Tree(project, project, scratch)
    folder = Path(text)
    if folder.is_dir() and (plans := _plan_folders(folder)):
        return Folder(text, plans)
    if folder.is_dir() and (folder / "Pulumi.yaml").is_file():
        return Tree(folder.resolve(), project, scratch)
    if folder.is_dir() and text not in {".", ".."} and any(mark in text for mark in "./"):
        raise CallError(f"{text}: has no {PLAN} and no project; aiplatform plan --out writes a plan")
    return Revision(text, commit_of(project, text), project)


def _plan_folders(folder: Path) -> list[Path]:
    if (folder / PLAN).is_file():
        return [folder]
    return sorted(file.parent for file in folder.glob(f"*/{PLAN}"))


@dataclass(frozen=True)
class Folder:
    """Folders that `aiplatform plan` has written."""

    title: str
    folders: list[Path]

    def stacks(self) -> list[str]:
        """Return the stacks of the plans."""
        return sorted(set(map(_stack_of, self.folders)))

    def planned(self, stack: str) -> Planned:
        """Return the plan of a stack."""
        named = [one for one in self.folders if _stack_of(one) == stack]
        if not named:
            return Planned(None, is_absent=True)
        if len(named) > 1:
            names = " and ".join(map(str, named))
            return Planned(
                None, (f"{self.title}: several plans of the stack {stack}, which cannot be told apart: {names}",)
            )
        side, notes = read_plan(named[0], None)
        return Planned(side, tuple(f"{self.title}: {note}" for note in notes))


def _stack_of(folder: Path) -> str:
    try:
        return str(json.loads((folder / PLAN).read_text(encoding="utf-8"))["stack"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise CallError(f"{folder / PLAN}: is no plan; write it again with aiplatform plan") from error


def read_plan(folder: Path, settings: Settings | None) -> tuple[Side | None, list[str]]:
    """Return the side in a folder that `aiplatform plan` has written, and what is missing in it."""
    notes: list[str] = []
    plan, cost, found = (_read(folder / name, notes) for name in (PLAN, COST, FINDINGS))
    if not isinstance(plan, Mapping) or not isinstance(plan.get("resources"), list):
        return None, notes or [f"{folder / PLAN}: is no plan"]
    return Side(plan, cost, found, settings), notes


def _read(file: Path, notes: list[str]) -> Json:
    try:
        return json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, ValueError):
        notes.append(f"{file.name}: cannot be read")
        return None


@dataclass(frozen=True)
class Tree:
    """A folder with the project, as it is."""

    folder: Path
    project: Path
    scratch: Path

    title: str = "the working tree"

    def stacks(self) -> list[str]:
        """Return the stacks that have a file."""
        found = (STACK_FILE.fullmatch(file.name) for file in self.folder.glob("Pulumi.*.yaml"))
        return sorted(match["stack"] for match in found if match)

    def planned(self, stack: str) -> Planned:
        """Plan a stack by the program of the folder."""
        out = self.scratch / hashlib.sha256(f"{self.folder} {stack}".encode()).hexdigest()[:16]
        return _planned(self.title, self.folder, self.project, stack, out)


@dataclass(frozen=True)
class Revision:
    """A commit. Its plans are kept, because they stay the same for a day of prices and support dates."""

    title: str
    commit: str
    project: Path

    def stacks(self) -> list[str]:
        """Return the stacks that have a file."""
        return stacks_at(self.project, self.commit)

    def planned(self, stack: str) -> Planned:
        """Plan a stack by the program of the commit."""
        cache = self.project / CACHE / self.commit
        tree = cache / "tree"
        export(self.project, self.commit, tree)
        return _planned(self.title, tree, self.project, stack, cache / "plans" / date.today().isoformat() / stack)


def _planned(title: str, tree: Path, project: Path, stack: str, out: Path) -> Planned:
    if not (tree / f"Pulumi.{stack}.yaml").is_file():
        return Planned(None, is_absent=True)
    kept = out.with_name(f"{out.name}.notes.json")
    notes: list[str] = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else []
    if not (out / PLAN).is_file():
        notes = []
        python = _interpreter(tree, project, notes)
        if notes:
            out.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(notes), encoding="utf-8")
        failed = _run_plan(python, tree, stack, out)
        if failed:
            return Planned(None, (*(f"{title}: {note}" for note in notes), f"{title}: cannot be planned: {failed}"))
    side, missing = read_plan(out, _settings(tree, stack))
    return Planned(side, tuple(f"{title}: {note}" for note in (*notes, *missing)))


def _run_plan(python: str, tree: Path, stack: str, out: Path) -> str:
    """Plan a stack in a process of its own, and return why it failed; empty if there is a plan."""
    # A folder with nothing but stack files is planned by this program.
    own = (tree / PROGRAM).is_file() or (tree / "aiplatform").is_dir()
    if own and not (tree / "aiplatform" / "__main__.py").is_file():
        return "its program is older than aiplatform plan"
    words = [python, "-m", "aiplatform", "plan", f"--stack={stack}", f"--out={out}", "--fail-on=never"]
    environment = {**os.environ, "PYTHONPATH": str(tree if own else HERE), "PYTHONDONTWRITEBYTECODE": "1"}
    out.parent.mkdir(parents=True, exist_ok=True)
    ended = subprocess.run(words, cwd=tree, env=environment, capture_output=True, check=False)
    if (out / PLAN).is_file():
        return ""
    said = [line for line in ended.stderr.decode(errors="replace").splitlines() if not line.startswith("warning: ")]
    return "; ".join(said[:_SHOWN]) or f"exit status {ended.returncode}"


def _settings(tree: Path, stack: str) -> Settings | None:
    """Return the settings as this program reads them; None if it cannot: the stack file is of another version."""
    try:
        return load_file(tree, stack).settings
    except SettingsError:
        return None


def _interpreter(tree: Path, project: Path, notes: list[str]) -> str:
    """Return the interpreter whose packages are those of the tree's lock file."""
    locks = [folder / _LOCK for folder in (tree, project)]
    texts = [lock.read_bytes() if lock.is_file() else b"" for lock in locks]
    if texts[0] == texts[1] or not texts[0]:
        return sys.executable
    folder = project / CACHE / "environments" / hashlib.sha256(texts[0]).hexdigest()[:16]
    python = folder / "bin" / "python"
    if (folder / "complete").is_file() or _installed(folder, locks[0]):
        return str(python)
    notes.append(f"{_LOCK} differs and its packages cannot be installed; it is planned with those of this environment")
    return sys.executable


def _installed(folder: Path, lock: Path) -> bool:
    """Make an environment with the packages of a lock file, and return whether that worked."""
    venv.create(folder, with_pip=True, clear=True)
    words = [
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--retries=1",
        "--require-hashes",
        f"--requirement={lock}",
    ]
    ended = subprocess.run([folder / "bin" / "python", "-m", "pip", *words], capture_output=True, check=False)
    if ended.returncode == 0:
        (folder / "complete").touch()
    return ended.returncode == 0
