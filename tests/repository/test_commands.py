"""Each command of the documents is one that its program takes: of this project's own tool, and of the AWS CLI."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import botocore.session  # type: ignore[import-untyped]
import pytest
import typer
from botocore import xform_name

from aiplatform.cli.main import app
from tests.config.base import ROOT

DOCUMENTS = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
END = re.compile(r"\s(?:[|>;]|&&|\|\||#)|[|>;)]$")
"""What ends a command in a line of a shell."""

OTHERS = {
    "s3": ("sync", "cp", "ls", "rm", "mb"),
    "eks": ("update-kubeconfig", "get-token"),
    "ecr": ("get-login-password",),
    "logs": ("tail",),
    "configure": ("list", "sso"),
    "sso": ("login",),
    "ssm": ("start-session",),
}
"""Commands of the AWS CLI that are no operation of a service: https://docs.aws.amazon.com/cli/latest/reference/"""

GLOBAL = {
    *("query", "output", "region", "profile", "cli-binary-format", "no-cli-pager", "no-paginate", "max-items", "debug"),
    *("cli-input-json", "page-size", "starting-token", "endpoint-url", "no-sign-request"),
}


def commands(program: str) -> Iterator[tuple[str, str]]:
    """Each command in a block of code or in backquotes that is complete, with the name of its document."""
    start = re.compile(rf"(?:^|[`$(\s])(?:\.venv/bin/)?{program} (-?[a-z0-9][^`\n]*)", re.MULTILINE)
    for file in DOCUMENTS:
        text = re.sub(r"\\\n\s*", " ", file.read_text(encoding="utf-8"))
        blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        inline = re.findall(rf"`((?:\.venv/bin/)?{program} [^`\n]+)`", text)
        for piece in (*blocks, *inline):
            for found in start.findall(piece):
                yield file.name, END.split(found)[0].strip()


def words(command: str) -> list[str]:
    """The words of a command; none of one with a placeholder that is no value."""
    if "[" in re.sub(r"'[^']*'|\"[^\"]*\"", "", command):
        return []
    try:
        return shlex.split(command)
    except ValueError:
        # A quote that continues in another line.
        return shlex.split(re.split(r"[\"']", command)[0])


def unknown_words(given: Sequence[str]) -> list[str]:
    """The words of a command of this project's tool that it does not take: its name, or options."""
    found: Any = typer.main.get_command(app)
    rest = list(given)
    while hasattr(found, "commands") and rest:
        name = rest.pop(0)
        found = found.commands.get(name)
        if found is None:
            return [name]
    options = {option for parameter in found.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return [one for one in rest if one.startswith("-") and one.partition("=")[0] not in options]


def test_documents_call_aiplatform_with_its_own_commands_and_options() -> None:
    found = {(file, command): words(command) for file, command in commands("aiplatform") if "..." not in command}
    assert {place: bad for place, given in found.items() if (bad := unknown_words(given))} == {}
    assert sum(map(bool, found.values())) > 30


def unknown_parameters(service: str, operation: str, rest: Sequence[str]) -> list[str]:
    """The words of a command of the AWS CLI that it does not take: its operation, or parameters."""
    session = botocore.session.get_session()
    service = "s3" if service == "s3api" else service
    if service not in session.get_available_services():
        return [service]
    model = session.get_service_model(service)
    if operation == "wait":
        waiters = session.get_waiter_model(service)
        names = {xform_name(one, "-"): waiters.get_waiter(one).operation for one in waiters.waiter_names}
        operation, rest = rest[0], rest[1:]
    else:
        names = {xform_name(one, "-"): one for one in model.operation_names}
    if operation not in names:
        return [operation]
    shape = model.operation_model(names[operation]).input_shape
    known = {xform_name(one, "-") for one in (shape.members if shape is not None else ())} | GLOBAL
    options = [one.partition("=")[0].removeprefix("--") for one in rest if one.startswith("--")]
    return [one for one in options if one not in known and one.removeprefix("no-") not in known]


def test_documents_call_the_aws_cli_with_operations_and_parameters_that_exist() -> None:
    found = {
        (file, command): given
        for file, command in commands("aws")
        if len(given := words(command)) > 1 and given[1] not in OTHERS.get(given[0], ())
    }
    wrong = {place: unknown_parameters(given[0], given[1], given[2:]) for place, given in found.items()}
    assert {place: bad for place, bad in wrong.items() if bad} == {}
    assert len(found) > 30


def test_commands_that_do_not_exist_are_found() -> None:
    assert unknown_words(["plan", "--stack", "a"]) == []
    assert unknown_words(["plann"]) == ["plann"]
    assert unknown_words(["plan", "--stak", "a"]) == ["--stak"]
    assert unknown_parameters("ec2", "describe-vpcs", ["--vpc-ids", "a", "--no-dry-run"]) == []
    assert unknown_parameters("ec2", "describe-vpc", []) == ["describe-vpc"]
    assert unknown_parameters("eks", "describe-cluster", ["--cluster", "a"]) == ["cluster"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("plan --stack a | less", "plan --stack a"), ("plan > file", "plan"), ("cost --json", "cost --json")],
)
def test_command_ends_at_an_operator_of_the_shell(text: str, expected: str) -> None:
    assert END.split(text)[0].strip() == expected


def old_python(folder: Path, name: str, status: int) -> None:
    (folder / name).write_text(
        f'#!/bin/sh\n[ "$1" = -m ] && {{ echo made by {name}; mkdir -p .venv/bin; exit 0; }}\nexit {status}\n'
    )
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("versions", "words", "said"),
    [
        ({"python3": 1, "python3.12": 0}, (), "made by python3.12"),
        ({"python3": 0, "python3.12": 0}, (), "made by python3\n"),
        (
            {"python3": 1},
            (),
            "python3 is not Python 3.11 or newer; install it, or name it: make PYTHON=/path/to/python3.11",
        ),
        ({"python3": 0, "old": 1}, ("PYTHON=old",), "old is not Python 3.11 or newer; install it"),
    ],
)
def test_make_finds_a_python_that_is_new_enough(
    versions: dict[str, int], words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        old_python(tools, name, 1)
    for name, status in versions.items():
        old_python(tools, name, status)
    done = subprocess.run(
        ["make", ".venv/bin/python", *words],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said in done.stdout + done.stderr
