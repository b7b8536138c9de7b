"""`aiplatform verify`: lists of checks, parallel tenants, the caller, and the output."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from aiplatform.cli.verify import own
from aiplatform.verify.engine import checked, closest, verify
from aiplatform.verify.isolation import MOST
from aiplatform.verify.lists import KUBEFLOW, MLFLOW, PARTS, PLATFORM, STORAGE, parts_of
from aiplatform.verify.model import Caller, Check, Checked, Outcome, Part, Result, Subject
from aiplatform.verify.show import document, ending, for_all, for_one
from config.loader import load_file
from config.settings import Settings
from tests.aiplatform.verify_fakes import FakeCloud, FakeCluster, outcomes
from tests.aiplatform.verifying import LAB, SMALL, settings, tenants
from tests.config.base import STACK_FILES, TODAY

PATIENCE = 0.3
"""Seconds that a slow answer takes."""


# --- the lists ---


@pytest.mark.requirement("002-ver-07", "002-ver-16", "002-ver-21", "002-ver-27", "002-ver-32", "002-ver-37")
def test_parts_have_the_checks_of_the_document_with_its_numbers() -> None:
    numbers = {part.key: [check.number for check in part.checks] for part in (KUBEFLOW, MLFLOW, STORAGE)}

    assert numbers == {
        "kubeflow": list(range(1, 11)),
        "mlflow": list(range(1, 8)),
        "storage": list(range(1, 7)),
    }
    assert [check.title for check in KUBEFLOW.checks[:3]] == ["Namespace", "Profile", "ServiceAccount"]
    assert KUBEFLOW.checks[7].facts == ("002-ver-14", "002-ver-18")
    assert [part.following for part in (KUBEFLOW, MLFLOW, STORAGE)] == ["mlflow", "storage", ""]


def test_check_numbers_are_unique_and_every_check_names_its_facts() -> None:
    for part in PARTS.values():
        numbers = [check.number for check in part.checks]
        assert numbers == list(range(1, len(numbers) + 1))
        assert all(check.facts for check in part.checks)


def test_checks_of_absent_parts_are_left_out_and_numbers_stay(tmp_path: Path) -> None:
    plain = settings(tmp_path, SMALL.replace("    profiles: true\n", "").replace("    mlflow: {}\n", ""))

    assert [check.number for check in KUBEFLOW.of(plain)] == [1, 3, 4, 5, 7, 8, 10]
    assert [check.number for check in MLFLOW.of(plain)] == [1, 3, 4, 7]


def test_stack_without_tenants_is_checked_as_a_platform() -> None:
    found = load_file(STACK_FILES, "mlflow", today=TODAY).settings

    assert [part.key for part in parts_of(found)] == ["platform"]
    assert 11 in [check.number for check in PLATFORM.of(found)]


# --- many tenants ---


def test_tenants_are_checked_in_parallel(tmp_path: Path) -> None:
    class_, cloud = settings(tmp_path, LAB), FakeCloud(seconds=PATIENCE)

    results = verify(class_, tenants(class_), [STORAGE], cluster=FakeCluster({}), cloud=cloud, caller=Caller())

    assert [result.score for result in results] == ["6/6"] * 16
    assert cloud.waiting.most >= 12, "of 16"


def test_isolation_of_all_tenants_is_checked_in_parallel(tmp_path: Path) -> None:
    class_ = settings(tmp_path, LAB)
    cluster = FakeCluster({}, seconds=PATIENCE)

    (result,) = verify(
        class_, tenants(class_)[:1], [MLFLOW], cluster=cluster, cloud=FakeCloud(), caller=Caller("op", ("admins",))
    )

    assert outcomes(result)[7].detail == "15 other namespaces refuse list services, create pods/portforward"
    assert cluster.waiting.most >= 12, "of 15 namespaces and two questions"


def test_isolation_samples_other_tenants_above_the_limit_and_reports_it(tmp_path: Path) -> None:
    many = settings(
        tmp_path, SMALL.replace("last: 2}", "last: 59}").replace('"20":', '"60":').replace("max: 9", "max: 400")
    )
    first, *_ = tenants(many)
    (result,) = verify(many, [first], [MLFLOW], cluster=FakeCluster({}), cloud=FakeCloud(), caller=Caller("op"))

    assert outcomes(result)[7].detail.startswith(f"{MOST} of 59 other namespaces refuse")
    asked_about = [other.number for one in tenants(many) for other in closest(one, tenants(many))[:MOST]]
    assert {asked_about.count(one.number) for one in tenants(many)} == {MOST}


@pytest.mark.deviates("002-ver-43")
@pytest.mark.parametrize(
    ("arn", "groups", "expected"),
    [
        ("arn:aws:sts::123456789012:assumed-role/mlops-tenant-user02/me", (), ["02"]),
        ("arn:aws:sts::123456789012:assumed-role/mlops-tenant-user20/me", (), ["01", "02", "20"]),
        ("arn:aws:iam::123456789012:user/mlops-tenant-user02", (), ["01", "02", "20"]),
        ("arn:aws:sts::123456789012:assumed-role/given/me", (), ["01"]),
        ("arn:aws:sts::123456789012:assumed-role/admin/me", ("admins",), ["01", "02", "20"]),
        ("", ("tenants", "tenant-user02"), ["02"]),
        ("", (), ["01", "02", "20"]),
    ],
)
def test_trainee_is_identified_by_group_or_role_and_instructor_sees_all(
    lab: Settings, arn: str, groups: tuple[str, ...], expected: list[str]
) -> None:
    first, *others = tenants(lab)
    given = first._replace(principal_arn="arn:aws:iam::123456789012:role/people/given")

    found = own((given, *others), Caller("", groups, arn), lab)

    assert [one.number for one in found] == expected


# --- what is shown ---


def shown(function: Callable[..., None], *arguments: Any, **more: Any) -> str:
    console = Console(width=80, record=True, file=open(os.devnull, "w", encoding="utf-8"), highlight=False)  # noqa: SIM115, PTH123
    function(*arguments, console, **more)
    return console.export_text()


def _check(number: int, outcome: Outcome) -> Check:
    return Check(number, f"Title {number}", lambda _: outcome, ("002-ver-07",))


def test_failure_is_shown_with_its_hint_and_no_next_part(lab: Settings) -> None:
    long = "x" * 90
    part = Part(
        "kubeflow",
        "Kubeflow tenant",
        (_check(1, Outcome("failed", f"wrong {long}", f"mend {long}")), _check(2, Outcome("warning", "perhaps"))),
        following="mlflow",
        number=1,
    )
    subject = Subject(lab, FakeCluster({}), FakeCloud(), Caller(), tenant_=tenants(lab)[0])

    output = shown(for_one, [checked(part, subject)], stack="lab")

    assert "passed 0, failed 1, warnings 1\nscore 0/2" in output
    assert "hint: mend" in output
    assert "Next" not in output
    assert max(map(len, output.splitlines())) <= 80


@pytest.mark.requirement("002-ver-45")
@pytest.mark.parametrize(
    ("part", "verdict", "said"),
    [
        (STORAGE, "passed", "All passed. Next: Lab 1-2 (Hello Pipeline)."),
        (MLFLOW, "passed", "All passed."),
        (STORAGE, "warning", "Nothing failed; warnings: 1."),
        (STORAGE, "failed", "1 checks failed. Look at the failed part, mend it or ask the instructor."),
    ],
)
def test_summary_names_the_next_step_or_a_contact(lab: Settings, part: Part, verdict: Any, said: str) -> None:
    result = Result(part, tenants(lab)[0], (Checked(part.checks[0], Outcome(verdict, "so")),))

    assert ending([result]) == said


def test_table_of_sixteen_tenants_fits_a_narrow_terminal(tmp_path: Path) -> None:
    class_ = settings(tmp_path, LAB)
    results = verify(
        class_,
        tenants(class_),
        [KUBEFLOW, MLFLOW, STORAGE],
        cluster=FakeCluster({}),
        cloud=FakeCloud(),
        caller=Caller("operator"),
    )

    output = shown(for_all, results)

    lines = output.splitlines()
    assert lines[0].split() == ["tenant", "kubeflow", "mlflow", "storage"]
    assert [line.split()[0] for line in lines[1:17]] == [one.name for one in tenants(class_)]
    assert lines[1].split() == ["user01", "2/10,", "8", "failed", "3/7,", "4", "failed", "6/6"]
    assert max(map(len, lines)) <= 80
    assert json.loads(document(results, stack="lab", caller=Caller()))["failed"] == 16 * 12
