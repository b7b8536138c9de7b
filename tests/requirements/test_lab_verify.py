"""002: the checklists and the script of the course, as `aiplatform verify` has them."""

import json
from pathlib import Path
from typing import Any

import pytest

from aiplatform.cli import verify as command
from aiplatform.errors import FAILED, FINE
from aiplatform.verify.lists import KUBEFLOW, MLFLOW, PARTS, PREPARATION, STORAGE
from aiplatform.verify.model import Caller, Check, Checked, Outcome, Part, Result
from config.loader import load_file
from config.settings import Settings
from config.tenants import Tenant
from tests.config.base import ROOT, STACK_FILES, TODAY, shipped_project
from tests.requirements.coverage import load


@pytest.fixture(scope="module")
def settings() -> Settings:
    """The stack's settings."""
    return load_file(STACK_FILES, "lab", today=TODAY).settings


def numbers(part: Part) -> dict[str, int]:
    """The checks of a part by what they look at."""
    return {check.title: check.number for check in part.checks}


@pytest.mark.requirement("002-ver-06", "002-ver-20", "002-ver-31", "002-ver-42", "002-wkl-01")
def test_stack_has_every_check_of_the_course_in_three_parts(settings: Settings) -> None:
    assert [len(part.of(settings)) for part in (KUBEFLOW, MLFLOW, STORAGE)] == [10, 7, 6]
    assert len(PREPARATION.of(settings)) == 7


@pytest.mark.requirement("002-ver-47")
def test_four_items_of_the_preparation_are_checks() -> None:
    found = numbers(PREPARATION)
    assert found["AWS CLI"] == 1
    assert found["AWS login"] == 4, "AWS CLI and credentials"
    assert (found["kubectl"], found["EKS connection"]) == (2, 5)
    assert (found["Repository"], found["Variables"]) == (6, 7)


@pytest.mark.requirement("002-ver-48", "002-ver-17")
def test_five_items_of_part_1_and_its_manual_commands_are_checks() -> None:
    found = numbers(KUBEFLOW)
    items = ("Namespace", "Profile", "ServiceAccount", "ResourceQuota", "Isolation")
    assert [found[item] for item in items] == [1, 2, 3, 4, 8]
    assert found["PodDefault"] == 6


@pytest.mark.requirement("002-ver-49")
def test_items_of_part_2_except_the_browser_page_are_checks() -> None:
    assert [numbers(MLFLOW)[item] for item in ("PodDefault", "MLflow server")] == [5, 6]
    assert numbers(KUBEFLOW)["PodDefault"] == 6, "access-ml-pipeline is looked for there"
    page = (ROOT / "docs" / "lab.md").read_text(encoding="utf-8")
    assert page.count("$ kubectl -n kubeflow-user07 port-forward svc/mlflow-server 5001:5000") == 1
    assert page.count("Port 5000 is in use by AirPlay on a Mac") == 1


@pytest.mark.requirement("002-ver-50", "002-ops-05")
def test_items_of_part_3_are_checks_without_docker() -> None:
    assert [numbers(STORAGE)[item] for item in ("S3 bucket", "ECR repository")] == [1, 2]
    registry = next(check for check in STORAGE.checks if check.number == 2)
    assert "002-ver-41" in registry.facts
    assert [check.title for check in PREPARATION.checks if "ocker" in check.title] == []


def test_fact_of_every_check_exists() -> None:
    facts = load().facts
    named = {fact for part in PARTS.values() for check in part.checks for fact in check.facts}
    assert sorted(named - facts.keys()) == []


def _run(monkeypatch: pytest.MonkeyPatch, failures: int, folder: Path) -> int:
    """The exit status of a run over all parts in which so many checks failed."""
    part = Part("storage", "AWS storage", (), number=3)
    check = Check(1, "Title", lambda _: Outcome("failed", "so"), ("002-ver-46",))

    def verified(settings: Settings, tenants: tuple[Tenant, ...], parts: list[Part], **_: Any) -> list[Result]:
        assert settings.tenants is not None
        assert [one.key for one in parts] == ["kubeflow", "mlflow", "storage"]
        return [Result(part, tenants[0], (Checked(check, Outcome("failed", "so")),) * failures)]

    def connected(*_: Any, **__: Any) -> command.Asked:
        cluster: Any = None
        cloud: Any = None
        return command.Asked(cluster, cloud, Caller("operator"))

    monkeypatch.setattr(command, "verify", verified)
    monkeypatch.setattr(command, "connected", connected)
    monkeypatch.chdir(folder)
    return command.verify_stack("lab", user=None, part="all", as_json=True, context=None, profile=None)


@pytest.mark.requirement("002-ver-46")
@pytest.mark.deviates("002-ver-44")
@pytest.mark.parametrize(("failures", "status"), [(0, FINE), (1, FAILED), (255, FAILED), (256, FAILED)])
def test_exit_status_is_1_for_any_number_of_failures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, failures: int, status: int
) -> None:
    assert _run(monkeypatch, failures, shipped_project(tmp_path)) == status
    assert json.loads(capsys.readouterr().out)["failed"] == failures


@pytest.mark.requirement("002-ver-46")
@pytest.mark.parametrize("folder", ["docs", "docs/iam"])
def test_checks_run_from_any_folder_and_change_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: str
) -> None:
    below = shipped_project(tmp_path) / folder
    below.mkdir(parents=True)
    assert _run(monkeypatch, 0, below) == FINE
    assert Path.cwd() == below
