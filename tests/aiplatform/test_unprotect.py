"""`aiplatform unprotect` lists what a stack protects and what lifts the protection, and changes nothing."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aiplatform.cli.main import app
from tests.components.base import recorded
from tests.config.base import STACK_FILES, shipped_project


def _call(monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str) -> Result:
    monkeypatch.chdir(shipped_project(folder))
    return CliRunner().invoke(app, ["unprotect", *arguments])


def _lines(result: Result) -> list[str]:
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def test_unprotect_lists_every_protected_resource_and_the_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    protected = [one for one in recorded("prod").plan.resources if one.protect]
    lines = _lines(_call(monkeypatch, tmp_path, "--stack", "prod"))
    assert lines[0] == f"{len(protected)} protected resources of prod, and what is lost with each:"
    assert sum(line.startswith("  aws:rds/instance:Instance ") for line in lines) == 1
    assert {one.name for one in protected} == {line.split()[1].rstrip(":") for line in lines[1 : len(protected) + 1]}
    settings = lines[lines.index("To delete the platform, set in Pulumi.prod.yaml:") + 1 :][:4]
    assert settings == [
        f"  {path}.deletionProtection: false" for path in ("project", "cluster", "ingress", "databases.metadata")
    ]


def test_unprotect_only_prints_a_command_for_each_chosen_resource(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = _lines(_call(monkeypatch, tmp_path, "--stack", "prod", "--only", "tenant-team01"))
    wanted = sorted(one.urn for one in recorded("prod").plan.resources if one.protect and "tenant-team01" in one.urn)
    commands = [line for line in lines if line.startswith("  pulumi state unprotect")]
    assert commands == [f"  pulumi state unprotect --stack prod --yes '{urn}'" for urn in wanted]
    assert len(wanted) == 3
    assert lines[0].startswith("3 protected resources of prod")


def test_unprotect_reports_that_an_unprotected_stack_has_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert _lines(_call(monkeypatch, tmp_path, "--stack", "dev")) == [
        "dev protects nothing: pulumi destroy deletes all of it"
    ]


def test_unprotect_only_refuses_a_text_that_no_resource_has(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    result = _call(monkeypatch, tmp_path, "--stack", "prod", "--only", "tenant-team99")
    assert result.exit_code != 0
    assert "protected resources of prod has 'tenant-team99' in its URN" in result.stderr


def test_unprotect_writes_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _call(monkeypatch, tmp_path, "--stack", "prod")
    assert {path.name for path in tmp_path.iterdir()} == {
        "Pulumi.yaml",
        "__main__.py",
        *(file.name for file in STACK_FILES.iterdir()),
    }
    for file in STACK_FILES.iterdir():
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()
