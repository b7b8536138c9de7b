"""The installation of Chromium on a machine without it, with a stub of apt-get."""

import os
from pathlib import Path

import pytest

from tests.browser import chromium
from tests.parts.place import MissingPartError


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of root's with these programs alone."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return tmp_path


def _program(folder: Path, name: str, *lines: str) -> Path:
    file = folder / name
    file.write_text("\n".join(["#!/bin/sh", f'echo "$@" >> {folder}/said', *lines, ""]), encoding="utf-8")
    file.chmod(0o755)
    return file


def test_installed_chromium_is_used_without_apt(programs: Path) -> None:
    there = _program(programs, "chromium")
    _program(programs, "apt-get", "exit 1")
    assert chromium.program(build=True) == there
    assert not (programs / "said").exists()


def test_missing_chromium_is_installed_after_apt_get_update(programs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = f"echo '#!/bin/sh' > {programs}/chromium; /bin/chmod 755 {programs}/chromium"
    lists = f"{programs}/lists"
    _program(programs, "apt-get", f"[ $1 = update ] && : > {lists}", f"[ -e {lists} ] || exit 100", made)
    assert chromium.main() == 0
    said = (programs / "said").read_text().splitlines()
    assert [line.split()[0] for line in said] == ["install", "update", "install"]
    assert capsys.readouterr().out == f"chromium: {programs}/chromium\n"


def test_failed_installation_is_reported_in_one_line(programs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _program(programs, "apt-get", "echo 'E: Unable to locate package chromium' >&2", "exit 100")
    assert chromium.main() == 1
    assert capsys.readouterr().err == "chromium could not be installed: E: Unable to locate package chromium\n"


def test_apt_is_not_called_without_root(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(programs, "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(MissingPartError, match="sudo apt-get install chromium"):
        chromium.program(build=True)
    assert not (programs / "said").exists()


def test_missing_chromium_is_an_error_with_the_command_that_installs_it(programs: Path) -> None:
    assert not list(programs.iterdir())
    with pytest.raises(MissingPartError, match="`make parts` installs chromium"):
        chromium.program()
