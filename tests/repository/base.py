"""A temporary Git repository, and a way to run one of the scripts of the workflows in it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.config.base import ROOT

SCRIPTS = ROOT / ".github" / "scripts"
FIRST = ("Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.lab.yaml", "Pulumi.prod.yaml", "__main__.py", "docs/a.md")


@dataclass(frozen=True)
class Checkout:
    """A repository as a runner has it, with three stacks in its first commit."""

    folder: Path

    @property
    def outputs(self) -> Path:
        """Where a step writes its outputs."""
        return self.folder.parent / "outputs"

    @property
    def summary(self) -> str:
        """What the step shows on the page of its job."""
        file = self.folder.parent / "summary"
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def git(self, *words: str) -> str:
        """What Git answers, without the last line break."""
        run = subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder.parent), "GIT_CONFIG_GLOBAL": os.devnull},
            capture_output=True,
            text=True,
            check=True,
        )
        return run.stdout.rstrip("\n")

    def commit(self, *changed: str, deleted: tuple[str, ...] = ()) -> str:
        """Change or add files and delete others; the new commit."""
        for name in changed:
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a", encoding="utf-8") as text:
                text.write("more\n")
        for name in deleted:
            (self.folder / name).unlink()
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "change")
        return self.git("rev-parse", "HEAD")

    def program(self, text: str) -> None:
        """Put a stub in place of this repository's command line."""
        folder = self.folder / "aiplatform"
        folder.mkdir()
        (folder / "__init__.py").touch()
        (folder / "__main__.py").write_text(text, encoding="utf-8")

    def run(self, script: str, *arguments: str, path: str = "", **variables: str) -> "subprocess.CompletedProcess[str]":
        """A script of the workflows, as a step starts it."""
        environment: Mapping[str, str] = {
            "PATH": f"{path}:{os.environ['PATH']}" if path else os.environ["PATH"],
            "HOME": str(self.folder.parent),
            "GIT_CONFIG_GLOBAL": os.devnull,
            # The folder of the checkout comes first for `python -m`, so that its own program runs.
            "PYTHONPATH": str(ROOT),
            "GITHUB_OUTPUT": str(self.outputs),
            "GITHUB_STEP_SUMMARY": str(self.folder.parent / "summary"),
            **variables,
        }
        return subprocess.run(
            [sys.executable, SCRIPTS / script, *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )


def make_checkout(folder: Path) -> Checkout:
    """A new repository in `folder`/checkout."""
    checkout = Checkout(folder / "checkout")
    checkout.folder.mkdir()
    checkout.git("init", "--quiet", "--initial-branch=main")
    checkout.commit(*FIRST)
    return checkout
