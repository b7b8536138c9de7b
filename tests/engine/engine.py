"""A driver of the `pulumi` program for one stack, with a separate home, state and passphrase."""

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.components.base import stack_file
from tests.config.base import ROOT

TAKE_OVER = {"PULUMI_K8S_UPSERT_EXISTING_OBJECTS": "true"}
"""Lets the Kubernetes provider adopt objects that a killed engine created without recording them in the state."""

PROGRAM = ("__main__.py", "Pulumi.yaml", "catalog", "components", "config")

QUIET = 1.0
"""Seconds without a write after which the engine is considered to be waiting."""

LIMIT = 1800
"""Seconds for one command: most stacks are created in a minute; the two thousand objects of Kubeflow take longer."""


class _Dumper(yaml.SafeDumper):
    """Quotes strings of digits: PyYAML does not quote '09', and Pulumi would read it as a number."""


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'" if text.isdigit() else None),
)


@dataclass(frozen=True)
class Run:
    """A completed command."""

    command: str
    status: int
    seconds: float
    output: str
    events: tuple[Mapping[str, Any], ...]

    @property
    def changes(self) -> dict[str, int]:
        """Return the number of resources by operation (`create`, `same`, `delete`...); empty if it failed before."""
        found = [event["summaryEvent"]["resourceChanges"] for event in self.events if "summaryEvent" in event]
        return dict(found[-1] or {}) if found else {}

    @property
    def errors(self) -> str:
        """Return every message of severity error."""
        return "\n".join(
            event["diagnosticEvent"]["message"]
            for event in self.events
            if event.get("diagnosticEvent", {}).get("severity") == "error"
        )

    def resources(self) -> list[Mapping[str, Any]]:
        """Return the engine's event for each resource before its operation, in order."""
        return [event["resourcePreEvent"]["metadata"] for event in self.events if "resourcePreEvent" in event]

    def order(self) -> list[tuple[str, str]]:
        """Return `begin` and `end` of each resource with its URN, in order."""
        kinds = {"resourcePreEvent": "begin", "resOutputsEvent": "end"}
        return [
            (said, event[kind]["metadata"]["urn"])
            for event in self.events
            for kind, said in kinds.items()
            if kind in event
        ]

    def succeeded(self) -> "Run":
        """Return the run; raise AssertionError with the whole output if it failed."""
        assert self.status == 0, (
            f"pulumi {self.command} ended with {self.status}:\n{self.errors}\n{self.output[-6000:]}"
        )
        return self


class Engine:
    """A stack of the project as a user has it: a checkout, a login and a passphrase."""

    def __init__(
        self,
        folder: Path,
        stack: str,
        programs: Path,
        changes: Mapping[str, Any],
        *,
        checkpoints: bool = True,
        release: Path | None = None,
    ) -> None:
        self._checkpoints = checkpoints
        self.folder = folder
        self.stack = stack
        self.passphrase = secrets.token_urlsafe(16)
        self.project = folder / "project"
        self.state = folder / "state"
        self._programs = programs
        self._count = 0
        for made in (self.project, self.state, folder / "home", folder / "events"):
            made.mkdir()
        (self.project / ".venv").symlink_to(sys.prefix)
        self._changes = changes
        self._settings: dict[str, Any] = {}
        self.install(release or ROOT, release / f"Pulumi.{stack}.yaml" if release else stack_file(stack))
        self.run("stack", "init", stack).succeeded()
        # From now on the stack file contains the salt of the passphrase.
        self._settings = yaml.safe_load(self._file.read_text())

    @property
    def _file(self) -> Path:
        return self.project / f"Pulumi.{self.stack}.yaml"

    def install(self, release: Path, stack_file: Path) -> None:
        """Replace the program and the stack file by those of a checkout.

        They are copied, so that edits of the program do not change the stack between two commands.
        """
        for name in PROGRAM:
            source, target = release / name, self.project / name
            if target.is_dir():
                shutil.rmtree(target)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.is_file():
                shutil.copy(source, target)
        # Keep the salt of the passphrase in the stack file.
        self._settings |= yaml.safe_load(stack_file.read_text())
        self.set(**self._changes)

    def set(self, **sections: Any) -> None:
        """Change sections of the stack file; mappings are merged at any depth."""
        for name, value in sections.items():
            key = f"ai-platform:{name}"
            self._settings["config"][key] = _merged(self._settings["config"].get(key), value)
        self._file.write_text(yaml.dump(self._settings, Dumper=_Dumper, sort_keys=False))

    def preview(self) -> Run:
        """Run `pulumi preview`."""
        return self.run("preview", "--diff=false")

    def up(self, *, take_over: bool = False) -> Run:
        """Run `pulumi up`; with `take_over` as after a killed one, see `TAKE_OVER`."""
        return self.run("up", "--yes", "--skip-preview", "--diff=false", **(TAKE_OVER if take_over else {}))

    def refresh(self) -> Run:
        """Run `pulumi refresh`."""
        return self.run("refresh", "--yes", "--skip-preview", "--diff=false")

    def destroy(self) -> Run:
        """Run `pulumi destroy` with its preview, in which protection refuses it."""
        return self.run("destroy", "--yes", "--diff=false")

    def cancel(self) -> Run:
        """Run `pulumi cancel`, which removes the lock of a killed engine."""
        return self.run("cancel", "--yes", self.stack)

    @property
    def _checkpoint_file(self) -> Path:
        return self.state / ".pulumi" / "stacks" / "ai-platform" / f"{self.stack}.json"

    def is_writing(self) -> bool:
        """Return whether the state is or was just written: an engine that is killed then leaves an incomplete file."""
        try:
            return time.time() - self._checkpoint_file.stat().st_mtime < QUIET
        except FileNotFoundError:
            return True

    def checkpoint(self) -> Mapping[str, Any]:
        """Return the state on disk."""
        for _ in range(100):
            # The engine does not replace the file atomically.
            with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
                found: Mapping[str, Any] = json.loads(self._checkpoint_file.read_text())["checkpoint"]["latest"]
                return found
            time.sleep(0.05)
        raise AssertionError(f"no state in {self._checkpoint_file}")

    def resources(self) -> list[Mapping[str, Any]]:
        """Return the resources in the state."""
        return list(self.checkpoint().get("resources") or ())

    def run(self, *arguments: str, **environment: str) -> Run:
        """Run a command to its end."""
        return self._end(*self._begin(arguments, environment))

    def killed(self, *arguments: str, when: Callable[[], bool], **environment: str) -> Run:
        """Run a command and kill its engine with SIGKILL when a condition is met, so that it cannot clean up."""
        process, command, events, output, started = self._begin(arguments, environment)
        try:
            while not when():
                assert process.poll() is None, (
                    f"it ended with {process.returncode} before: {output.read_text()[-3000:]}"
                )
                assert time.monotonic() - started < LIMIT, "the time to kill it never came"
                time.sleep(0.05)
        finally:
            process.kill()
        return self._end(process, command, events, output, started)

    def _begin(
        self, arguments: tuple[str, ...], environment: Mapping[str, str]
    ) -> tuple["subprocess.Popen[bytes]", str, Path, Path, float]:
        self._count += 1
        events, output = (self.folder / "events" / f"{self._count:02}-{arguments[0]}.{end}" for end in ("json", "txt"))
        known = ["--event-log", str(events)] if arguments[0] in {"preview", "up", "refresh", "destroy"} else []
        stack = ["--stack", self.stack] if arguments[0] not in {"stack", "cancel"} else []
        with output.open("wb") as printed:
            process = subprocess.Popen(
                ["pulumi", *arguments, *stack, *known, "--non-interactive"],
                cwd=self.project,
                env={**self._environment(), **environment},
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return process, " ".join(arguments), events, output, time.monotonic()

    def _end(self, process: "subprocess.Popen[bytes]", command: str, events: Path, output: Path, started: float) -> Run:
        try:
            status = process.wait(LIMIT)
        finally:
            _kill_session(process.pid)
        lines = events.read_text().splitlines() if events.exists() else []
        read = tuple(json.loads(line) for line in lines if line.endswith("}"))
        return Run(command, status, time.monotonic() - started, output.read_text(errors="replace"), read)

    def _environment(self) -> dict[str, str]:
        # The configuration of Git can contain mirrors of repositories, for a machine without access to the originals.
        names = {"LANG", "LC_ALL", "TMPDIR", "GIT_CONFIG_GLOBAL"}
        kept = {name: value for name, value in os.environ.items() if name in names}
        return {
            **kept,
            "PATH": f"{self._programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.folder / "home"),
            "PULUMI_HOME": str(self.folder / "home" / ".pulumi"),
            "PULUMI_BACKEND_URL": f"file://{self.state}",
            "PULUMI_CONFIG_PASSPHRASE": self.passphrase,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_OPTION_COLOR": "never",
            # `--event-log` is a hidden option.
            "PULUMI_DEBUG_COMMANDS": "true",
            **({} if self._checkpoints else {"PULUMI_SKIP_CHECKPOINTS": "true"}),
        }


def _kill_session(leader: int) -> None:
    """Kill the session: plugins have their own process groups, and could create resources after the engine's end."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            # The name can contain spaces and ends with the last parenthesis; state, parent, group and session follow.
            session = (folder / "stat").read_text().rpartition(")")[2].split()[3]
            if int(session) == leader:
                os.kill(int(folder.name), signal.SIGKILL)


def _merged(old: Any, new: Any) -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{key: _merged(old.get(key), value) for key, value in new.items()}}
    return new
