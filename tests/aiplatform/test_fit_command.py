"""`aiplatform fit` on the command line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import config.loader
from aiplatform.cli.main import app
from tests.aiplatform.test_cli import Today
from tests.config.base import shipped_project


@pytest.fixture(autouse=True)
def _here_and_on_the_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shipped_project(tmp_path))
    monkeypatch.setattr(config.loader, "date", Today)


def _fit(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["fit", "--stack", "mlflow", *arguments])


def test_groups_are_shown_at_three_sizes_with_requests_and_capacity() -> None:
    result = _fit()
    rows = [line.split() for line in result.stdout.splitlines() if line.startswith("cpu-workers")]
    assert result.exit_code == 0
    assert [row[1:3] for row in rows] == [["minimum", "2"], ["expected", "2"], ["maximum", "5"]]
    # Two t3.medium: 2 x 1930m and 2 x 3246Mi; their pods ask for 1680m and 4196Mi.
    assert rows[1][3:5] == ["1.7/3.9", "4.1Gi/6.3Gi"]
    assert rows[1][5:7] == ["10Gi/52Gi", "23/220"], "two servers with a scratch disk of 5 GiB"
    assert "…" not in result.stdout
    assert "Every pod finds a place at every size." in result.stdout
    assert all(len(line) <= 80 for line in result.stdout.splitlines())


def test_pending_workload_is_named_with_the_reason() -> None:
    result = _fit("--set", "nodeGroups.cpu-workers.scaling.max=2")
    assert result.exit_code == 0
    said = " ".join(result.stdout.split())
    assert "At maximum size 1 of 5 pods of Deployment ml-platform/mlflow wait: requests 816Mi memory" in said


def test_unknown_stack_is_one_line_and_status_2() -> None:
    result = CliRunner().invoke(app, ["fit", "--stack", "none"])
    assert (result.exit_code, len(result.stderr.splitlines()), result.stdout) == (2, 1, "")
