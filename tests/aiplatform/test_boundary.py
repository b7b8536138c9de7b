"""The error boundary: the message and the exit status of each command for each fault."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
import typer
from botocore.exceptions import (  # type: ignore[import-untyped]
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    UnauthorizedSSOTokenError,
)
from kubernetes.client import ApiException
from typer.testing import CliRunner, Result
from urllib3.exceptions import HTTPError

import config.loader
from aiplatform.cli.boundary import explained
from aiplatform.cli.main import app
from aiplatform.errors import LOG_IN
from aiplatform.verify import cluster as kubernetes
from aiplatform.verify.problem import RefusedError
from tests.aiplatform.test_cli import Today
from tests.aiplatform.test_prices_refresh import FILE, SEOUL
from tests.aiplatform.verify_fakes import FakeCluster
from tests.config.base import BASE, ROOT

FAILED, WRONG, UNAVAILABLE, INTERRUPTED = 1, 2, 3, 130

CALLS: dict[str, tuple[str, ...]] = {
    "plan": ("--stack", "small"),
    "cost": ("--stack", "small"),
    "fit": ("--stack", "small"),
    "images": ("--stack", "small"),
    "optimize": ("--stack", "small"),
    "diff": (),
    "comment": ("difference.json", "--dry-run"),
    "check-preview": ("difference.json", "preview.json", "-s", "small"),
    "unprotect": ("--stack", "small"),
    "manifests": (),
    "verify": ("--stack", "small"),
    "permissions": ("--stack", "small", "--state-bucket", "state", "--account", "111122223333"),
    "bootstrap": ("--stack", "small"),
    "doctor": ("--stack", "small", "--offline"),
    "adopt vpc": ("vpc-0a1b2c3d4e5f60718", "--stack", "small"),
    "new": ("fresh", "--purpose", "mlflow"),
    "list": (),
    "explain": ("cluster.version",),
    "models": ("qwen3-4b",),
    "rules": (),
    "schema": (),
    "settings": (),
    "prices show": ("t3.medium",),
    "prices refresh": ("--region", SEOUL, "--file", "prices.yaml"),
    "prices documents": (),
}
"""Arguments of each command that succeed, where no fault is put in."""

STACK_COMMANDS = ("plan", "cost", "fit", "images", "verify", "permissions")
PREVIEWS = ("plan", "cost", "fit", "images", "permissions")

INSIDE = {
    "plan": "aiplatform.cli.plan.findings",
    "cost": "aiplatform.cli.cost.bill",
    "fit": "aiplatform.cli.fit.fit",
    "images": "aiplatform.cli.images.images",
    "optimize": "aiplatform.cli.optimize.load_stack",
    "diff": "aiplatform.cli.diff.merge_base",
    "comment": "aiplatform.cli.comment.content",
    "check-preview": "aiplatform.cli.check_preview.content",
    "unprotect": "aiplatform.cli.unprotect.record_stack",
    "manifests": "aiplatform.cli.manifests.clone",
    "verify": "aiplatform.cli.verify.chosen_parts",
    "permissions": "aiplatform.cli.permissions.deployer_policies",
    "bootstrap": "aiplatform.cli.bootstrap.load_stack",
    "doctor": "aiplatform.cli.doctor.load_stack",
    "adopt vpc": "aiplatform.cli.adopt_vpc.stack_file",
    "new": "aiplatform.cli.new.stack_text",
    "list": "aiplatform.cli.listing.stack_names",
    "explain": "aiplatform.cli.explain.setting_at",
    "models": "aiplatform.cli.models.known_models",
    "rules": "aiplatform.findings.rules.page.page",
    "schema": "config.schema.stack_file_schema",
    "settings": "config.settings_page.page",
    "prices show": "aiplatform.cost.prices.show.price_rows",
    "prices refresh": "aiplatform.cost.prices.refresh.refresh_file",
    "prices documents": "aiplatform.cost.prices.page.cost_page",
}
"""A function that each command calls."""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one stack, on a computer without credentials and kubeconfig."""
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "Pulumi.small.yaml").write_text(BASE)
    (tmp_path / "prices.yaml").write_text(FILE)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "USER_NUM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "KUBECONFIG"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setattr(config.loader, "date", Today)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(command: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*command.split(), *arguments])


def fault(result: Result) -> tuple[int, list[str]]:
    """The exit status and the lines on stderr; no fault ends in a traceback."""
    assert "Traceback" not in result.output
    assert isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stderr.splitlines()


def raising(error: BaseException) -> Any:
    def function(*_: object, **__: object) -> NoReturn:
        raise error

    return function


def commands() -> Iterator[tuple[str, Any]]:
    """Every command and group of the app by what a user types after `aiplatform`."""
    waiting = [("", typer.main.get_command(app))]
    for name, command in waiting:
        yield name, command
        waiting += [(f"{name} {key}".strip(), one) for key, one in getattr(command, "commands", {}).items()]


COMMANDS = dict(commands())


# --- options of every command ---


def test_every_command_has_a_row_in_these_tables() -> None:
    names = {name for name, command in COMMANDS.items() if not hasattr(command, "commands")}
    assert names == set(CALLS) == set(INSIDE)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_the_version(name: str) -> None:
    result = call(name, "--version")
    assert (result.exit_code, result.stderr) == (0, "")
    assert re.fullmatch(r"aiplatform \d+\.\d+\.\d+\n", result.stdout)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_lists_traceback_and_version_in_its_help(name: str) -> None:
    command = COMMANDS[name]
    options = {option for parameter in command.get_params(typer.Context(command)) for option in parameter.opts}
    assert {"--traceback", "--version"} <= options


@pytest.mark.parametrize("place", ["before", "between", "after"])
def test_traceback_is_shown_wherever_the_option_is_written(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(INSIDE["prices show"], raising(ZeroDivisionError("on purpose")))
    words = ["prices", "show", "t3.medium"]
    words.insert({"before": 0, "between": 1, "after": 3}[place], "--traceback")
    result = CliRunner().invoke(app, words)
    assert result.exit_code == FAILED
    assert result.stderr.startswith("Traceback (most recent call last):\n")
    assert result.stderr.endswith("\nZeroDivisionError: on purpose (--traceback shows where)\n")


def test_traceback_keeps_the_lines_and_the_status_of_a_user_error() -> None:
    result = call("fit", "--stack", "smal", "--traceback")
    assert result.exit_code == WRONG
    assert result.stderr.startswith("Traceback (most recent call last):\n")
    assert result.stderr.endswith("\nPulumi.smal.yaml:1: stack file not found; did you mean small?\n")


# --- status 2: the stack file or the call ---


@pytest.mark.parametrize("name", STACK_COMMANDS)
def test_unknown_stack_is_one_located_line(name: str) -> None:
    arguments = [word.replace("small", "smal") for word in CALLS[name]]
    line = "Pulumi.smal.yaml:1: stack file not found; did you mean small?"
    assert fault(call(name, *arguments)) == (WRONG, [line])


@pytest.mark.parametrize("name", STACK_COMMANDS)
def test_every_error_of_a_stack_file_is_a_located_line(name: str, project: Path) -> None:
    (project / "Pulumi.small.yaml").write_text(BASE.replace("us-west-2b", "us-east-1b").replace("min: 1,", "min: 4,"))
    status, lines = fault(call(name, *CALLS[name]))
    assert (status, len(lines)) == (WRONG, 2)
    assert lines[0].startswith("Pulumi.small.yaml:8: network.zones[1]: ")
    assert lines[1].startswith("Pulumi.small.yaml:14: nodeGroups.cpu.scaling.")


@pytest.mark.parametrize("name", STACK_COMMANDS)
def test_folder_without_a_project_is_one_line(name: str, project: Path) -> None:
    for file in project.glob("Pulumi*.yaml"):
        file.unlink()
    line = f"{project}: no Pulumi.yaml in this folder or above; change into the project's folder"
    assert fault(call(name, *CALLS[name])) == (WRONG, [line])


@pytest.mark.parametrize("name", PREVIEWS)
def test_each_line_of_a_program_that_refuses_names_the_stack(name: str, project: Path) -> None:
    (project / "__main__.py").write_text("import pulumi\nraise pulumi.RunError('one is wrong\\ntwo is wrong')\n")
    assert fault(call(name, *CALLS[name])) == (WRONG, ["small: one is wrong", "small: two is wrong"])


@pytest.mark.parametrize("name", COMMANDS)
def test_unknown_option_shows_the_usage(name: str) -> None:
    status, lines = fault(call(name, "--nonsense"))
    usage = lines[0].split(" [OPTIONS]")[0]
    assert (status, usage) == (WRONG, " ".join(["Usage: aiplatform", *name.split()]))
    assert "No such option: --nonsense" in lines[3]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("plan", "small: prices.yaml/new: cannot be written: File exists"),
        ("permissions", "prices.yaml/new: cannot be written: Not a directory"),
        ("rules", "prices.yaml/new: cannot be written: Not a directory"),
        ("schema", "prices.yaml/new: cannot be written: Not a directory"),
        ("prices documents", "prices.yaml/new: cannot be written: Not a directory"),
    ],
)
def test_unwritable_output_is_one_line(name: str, line: str) -> None:
    assert fault(call(name, *CALLS[name], "--out", "prices.yaml/new")) == (WRONG, [line])


def test_os_error_names_its_file() -> None:
    with pytest.raises(OSError, match="absent") as caught:
        Path("absent").read_text()
    assert explained(caught.value) == (("absent: No such file or directory",), WRONG)


# --- status 1: errors of the program ---


@pytest.mark.parametrize("name", CALLS)
def test_unexpected_error_is_one_line_with_its_type(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(INSIDE[name], raising(ZeroDivisionError("on\npurpose")))
    monkeypatch.setattr("aiplatform.cost.prices.refresh.connect", lambda _: None)
    place = "small: " if name in STACK_COMMANDS else ""
    line = f"{place}ZeroDivisionError: on purpose (--traceback shows where)"
    assert fault(call(name, *CALLS[name])) == (FAILED, [line])


@pytest.mark.parametrize("name", CALLS)
def test_interrupt_exits_with_130_and_prints_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(INSIDE[name], raising(KeyboardInterrupt()))
    monkeypatch.setattr("aiplatform.cost.prices.refresh.connect", lambda _: None)
    assert fault(call(name, *CALLS[name])) == (INTERRUPTED, [])


@pytest.mark.parametrize("name", CALLS)
def test_broken_pipe_prints_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(INSIDE[name], raising(BrokenPipeError(32, "Broken pipe")))
    monkeypatch.setattr("aiplatform.cost.prices.refresh.connect", lambda _: None)
    assert fault(call(name, *CALLS[name])) == (FAILED, [])


@pytest.mark.parametrize("arguments", [("schema",), ("prices", "show", "t3.medium"), ("--help",)])
def test_closed_pipe_prints_no_python_error(arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as stdout:  # noqa: PTH123, a descriptor has no path
        done = subprocess.run(
            [sys.executable, "-m", "aiplatform", *arguments],
            cwd=ROOT,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, [line for line in done.stderr.splitlines() if "warning: " not in line]) == (FAILED, [])


# --- status 3: credentials and the cloud ---


def refused(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "GetCallerIdentity")


URL = "https://sts.us-west-2.amazonaws.com"
AWS_FAULTS: list[tuple[Exception, str, str]] = [
    (NoCredentialsError(), f"no AWS credentials; {LOG_IN}", ""),
    (
        PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
        f"no AWS credentials; {LOG_IN}",
        "",
    ),
    (UnauthorizedSSOTokenError(), f"the AWS login has expired; {LOG_IN}", ""),
    (
        refused("ExpiredToken", "The security token is expired"),
        f"the AWS credentials are expired or invalid (ExpiredToken); {LOG_IN}",
        "",
    ),
    (
        refused("ThrottlingException", "Rate exceeded"),
        "AWS throttles the requests (ThrottlingException); try again later",
        "AWS cannot be asked: Rate exceeded",
    ),
    (
        refused("AccessDenied", "no policy\nallows it"),
        "AWS refuses GetCallerIdentity (AccessDenied): no policy allows it",
        "AWS cannot be asked: no policy allows it",
    ),
    (
        EndpointConnectionError(endpoint_url=URL),
        f'AWS cannot be asked: Could not connect to the endpoint URL: "{URL}"',
        "",
    ),
]
"""What AWS does; what `prices refresh` prints; what `verify` prints, where that is something else."""


@pytest.mark.parametrize(("error", "line", "_other"), AWS_FAULTS)
def test_refresh_without_aws_is_one_line(
    error: Exception, line: str, _other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", raising(error))
    assert fault(call("prices refresh", *CALLS["prices refresh"])) == (UNAVAILABLE, [line])


@pytest.mark.parametrize(("error", "line", "other"), AWS_FAULTS)
def test_verify_without_aws_is_one_line(
    error: Exception, line: str, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kubernetes, "connect", lambda *_: FakeCluster({}))
    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", raising(error))
    assert fault(call("verify", *CALLS["verify"])) == (UNAVAILABLE, [f"small: {other or line}"])


def test_refresh_on_a_computer_without_credentials_is_one_line() -> None:
    line = f"no AWS credentials; {LOG_IN}"
    assert fault(call("prices refresh", *CALLS["prices refresh"])) == (UNAVAILABLE, [line])


@pytest.mark.parametrize("name", ["prices refresh", "verify"])
def test_unknown_aws_profile_is_one_line(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kubernetes, "connect", lambda *_: FakeCluster({}))
    monkeypatch.setenv("AWS_PROFILE", "absent")
    place = "small: " if name in STACK_COMMANDS else ""
    line = f"{place}The config profile (absent) could not be found; {LOG_IN}"
    assert fault(call(name, *CALLS[name])) == (UNAVAILABLE, [line])


UPDATE = "aws eks update-kubeconfig --region us-west-2 --name shop-eks"
REVIEW = "/apis/authentication.k8s.io/v1/selfsubjectreviews"


def kubeconfig(project: Path, cluster: str = "shop-eks", **user: Any) -> None:
    content = {
        "clusters": [{"name": cluster, "cluster": {"server": "https://127.0.0.1:1"}}],
        "users": [{"name": "me", "user": user or {"token": "hidden-from-all"}}],
        "contexts": [{"name": "mine", "context": {"cluster": cluster, "user": "me"}}],
        "current-context": "mine",
    }
    (project / "kubeconfig").write_text(json.dumps(content))


def test_verify_without_a_kubeconfig_names_the_command_that_writes_one() -> None:
    line = f"small: there is no kubeconfig {Path.cwd() / 'kubeconfig'}; run `{UPDATE}`"
    assert fault(call("verify", *CALLS["verify"])) == (UNAVAILABLE, [line])


def test_verify_does_not_use_the_kubeconfig_of_another_cluster(project: Path) -> None:
    kubeconfig(project, cluster="other")
    reason = "no context of the kubeconfig is of the cluster shop-eks"
    line = f"small: {reason}; run `{UPDATE}`, or name one with --context"
    assert fault(call("verify", *CALLS["verify"])) == (UNAVAILABLE, [line])


def test_verify_with_an_unknown_context_is_a_wrong_call(project: Path) -> None:
    kubeconfig(project)
    line = "small: the kubeconfig has no context other; it has mine"
    assert fault(call("verify", *CALLS["verify"], "--context", "other")) == (WRONG, [line])


def test_verify_of_an_unreachable_cluster_is_one_line(project: Path) -> None:
    kubeconfig(project)
    reason = "Failed to establish a new connection: [Errno 111] Connection refused"
    line = f"small: the cluster shop-eks does not answer: {reason}; does your network reach its endpoint?"
    assert fault(call("verify", *CALLS["verify"])) == (UNAVAILABLE, [line])


@pytest.mark.parametrize(
    ("refusal", "line"),
    [
        (
            RefusedError("401", "Unauthorized"),
            "small: the cluster shop-eks does not know you (Unauthorized): the login has expired, or your IAM identity "
            f"has no access entry; run `{UPDATE}` and `aws sts get-caller-identity`, then ask the instructor",
        ),
        (RefusedError("503", "etcd is away"), "small: the cluster shop-eks cannot be asked: 503: etcd is away"),
    ],
)
def test_verify_of_a_cluster_that_refuses_is_one_line(
    refusal: RefusedError, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kubernetes, "connect", lambda *_: FakeCluster({REVIEW: refusal}))
    assert fault(call("verify", *CALLS["verify"])) == (UNAVAILABLE, [line])


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ApiException(status=403, reason="Forbidden"), "the cluster refuses a request: (403) Reason: Forbidden"),
        (HTTPError("timed out"), "the cluster does not answer: timed out"),
        (ConnectionRefusedError(111, "Connection refused"), "no connection: [Errno 111] Connection refused"),
        (TimeoutError("10 seconds"), "no connection: 10 seconds"),
    ],
)
def test_unexpected_connection_error_is_one_line(error: Exception, line: str) -> None:
    assert explained(error) == ((line,), UNAVAILABLE)


# --- the environment ---


def test_profile_reaches_the_kubeconfig_login_without_the_environment(project: Path) -> None:
    plugin = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "sh",
        "args": ["-c", 'echo "$AWS_PROFILE" >&2; exit 7'],
        "env": [{"name": "AWS_PROFILE", "value": "of-the-kubeconfig"}],
    }
    kubeconfig(project, exec=plugin)
    before = dict(os.environ)
    status, lines = fault(call("verify", *CALLS["verify"], "--profile", "instructor"))
    reason = "exec: process returned 7. instructor"
    assert (status, lines) == (
        UNAVAILABLE,
        [f"small: no login to the cluster: {reason}; check who you are with `aws sts get-caller-identity`"],
    )
    assert dict(os.environ) == before


WRITES = re.compile(r"os\.environ(\[[^\]]+\] *=[^=]|\.(update|setdefault|pop)\()|os\.(putenv|unsetenv)\(|\bcast\(")
ON_SERVERS = "components/instances/files/container.py"
"""Runs as the only program of its process, and gives its environment to `docker run`."""


def test_no_module_writes_the_environment_or_casts() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("aiplatform", "catalog", "components", "config", "policies")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if WRITES.search(line)
    ]
    assert {place.partition(":")[0] for place in found} == {ON_SERVERS}
