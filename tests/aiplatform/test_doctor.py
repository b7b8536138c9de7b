"""`aiplatform doctor`: its lines, exit statuses and faults, on moto and without an account."""

import functools
import json
import time
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner, Result

from aiplatform.cli import doctor
from aiplatform.cli.main import app
from aiplatform.doctor import web
from aiplatform.doctor.checks import CHECKS
from aiplatform.doctor.engine import Asked, answered, asked
from aiplatform.doctor.question import Account, Question, Subject, fine, wrong
from aiplatform.errors import FAILED, FINE, UNAVAILABLE, WRONG, AccessError
from aiplatform.verify import cloud as aws
from tests.aiplatform.doctoring import CALLER, NUMBER, account, refused
from tests.components.base import SHIPPED, recorded
from tests.config.base import shipped_project


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped stacks, on a computer without credentials and without a network."""
    monkeypatch.chdir(shipped_project(tmp_path))
    monkeypatch.setattr(doctor, "record_stack", lambda stack: recorded(stack.name).plan)
    monkeypatch.setattr(web, "_asked", lambda *_: None)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *arguments])


def subject(stack: str, folder: Path) -> Subject:
    return Subject(stack, folder, recorded(stack).settings, recorded(stack).plan)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Question]:
    """The questions of a stack, which AWS answers as a test says."""
    questions: list[Question] = []
    monkeypatch.setattr(doctor, "asked", lambda _: [Asked(CHECKS[0], one) for one in questions])
    monkeypatch.setattr(doctor, "_account", lambda *_: account({}))
    return questions


WRONG_ON_MOTO = {"nemo": {"image"}, "pingvas": {"service-linked"}}
"""What an empty account lacks: the images of the backends, and the role of Spot, which Karpenter does not create."""


@functools.cache
def api(region: str) -> aws.AwsApi:
    """The API of a region, whose clients take longer to make than their answers."""
    return aws.AwsApi(boto3.Session(region_name=region))


@pytest.mark.parametrize("stack", SHIPPED)
def test_account_is_asked_what_the_list_without_one_names(stack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "connect", lambda region, *_: api(region))
    file = Path(f"Pulumi.{stack}.yaml")
    # The account of nemo.
    file.write_text(file.read_text("utf-8").replace("084375578827", NUMBER), encoding="utf-8")
    offline = run(stack, "--offline")
    assert offline.exit_code == FINE
    listed = [
        line.removeprefix("  to check  ") for line in offline.stdout.splitlines() if line.startswith("  to check")
    ]
    with mock_aws():
        result = run(stack, "--json")
    found = json.loads(result.stdout)
    assert [one["about"] for one in found["checks"]] == listed
    assert found["account"] == NUMBER
    lacking = {one["about"].split()[0] for one in found["checks"] if one["verdict"] == "wrong"}
    assert lacking == WRONG_ON_MOTO.get(stack, set())
    verdicts = {one["about"]: one["verdict"] for one in found["checks"]}
    for bucket in (one.inputs["bucket"] for one in recorded(stack).all("aws:s3/bucket:Bucket")):
        assert verdicts[f"bucket {bucket}"] == "fine"
    assert {verdict for about, verdict in verdicts.items() if "overlaps no" in about or about.startswith("zones ")} == {
        "fine"
    }
    # moto has no answer about versions of Kubernetes.
    assert verdicts[f"Kubernetes {recorded(stack).settings.cluster.version}"] == "unknown"
    assert result.exit_code == (FAILED if lacking else UNAVAILABLE)


@pytest.mark.parametrize("stack", SHIPPED)
def test_doctor_has_questions_of_its_checks_for_every_stack(stack: str, project: Path) -> None:
    questions = asked(subject(stack, project))
    abouts = [one.question.about for one in questions]
    assert {"identity", "quotas", "capacity", "versions", "names", "network", "account", "downloads"} <= {
        one.check.key for one in questions
    }
    assert [one for one in abouts if abouts.count(one) > 1] == []
    assert [one.check.order for one in questions] == sorted(one.check.order for one in questions)


def test_doctor_without_credentials_lists_what_is_to_check_and_ends_with_3() -> None:
    result = run("mlflow")
    assert result.exit_code == UNAVAILABLE
    assert "  to check  bucket mdpg-mlops-mlflow-artifacts" in result.stdout.splitlines()
    (line,) = result.stderr.splitlines()
    assert line.startswith("mlflow: no AWS credentials; log in with `aws sso login`")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (refused("ExpiredToken"), "mlflow: the AWS credentials are expired or invalid (ExpiredToken)"),
        (refused("Throttling", "Rate exceeded"), "mlflow: AWS cannot be asked: Rate exceeded"),
        (refused("AccessDenied", "sts denied"), "mlflow: AWS cannot be asked: sts denied"),
    ],
)
def test_caller_that_aws_refuses_is_one_line(monkeypatch: pytest.MonkeyPatch, error: AccessError, said: str) -> None:
    def call(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(aws.AwsApi, "call", call)
    result = run("mlflow")
    assert (result.exit_code, len(result.stderr.splitlines())) == (UNAVAILABLE, 1)
    assert result.stderr.startswith(said)


def test_doctor_refuses_another_account() -> None:
    with mock_aws():
        result = run("nemo")
    assert (result.exit_code, result.stdout) == (UNAVAILABLE, "")
    assert "belongs to another account than project.accountId 084375578827" in result.stderr


def test_doctor_uses_profile_and_role_of_the_stack_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    role = "arn:aws:iam::111122223333:role/deploys"
    file = project / "Pulumi.mlflow.yaml"
    settings = f"region: us-west-2\n    profile: shop\n    deployer: {role}\n    assumeDeployer: true"
    file.write_text(file.read_text("utf-8").replace("region: us-west-2", settings, 1), encoding="utf-8")
    seen: list[tuple[object, ...]] = []

    def connect(*given: object) -> Any:
        seen.append(given)
        raise AccessError("enough")

    monkeypatch.setattr(aws, "connect", connect)
    run("mlflow")
    run("mlflow", "--profile", "own")
    assert seen == [("us-west-2", "shop", role), ("us-west-2", "own", None)]


def test_doctor_of_an_unknown_stack_ends_with_2() -> None:
    assert run("nothing", "--offline").exit_code == WRONG


def test_something_wrong_ends_with_1_and_its_fix(answers: list[Question]) -> None:
    answers += [
        Question("one", lambda _: fine("yes")),
        Question("two", lambda one: one.call("r", "eks", "describe_cluster", name="a") and fine("")),
    ]
    result = run("mlflow")
    assert result.exit_code == FINE
    lines = result.stdout.splitlines()
    assert lines[1] == "  fine     one: yes"
    assert lines[2].startswith("  unknown  two: the answer was not understood (AssertionError")
    assert lines[-1] == f"1 fine, 0 wrong, 1 unknown, as {CALLER}"
    answers.append(Question("three", lambda _: wrong("no", "do it")))
    result = run("mlflow")
    assert result.exit_code == FAILED
    assert result.stdout.splitlines()[3:5] == ["  wrong    three: no", "           fix: do it"]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("AccessDenied", "not allowed (AccessDenied): no"),
        ("Throttling", "AWS throttles the requests (Throttling); run the command again later"),
        ("unreachable", "no answer: no"),
    ],
)
def test_refused_answers_are_one_line_and_end_with_3(answers: list[Question], code: str, why: str) -> None:
    def ask(_: Account) -> Any:
        raise refused(code)

    answers += [Question("one", ask), Question("two", ask)]
    result = run("mlflow")
    assert result.exit_code == UNAVAILABLE
    assert result.stdout.splitlines()[1:3] == [f"  unknown  one: {why}", f"  unknown  two: {why}"]
    assert result.stderr == f"mlflow: 2 answers are unknown because AWS refused them: {why}\n"


def test_credentials_that_expire_meanwhile_end_the_command(answers: list[Question]) -> None:
    def ask(_: Account) -> Any:
        raise refused("ExpiredToken")

    answers.append(Question("one", ask))
    result = run("mlflow")
    assert result.exit_code == UNAVAILABLE
    assert result.stderr.startswith("mlflow: the AWS credentials are expired or invalid (ExpiredToken)")


def test_questions_are_asked_in_parallel_and_a_late_answer_is_unknown() -> None:
    def slow(_: Account) -> Any:
        time.sleep(0.4)
        return fine("late")

    def late(_: Account) -> Any:
        time.sleep(1.5)
        return fine("too late")

    heard: list[int] = []
    began = time.monotonic()
    questions = [Asked(CHECKS[0], Question(str(number), slow)) for number in range(8)]
    lines = answered([*questions, Asked(CHECKS[0], Question("9", late))], account({}), heard.append, seconds=1)
    assert time.monotonic() - began < 1.4
    assert [line.answer.verdict for line in lines] == ["fine"] * 8 + ["unknown"]
    assert lines[-1].answer.detail == "no answer within 1 seconds; run the command again"
    assert heard == [*range(1, 9)]
