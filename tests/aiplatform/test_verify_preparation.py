"""`aiplatform verify --part preparation`: tools, credentials, connection and the user's number."""

import json
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from typer.testing import CliRunner

from aiplatform.cli.main import app
from aiplatform.errors import AccessError
from aiplatform.verify.engine import verify
from aiplatform.verify.lists import KUBEFLOW, MLFLOW, PREPARATION, STORAGE, parts_of
from aiplatform.verify.machine import Computer
from aiplatform.verify.model import Caller, Cloud, Cluster, Machine, Outcome, Result
from aiplatform.verify.problem import RefusedError
from config.loader import load_file
from config.settings import Settings
from tests.aiplatform.verifying import LAB, settings
from tests.config.base import STACK_FILES, TODAY

SAID = {
    ("aws", "--version"): "aws-cli/2.31.5 Python/3.13.7 Linux/6.1 exe/x86_64\n",
    ("kubectl", "version", "--client", "--output=json"): '{"clientVersion": {"gitVersion": "v1.35.2"}}',
    ("git", "--version"): "git version 2.51.0\n",
    ("git", "rev-parse", "--show-toplevel"): "/home/me/platform\n",
}
"""What the tools say that the course asks for."""

OWN = {
    "USER_NUM": "01",
    "NAMESPACE": "kubeflow-user01",
    "S3_BUCKET": "mlops-training-user01",
    "AWS_REGION": "ap-northeast-2",
}
"""What the first trainee sets."""

ROLE = "arn:aws:sts::123456789012:assumed-role/mlops-tenant-{}/me"
FIRST = ROLE.format("user01")
DNS = {"/api/v1/namespaces/kube-system/services/kube-dns": {"kind": "Service"}}


class FakeMachine:
    def __init__(self, said: Mapping[Any, str | None], variables: Mapping[str, str]) -> None:
        self.said, self.variables = dict(said), dict(variables)

    def run(self, *command: str) -> str | None:
        return self.said.get(command)

    def variable(self, name: str) -> str | None:
        return self.variables.get(name)


class FakeCluster:
    def __init__(self, objects: Mapping[str, Any] | Exception) -> None:
        self.objects = objects

    def get(self, path: str) -> Any:
        if isinstance(self.objects, Exception):
            raise self.objects
        return self.objects.get(path)


class FakeCloud:
    def __init__(self, answer: Mapping[str, str] | Exception) -> None:
        self.answer = answer

    def call(self, service: str, operation: str) -> Any:
        assert (service, operation) == ("sts", "get_caller_identity")
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def lab(tmp_path: Path) -> Settings:
    return settings(tmp_path, LAB)


def prepared(
    lab: Settings,
    *,
    said: Mapping[Any, str | None] = SAID,
    variables: Mapping[str, str] = OWN,
    objects: Mapping[str, Any] | Exception = DNS,
    arn: str | Exception = FIRST,
) -> Result:
    """What is found on a computer, where everything is as it should be unless told."""
    answer = arn if isinstance(arn, Exception) else {"Arn": arn, "Account": "123456789012", "UserId": "AROA:me"}
    (result,) = verify(
        lab,
        [],
        [PREPARATION],
        cluster=cast("Cluster", FakeCluster(objects)),
        cloud=cast("Cloud", FakeCloud(answer)),
        caller=Caller("user01", ("tenant-user01",), "" if isinstance(arn, Exception) else arn),
        machine=cast("Machine", FakeMachine(said, variables)),
    )
    return result


def found(result: Result) -> dict[str, Outcome]:
    return {check.title: outcome for check, outcome in result.checked}


def wrong(result: Result) -> dict[str, str]:
    return {title: one.detail for title, one in found(result).items() if one.verdict != "passed"}


@pytest.mark.requirement("002-ops-02", "002-ver-01", "002-ver-03", "002-ver-47")
@pytest.mark.deviates("002-ver-04")
def test_prepared_computer_passes_with_details(lab: Settings) -> None:
    result = prepared(lab)

    assert (result.summary, result.score) == ("passed 7, failed 0, warnings 0", "7/7")
    assert [outcome.detail for outcome in found(result).values()] == [
        "AWS CLI 2.31.5",
        "kubectl v1.35.2; the cluster has 1.35",
        "Git 2.51.0",
        "AWS knows you as arn:aws:sts::123456789012:assumed-role/mlops-tenant-user01/me",
        "mlops-training-cluster knows you as user01, and CoreDNS is there",
        "/home/me/platform is a clone",
        "USER_NUM=01, NAMESPACE=kubeflow-user01, S3_BUCKET=mlops-training-user01, AWS_REGION=ap-northeast-2",
    ]


def test_preparation_precedes_the_three_parts_and_is_not_one_of_them(lab: Settings) -> None:
    assert parts_of(lab) == [KUBEFLOW, MLFLOW, STORAGE]
    assert (PREPARATION.number, PREPARATION.following) == (0, "kubeflow")
    assert [len(part.checks) for part in parts_of(lab)] == [10, 7, 6]


@pytest.mark.requirement("002-ops-04")
@pytest.mark.parametrize(
    ("command", "title", "hint"),
    [
        (("aws", "--version"), "AWS CLI", "`brew install awscli`, or on Windows the installer of https://aws.amazon.com/cli/"),
        (("kubectl", "version", "--client", "--output=json"), "kubectl",
         "`brew install kubectl`, or on Windows `choco install kubernetes-cli`"),
        (("git", "--version"), "Git", "`brew install git`, or on Windows https://git-scm.com/"),
    ],
)  # fmt: skip
def test_missing_tool_fails_with_the_way_to_install_it(
    lab: Settings, command: tuple[str, ...], title: str, hint: str
) -> None:
    result = prepared(lab, said={**SAID, command: None})

    assert found(result)[title] == Outcome("failed", f"{title} is missing", hint)
    assert list(wrong(result)) == [title]


@pytest.mark.requirement("002-ver-01", "002-ver-03")
@pytest.mark.parametrize(
    ("command", "title", "said", "detail"),
    [
        (("aws", "--version"), "AWS CLI", "aws-cli/1.44.2 Python/3.9", "AWS CLI 1.44.2 is not version 2"),
        (("git", "--version"), "Git", "git version 1.8.3.1", "Git 1.8.3.1 is not version 2"),
        (("aws", "--version"), "AWS CLI", "fish\n", "`aws --version` says 'fish', which names no version"),
    ],
)
def test_old_tool_fails(lab: Settings, command: tuple[str, ...], title: str, said: str, detail: str) -> None:
    assert wrong(prepared(lab, said={**SAID, command: said})) == {title: detail}


@pytest.mark.parametrize(
    "version", ["git version 2.39.5 (Apple Git-154)", "git version 2.51.0.windows.1", "git version 2.50"]
)
def test_git_version_of_every_system_is_parsed(lab: Settings, version: str) -> None:
    assert wrong(prepared(lab, said={**SAID, ("git", "--version"): version})) == {}


@pytest.mark.requirement("002-ver-02")
@pytest.mark.parametrize(
    ("version", "verdict"),
    [("v1.27.4", "failed"), ("v1.33.9", "failed"), ("v1.34.0", "passed"), ("v1.35.9", "passed"),
     ("v1.36.0-eks-1", "passed"), ("v1.37.1", "failed"), ("v2.35.0", "failed"), ("one", "failed")],
)  # fmt: skip
def test_kubectl_may_differ_by_one_minor_version(lab: Settings, version: str, verdict: str) -> None:
    assert lab.cluster.version == "1.35"
    command = ("kubectl", "version", "--client", "--output=json")

    result = prepared(lab, said={**SAID, command: json.dumps({"clientVersion": {"gitVersion": version}})})

    assert found(result)["kubectl"].verdict == verdict


def test_kubectl_without_json_output_fails_without_a_traceback(lab: Settings) -> None:
    command = ("kubectl", "version", "--client", "--output=json")

    assert wrong(prepared(lab, said={**SAID, command: "[]"})) == {
        "kubectl": "`kubectl version --client` names no version"
    }


@pytest.mark.requirement("002-iam-02", "002-ops-11")
@pytest.mark.deviates("002-ver-04")
@pytest.mark.parametrize(
    ("arn", "verdict", "said"),
    [
        (ROLE.format("user02"), "failed", "AWS knows you as user02, and USER_NUM is the number of user01"),
        ("arn:aws:iam::123456789012:user/mlops-training", "warning", "which is not user01"),
        (AccessError("no AWS credentials; log in"), "failed", "no AWS credentials; log in"),
        (RefusedError("ExpiredToken", "expired"), "failed", "the login has expired"),
    ],
)  # fmt: skip
def test_aws_login_must_be_the_tenant_role_and_a_shared_key_is_a_warning(
    lab: Settings, arn: str | Exception, verdict: str, said: str
) -> None:
    outcome = found(prepared(lab, arn=arn))["AWS login"]

    assert outcome.verdict == verdict
    assert said in outcome.detail
    if verdict == "warning":
        assert outcome.hint == "set the profile that assumes mlops-tenant-user01 with AWS_PROFILE or --profile"


def test_account_of_another_stack_fails(tmp_path: Path) -> None:
    elsewhere = settings(tmp_path, LAB.replace("name: mlops\n", 'name: mlops\n    accountId: "111122223333"\n', 1))

    outcome = found(prepared(elsewhere))["AWS login"]

    assert outcome.verdict == "failed"
    assert outcome.detail.endswith("belongs to another account than 111122223333")


@pytest.mark.requirement("002-ver-05", "002-ops-09")
@pytest.mark.parametrize(
    ("objects", "detail"),
    [
        ({}, "mlops-training-cluster answers and has no Service kube-dns"),
        (AccessError("the cluster does not know you (Unauthorized)"), "the cluster does not know you (Unauthorized)"),
        (RefusedError("403", "services is forbidden"), "refused (403): services is forbidden"),
    ],
)
def test_cluster_that_refuses_the_user_fails(
    lab: Settings, objects: Mapping[str, Any] | Exception, detail: str
) -> None:
    assert wrong(prepared(lab, objects=objects)) == {"EKS connection": detail}


@pytest.mark.requirement("002-nam-03", "002-nam-04", "002-nam-05", "002-nam-06", "002-ops-06")
def test_wrong_or_missing_variable_gets_a_hint_for_both_shells(lab: Settings) -> None:
    of_another = {**OWN, "S3_BUCKET": "mlops-training-user02"}
    del of_another["AWS_REGION"]

    outcome = found(prepared(lab, variables=of_another))["Variables"]

    assert outcome == Outcome(
        "failed",
        "S3_BUCKET is mlops-training-user02; for user01 it is mlops-training-user01",
        "export S3_BUCKET=mlops-training-user01 AWS_REGION=ap-northeast-2\n"
        'in PowerShell: $env:S3_BUCKET = "mlops-training-user01"; $env:AWS_REGION = "ap-northeast-2"',
    )


@pytest.mark.requirement("002-nam-03")
@pytest.mark.parametrize(
    ("number", "said"),
    [
        (None, "USER_NUM is not set"),
        ("1", "USER_NUM is 1, which is the number of no tenant"),
        ("16", "USER_NUM is 16, which is the number of no tenant"),
    ],
)
def test_unknown_number_fails(lab: Settings, number: str | None, said: str) -> None:
    variables = {} if number is None else {"USER_NUM": number}

    assert wrong(prepared(lab, variables=variables))["Variables"] == said


def test_folder_without_a_clone_is_a_warning(lab: Settings) -> None:
    result = prepared(lab, said={**SAID, ("git", "rev-parse", "--show-toplevel"): None})

    assert found(result)["Repository"].verdict == "warning"
    assert result.count("failed") == 0


# --- the computer itself ---


def tool(folder: Path, name: str, *, says: str, status: int = 0) -> None:
    """A program of this name on the path."""
    file = folder / name
    file.write_text(f"#!{sys.executable}\nimport sys\nprint({says!r})\nsys.exit({status})\n")
    file.chmod(file.stat().st_mode | stat.S_IEXEC)


@pytest.mark.requirement("002-ops-07")
def test_tools_are_called_without_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    tool(tmp_path, "good", says="fine")
    tool(tmp_path, "bad", says="no", status=3)
    computer = Computer(tmp_path)

    assert computer.run("good", "; exit 1") == "fine\n"
    assert computer.run("bad") is None
    assert computer.run("missing") is None
    monkeypatch.setenv("EMPTY", "")
    assert (computer.variable("PATH"), computer.variable("EMPTY")) == (str(tmp_path), None)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project, and a computer with no credentials, no kubeconfig and three tools."""
    settings(tmp_path, LAB)
    tools = tmp_path / "bin"
    tools.mkdir()
    tool(tools, "aws", says="aws-cli/2.31.5 Python/3.13")
    tool(tools, "git", says="git version 2.51.0")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", *OWN):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "KUBECONFIG"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_bare_computer_gets_every_missing_tool_in_one_run(bare: Path) -> None:
    result = CliRunner().invoke(app, ["verify", "--stack", "lab", "--part", "preparation", "--json"])

    assert bare.exists()
    assert result.exit_code == 1
    (subject,) = json.loads(result.stdout)["subjects"]
    checks = {check["title"]: (check["verdict"], check["detail"]) for check in subject["parts"][0]["checks"]}
    assert checks["AWS CLI"] == ("passed", "AWS CLI 2.31.5")
    assert checks["kubectl"] == ("failed", "kubectl is missing")
    assert checks["AWS login"][0] == checks["EKS connection"][0] == "failed"
    assert checks["AWS login"][1].startswith("no AWS credentials; log in with `aws sso login`")
    assert (
        "aws eks update-kubeconfig --region ap-northeast-2 --name mlops-training-cluster" in checks["EKS connection"][1]
    )
    assert checks["Variables"] == ("failed", "USER_NUM is not set")


@pytest.mark.deviates("002-ver-43")
def test_command_shows_hints_and_refuses_an_unknown_user(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = CliRunner().invoke(app, ["verify", "--stack", "lab", "--part", "preparation"]).stdout

    assert bare.exists()
    assert shown.startswith("Preparation (lab)\n1/7 passed AWS CLI")
    assert "hint: export USER_NUM=01" in shown
    assert "passed 3, failed 4, warnings 0\nscore 3/7" in shown
    monkeypatch.setenv("USER_NUM", "16")
    result = CliRunner().invoke(app, ["verify", "--stack", "lab", "--part", "preparation"])
    assert (result.exit_code, result.stderr) == (2, "lab: there is no user 16; there are 01 to 15, 20\n")


def test_platform_without_tenants_has_preparation_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    mlflow = load_file(STACK_FILES, "mlflow", today=TODAY).settings

    assert [check.title for check in PREPARATION.of(mlflow)][-1] == "Repository"
    monkeypatch.delenv("USER_NUM", raising=False)
    result = prepared(mlflow, variables={}, arn="arn:aws:iam::123456789012:user/operator")
    assert wrong(result) == {}
