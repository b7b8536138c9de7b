"""Errors of `aiplatform verify`: one line, never a traceback."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from aiplatform.cli.main import app
from aiplatform.cli.verify import who_asks
from aiplatform.errors import AccessError
from aiplatform.verify import cloud as aws
from aiplatform.verify.engine import checked
from aiplatform.verify.lists import KUBEFLOW
from aiplatform.verify.model import Caller, Subject
from aiplatform.verify.problem import RefusedError
from config.settings import Settings
from tests.aiplatform.verify_fakes import FakeCloud, FakeCluster, outcomes
from tests.aiplatform.verifying import LAB, settings, tenants
from tests.config.base import ROOT


def aiplatform(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    """The exit status and what is said on the error stream, which is one line."""
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(app, ["verify", "--stack", "lab", *arguments])
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert result.stderr.count("\n") == 1
    return result.exit_code, result.stderr


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose user has no credentials of any kind."""
    settings(tmp_path, LAB)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "USER_NUM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "no-kubeconfig"))
    return tmp_path


def kubeconfig(folder: Path, *, cluster: str, server: str = "https://127.0.0.1:1", **user: Any) -> None:
    (folder / "no-kubeconfig").write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": cluster, "cluster": {"server": server}}],
                "users": [{"name": "me", "user": user or {"token": "hidden-from-all"}}],
                "contexts": [{"name": "mine", "context": {"cluster": cluster, "user": "me"}}],
                "current-context": "mine",
            }
        )
    )


ARN = "arn:aws:eks:ap-northeast-2:123456789012:cluster/mlops-training-cluster"


@pytest.mark.parametrize("number", ["17", "user16", "0", "nobody", ""])
def test_unknown_user_lists_the_users(folder: Path, monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    assert aiplatform(folder, monkeypatch, "--user", number) == (
        2,
        f"lab: there is no user {number}; there are 01 to 15, 20\n",
    )


@pytest.mark.requirement("002-nam-03", "002-ver-06")
def test_number_can_be_an_environment_variable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER_NUM", "17")

    assert aiplatform(folder, monkeypatch) == (2, "lab: there is no user 17; there are 01 to 15, 20\n")


def test_unknown_part_lists_the_parts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, line = aiplatform(folder, monkeypatch, "--part", "storag")

    assert status == 2
    assert line == "lab: there is no part storag; did you mean storage?\n"


def test_missing_kubeconfig_names_the_command_that_writes_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, line = aiplatform(folder, monkeypatch)

    assert status == 3
    assert "run `aws eks update-kubeconfig --region ap-northeast-2 --name mlops-training-cluster`" in line


def test_kubeconfig_of_another_cluster_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kubeconfig(folder, cluster=ARN.replace("mlops-training", "somebody-elses"))

    status, line = aiplatform(folder, monkeypatch)

    assert status == 3
    assert "no context of the kubeconfig is of the cluster mlops-training-cluster" in line


def test_unknown_context_lists_the_contexts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kubeconfig(folder, cluster=ARN)

    assert aiplatform(folder, monkeypatch, "--context", "other") == (
        2,
        "lab: the kubeconfig has no context other; it has mine\n",
    )


@pytest.mark.parametrize("content", ["{", "[]", "text", "apiVersion: v1\n"])
def test_invalid_kubeconfig_is_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    (folder / "no-kubeconfig").write_text(content)

    status, line = aiplatform(folder, monkeypatch)

    assert status == 3
    assert "kubeconfig" in line


def test_unreachable_cluster_is_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kubeconfig(folder, cluster=ARN)

    status, line = aiplatform(folder, monkeypatch)

    assert status == 3
    assert "the cluster mlops-training-cluster does not answer" in line
    assert "hidden-from-all" not in line


@pytest.mark.parametrize(
    ("command", "said"),
    [("sh", "Unable to locate credentials"), ("no-such-program", "no-such-program")],
)
def test_failed_login_is_one_line_with_its_reason(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str, said: str
) -> None:
    arguments = ["-c", "echo Unable to locate credentials >&2; exit 255"]
    plugin = {"apiVersion": "client.authentication.k8s.io/v1beta1", "command": command, "args": arguments}
    kubeconfig(folder, cluster=ARN, exec=plugin)

    status, line = aiplatform(folder, monkeypatch)

    assert status == 3
    assert line.startswith("lab: no login to the cluster: ")
    assert said in line


def test_missing_aws_credentials_are_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, line = aiplatform(folder, monkeypatch, "--part", "storage", "--user", "01")

    assert status == 3
    assert line.startswith("lab: no AWS credentials; log in with `aws sso login`")


def test_unknown_profile_is_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "before")

    status, line = aiplatform(folder, monkeypatch, "--part", "storage", "--profile", "teacher")

    assert status == 3
    assert line.startswith("lab: The config profile (teacher) could not be found; log in with `aws sso login`")


def test_expired_aws_credentials_are_one_line() -> None:
    with pytest.raises(AccessError, match=r"the AWS credentials are expired or invalid \(ExpiredToken\)"):
        aws.caller_arn(FakeCloud({"get_caller_identity": RefusedError("ExpiredToken", "the token")}))


def test_unreachable_aws_is_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "tests")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    status, line = aiplatform(folder, monkeypatch, "--part", "storage")

    assert status == 3
    assert "AWS cannot be asked" in line


def test_identity_without_access_entry_gets_a_hint(lab: Settings) -> None:
    review = "/apis/authentication.k8s.io/v1/selfsubjectreviews"

    with pytest.raises(AccessError, match="your IAM identity has no access entry"):
        who_asks(FakeCluster({review: RefusedError("401", "Unauthorized")}), lab)


def test_invalid_stack_file_is_reported_like_elsewhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "Pulumi.lab.yaml").write_text(LAB.replace("first: 1", "first: one"))

    status, line = aiplatform(folder, monkeypatch)

    assert status == 2
    assert line.startswith("Pulumi.lab.yaml:19: tenants.range.first: ")


def test_unexpected_answer_is_a_failed_check_without_a_traceback(lab: Settings) -> None:
    subject = Subject(
        lab, FakeCluster({"/api/v1/namespaces/kubeflow-user01": []}), FakeCloud(), Caller(), tenant_=tenants(lab)[0]
    )

    found = checked(KUBEFLOW, subject)

    assert outcomes(found)[1].verdict == "failed"
    assert "was not understood" in outcomes(found)[1].detail


@pytest.mark.parametrize(
    ("command", "libraries"), [("plan", ("kubernetes", "boto3", "botocore")), ("verify", ("pulumi", "pulumi_aws"))]
)
def test_command_imports_no_library_of_other_commands(command: str, libraries: tuple[str, ...]) -> None:
    script = (
        f"import sys, aiplatform.cli.main, aiplatform.cli.{command}\n"
        f"print([name for name in {libraries} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
