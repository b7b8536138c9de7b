"""The plans and bills of the documents' stacks, as they are shipped and with other settings."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any
from unittest.mock import patch

import pulumi
import pulumi_aws as aws
import pytest

from aiplatform.cli.changes import parse_change
from aiplatform.cost.bill import Bill
from aiplatform.cost.pricer import bill
from aiplatform.preview.record import ACCOUNT, record
from catalog.prices import load_prices
from config.loader import load_file
from config.settings import NAMESPACE
from tests.config.base import ROOT, STACK_FILES, TODAY
from tests.requirements.coverage import STACKS, deviations
from tests.requirements.query import Planned
from tests.shared import once

WhatIf = Callable[..., Planned]


@cache
def planned(stack: str, *changes: str) -> Planned:
    """The plan of a stack with single settings changed, as `--set` does."""
    return once(f"planned {stack} {changes}", lambda: plan_again(stack, *changes))


def plan_again(stack: str, *changes: str) -> Planned:
    """Plan a stack without looking for a plan that a worker has made."""
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


def billed(stack: str, *changes: str) -> Bill:
    """The bill of a stack with single settings changed. Assumptions of the bill change no plan."""
    settings = load_file(STACK_FILES, stack, changes=dict(map(parse_change, changes)), today=TODAY).settings
    plan = planned(stack, *(change for change in changes if not change.startswith("costs.assumptions."))).plan
    return bill(plan, settings.costs, load_prices(), today=TODAY, settings=settings)


def document_settings(request: pytest.FixtureRequest) -> tuple[str, tuple[str, ...]]:
    """The stack of the deviations that a test names, and their settings."""
    ids = [id_ for mark in request.node.iter_markers("deviates") for id_ in mark.args]
    (stack,) = {STACKS[id_.partition("-")[0]] for id_ in ids}
    settings = dict.fromkeys(setting for id_ in ids for setting in deviations()[id_].settings)
    return stack, tuple(settings)


@pytest.fixture
def documented(request: pytest.FixtureRequest) -> Planned:
    """The plan of a stack with the settings that give the document's values of the deviations that a test names."""
    stack, settings = document_settings(request)
    return planned(stack, *settings)


@pytest.fixture
def documented_bill(request: pytest.FixtureRequest) -> Bill:
    """The bill of a stack with the settings that give the document's values of the deviations that a test names."""
    stack, settings = document_settings(request)
    return billed(stack, *settings)


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
def pingvas() -> Planned:
    """The stack as it is shipped."""
    return planned("pingvas")


@pytest.fixture(scope="session")
def openwebui() -> Planned:
    """The stack as it is shipped."""
    return planned("openwebui")


@pytest.fixture(scope="session")
def dev() -> Planned:
    """The house stack `dev`."""
    return planned("dev")
