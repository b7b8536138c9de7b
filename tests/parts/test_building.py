"""Two builds of parts at once, with a Go that is slow and writes what it was asked for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.base import ROOT
from tests.parts import wheels
from tests.parts.place import MissingPartError, kept

GO = """\
#!/bin/sh
echo built >> "$BUILDS"
while [ "$1" != -o ]; do shift; done
/bin/sleep 1
printf '#!/bin/sh\\n' > "$2/actionlint"
/bin/chmod +x "$2/actionlint"
"""


def build(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.parts", "actionlint"],
        cwd=ROOT,
        env={
            **{name: os.environ[name] for name in ("HOME", "PYTHONPATH") if name in os.environ},
            "PATH": str(folder / "bin"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "BUILDS": str(folder / "builds"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_parts_are_built_once_by_two_runs_at_once(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    go = tmp_path / "bin" / "go"
    go.write_text(GO)
    go.chmod(0o755)
    runs = [build(tmp_path) for _ in range(2)]
    told = [run.communicate(timeout=60) for run in runs]
    assert [(run.returncode, err) for run, (_, err) in zip(runs, told, strict=True)] == [(0, ""), (0, "")]
    places = {out.split(": ")[1].rsplit(" (")[0] for out, _ in told}
    assert places == {str(path) for path in (tmp_path / "cache").glob("ai-platform/actionlint-*/actionlint")}
    assert len(places) == 1
    assert (tmp_path / "builds").read_text().splitlines() == ["built"]


def test_virtual_environment_is_missing_while_it_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    lock = tmp_path / "tool-requirements.txt"
    lock.write_text("")
    folder = kept("tool", lock, also=[sys.version])
    folder.mkdir(parents=True)
    begun = folder.with_name(f"{folder.name}.part")
    begun.touch()
    with pytest.raises(MissingPartError, match="tool is not in the cache"):
        wheels.environment("tool", lock)
    begun.unlink()
    assert wheels.environment("tool", lock) == folder
