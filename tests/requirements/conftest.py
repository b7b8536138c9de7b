"""The plan of the stack `mlflow`, recorded once, and what it would be with other settings."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any
from unittest.mock import patch

import pulumi
import pulumi_aws as aws
import pytest

from aiplatform.cli.changes import parse_change
from aiplatform.preview.record import ACCOUNT, record
from config.loader import load_file
from config.settings import NAMESPACE
from tests.config.base import ROOT, STACK_FILES, TODAY
from tests.requirements.query import Planned
from tests.shared import once

WhatIf = Callable[..., Planned]


@cache
def planned(stack: str, *changes: str) -> Planned:
    """The plan of a stack with single settings changed, as `--set` does."""
    return once(f"planned {stack} {changes}", lambda: _planned(stack, *changes))


def _planned(stack: str, *changes: str) -> Planned:
    loaded = load_file(STACK_FILES, stack, changes=dict(map(parse_change, changes)), today=TODAY)
    config = {f"{NAMESPACE}:{section}": json.dumps(value) for section, value in loaded.sections.items()}
    secrets: dict[str, Any] = {}
    outputs: dict[str, Any] = {}
    version, export = aws.secretsmanager.SecretVersion.__init__, pulumi.export

    def watched_version(self: aws.secretsmanager.SecretVersion, name: str, *args: Any, **inputs: Any) -> None:
        inputs["secret_string"].apply(lambda text: secrets.update({name: json.loads(text)}))
        version(self, name, *args, **inputs)

    def watched_export(name: str, value: Any) -> None:
        pulumi.Output.from_input(value).apply(lambda known: outputs.update({name: known}))
        export(name, value)

    with (
        patch.object(aws.secretsmanager.SecretVersion, "__init__", watched_version),
        patch.object(pulumi, "export", watched_export),
    ):
        account = loaded.settings.project.account_id or ACCOUNT
        plan = record(ROOT, project=NAMESPACE, stack=stack, config=config, account=account)
    return Planned(plan, secrets, outputs, account)


@pytest.fixture(scope="session")
def mlflow() -> Planned:
    """The stack as it is shipped."""
    return planned("mlflow")


@pytest.fixture(scope="session")
def what_if() -> WhatIf:
    """`what_if("network.nat=single")`: the stack mlflow with settings changed."""

    def change(*changes: str) -> Planned:
        return planned("mlflow", *changes)

    return change


@pytest.fixture(scope="session")
def nemo() -> Planned:
    """The stack as it is shipped."""
    return planned("nemo")


@pytest.fixture(scope="session")
def openwebui() -> Planned:
    """The stack as it is shipped."""
    return planned("openwebui")


@pytest.fixture(scope="session")
def dev() -> Planned:
    """The house stack `dev`."""
    return planned("dev")
