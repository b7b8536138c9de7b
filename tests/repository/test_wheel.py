"""A wheel of the project gives the command line without the repository."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from setuptools import build_meta

from tests.config.base import BASE, ROOT

PACKAGES = ("aiplatform", "catalog", "components", "config", "policies", "docs")
FILES = ("pyproject.toml", "requirements.in", "README.md", "LICENSE", "NOTICE", "__main__.py")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prefix with what pip would install of the wheel, beside the packages of this environment."""
    source = tmp_path_factory.mktemp("source")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, source)
    prefix = tmp_path_factory.mktemp("prefix")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(source)
        wheel = build_meta.build_wheel(str(prefix))
    with zipfile.ZipFile(prefix / wheel) as archive:
        archive.extractall(prefix)
    (data,) = prefix.glob("*.data/data")
    shutil.copytree(data, prefix, dirs_exist_ok=True)
    (prefix / "sitecustomize.py").write_text(
        f"import sysconfig\nget_path = sysconfig.get_path\n"
        f"sysconfig.get_path = lambda name, *rest: {str(prefix)!r} if name == 'data' else get_path(name, *rest)\n"
    )
    return prefix


def aiplatform(prefix: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.run(
        [sys.executable, "-P", "-m", "aiplatform", *words],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(prefix), "NO_COLOR": "1", "KUBECONFIG": str(folder / "kubeconfig")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_installed_wheel_needs_no_repository(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.small.yaml").write_text(BASE)
    for words in (("new", "team", "--purpose", "mlflow"), ("list",), ("explain", "cluster.version")):
        done = aiplatform(installed, tmp_path, *words)
        assert done.returncode == 0, done.stderr
    assert 'example: "1.35"' in done.stdout
    done = aiplatform(installed, tmp_path, "cost", "small", "--json", "--quiet")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["monthly"] > 100
    done = aiplatform(installed, tmp_path, "verify", "small")
    assert done.returncode == 3
    assert done.stderr.startswith("small: there is no kubeconfig ")


def test_missing_program_is_one_line(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.small.yaml").write_text(BASE)
    program = installed / "share" / "aiplatform" / "__main__.py"
    text = program.read_text()
    program.unlink()
    done = aiplatform(installed, tmp_path, "cost", "small", "--quiet")
    program.write_text(text)
    line = f"{tmp_path}: no __main__.py, the program; clone the repository, or install the package's wheel\n"
    assert (done.returncode, done.stderr) == (2, f"small: {line}")
