"""The zipapp runs on a computer without the repository and, for most commands, without Pulumi."""

import ast
import json
import os
import subprocess
import sys
from importlib.metadata import distribution, version
from pathlib import Path

import pytest

from aiplatform.cli.main import app
from distribution.build import PULUMI, ROOT, build, locked, without
from distribution.start import WITHOUT_PULUMI, cache, packages_of, too_old
from tests.config.base import BASE

FINE, WRONG, UNAVAILABLE = 0, 2, 3
LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive in a folder with letters that not every encoding has, and a stack file beside it."""
    folder = tmp_path_factory.mktemp("수업 2026")
    build(folder / "aiplatform.pyz")
    (folder / "Pulumi.small.yaml").write_text(BASE, encoding="utf-8")
    return folder / "aiplatform.pyz"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages of the small set and no others, as pip would install them."""
    folder = tmp_path_factory.mktemp("small")
    for name in locked(without(LOCK, PULUMI)):
        if name == "colorama":
            # On Windows alone.
            continue
        found = distribution(name)
        tops = {file.parts[0] for file in found.files or () if file.parts[0] not in {"..", "__pycache__"}}
        for top in tops:
            if not (folder / top).exists():
                (folder / top).symlink_to(Path(str(found.locate_file(top))))
    return folder


def run(archive: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the archive in its folder, by a Python that has no packages of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))}
    own = {
        "XDG_CACHE_HOME": str(archive.parent / "cache"),
        "KUBECONFIG": str(archive.parent / "kubeconfig"),
        "NO_COLOR": "1",
    }
    return subprocess.run(
        [sys.executable, "-S", str(archive), *words],
        cwd=archive.parent,
        env=inherited | own | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_zipapp_explains_lists_and_verifies_without_pulumi(archive: Path, small: Path) -> None:
    for words in (("explain", "cluster.version"), ("list",)):
        done = run(archive, *words, AIPLATFORM_PACKAGES=str(small))
        assert (done.returncode, done.stderr) == (FINE, ""), done.stderr
    assert "small" in done.stdout
    done = run(archive, "verify", "small", AIPLATFORM_PACKAGES=str(small))
    assert done.returncode == UNAVAILABLE
    assert done.stderr.startswith("small: there is no kubeconfig ")


def test_zipapp_prices_a_stack_without_the_repository(archive: Path) -> None:
    packages = Path(str(distribution("pulumi").locate_file("")))
    done = run(archive, "cost", "small", "--json", "--quiet", AIPLATFORM_PACKAGES=str(packages))
    assert done.returncode == FINE, done.stderr
    assert json.loads(done.stdout)["monthly"] > 100


def test_zipapp_prints_in_the_encoding_of_the_terminal(archive: Path, small: Path) -> None:
    done = run(archive, "models", "qwen3-4b", AIPLATFORM_PACKAGES=str(small), PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stdout.isascii()) == (FINE, True)


def test_packages_that_cannot_be_installed_are_one_line_and_leave_nothing(archive: Path, tmp_path: Path) -> None:
    done = run(archive, "verify", "small", XDG_CACHE_HOME=str(tmp_path), PIP_NO_INDEX="1")
    assert done.returncode == UNAVAILABLE
    assert done.stderr.splitlines()[-1].startswith("aiplatform.pyz: pip cannot install its packages; connect to ")
    (home,) = (tmp_path / "aiplatform").iterdir()
    assert [one.name for one in home.iterdir()] == ["code"]


def test_folder_that_cannot_be_written_is_one_line(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run(archive, "list", XDG_CACHE_HOME=str(tmp_path / "file"))
    assert (done.returncode, done.stderr.count("\n")) == (WRONG, 1)
    assert str(tmp_path / "file") in done.stderr


def test_start_is_readable_by_old_python_and_reports_its_version() -> None:
    ast.parse((ROOT / "distribution" / "start.py").read_text(encoding="utf-8"), feature_version=(3, 7))
    assert too_old((3, 11, 0)) is None
    assert str(too_old((3, 9, 18))).startswith("aiplatform.pyz needs Python 3.11 or newer, and this is 3.9.18; ")


@pytest.mark.parametrize(
    ("system", "environment", "expected"),
    [
        ("linux", {}, "/home/kim/.cache/aiplatform"),
        ("linux", {"XDG_CACHE_HOME": "/var/kim"}, "/var/kim/aiplatform"),
        ("darwin", {"XDG_CACHE_HOME": "/var/kim"}, "/home/kim/Library/Caches/aiplatform"),
        ("nt", {"LOCALAPPDATA": "/Users/김/AppData/Local"}, "/Users/김/AppData/Local/aiplatform"),
        ("nt", {}, "/home/kim/AppData/Local/aiplatform"),
    ],
)
def test_cache_is_in_the_folder_of_the_system(system: str, environment: dict[str, str], expected: str) -> None:
    assert cache(system, environment, Path("/home/kim")) == Path(expected)


def test_commands_that_preview_need_all_packages() -> None:
    assert {packages_of([name]) for name in ("plan", "cost", "fit", "images", "permissions", "doctor")} == {"all"}
    assert {packages_of([name]) for name in WITHOUT_PULUMI} == {"small"}
    assert packages_of(["--version"]) == packages_of([]) == "small"
    assert packages_of(["--quiet", "cost"]) == "all"
    assert set(WITHOUT_PULUMI) <= {one.name or getattr(one.callback, "__name__", "") for one in app.registered_commands}


def test_small_set_has_the_locked_packages_that_pulumi_does_not_bring() -> None:
    found = locked(without(LOCK, PULUMI))
    assert {"boto3", "kubernetes", "pydantic-core", "ruamel-yaml", "typer", "tzdata", "yarl"} <= found.keys()
    assert not {"grpcio", "opentelemetry-sdk", "protobuf", "pulumi", "wrapt"} & found.keys()
    assert all("--hash=sha256:" in one.text for one in found.values())
    assert f"boto3=={version('boto3')} " in found["boto3"].text
