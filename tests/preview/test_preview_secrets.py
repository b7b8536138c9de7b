"""No secret reaches a plan."""

import json
from collections.abc import Callable
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest
from rich.console import Console

from aiplatform.preview.plan import SECRET, Plan, Resource
from aiplatform.preview.record import record_function
from aiplatform.preview.tree import render
from aiplatform.preview.write import write

PASSWORD = "correct-horse-battery-staple"  # noqa: S105


@pytest.mark.parametrize("unknown", [False, True])
def test_no_file_of_a_plan_holds_a_secret(platform: Callable[[], None], tmp_path: Path, unknown: bool) -> None:
    write(record_function(platform, unknown_outputs=unknown), tmp_path / "plan")
    files = [file for file in (tmp_path / "plan").rglob("*") if file.is_file()]
    assert len(files) == 4
    for file in files:
        assert PASSWORD.encode() not in file.read_bytes(), file


def test_terminal_shows_no_secret(platform: Callable[[], None], capsys: pytest.CaptureFixture[str]) -> None:
    render(record_function(platform), Console(width=400))
    shown = capsys.readouterr().out
    assert PASSWORD not in shown
    assert SECRET in shown, "not taken for markup"


def _inputs(build: Callable[[], object], name: str) -> dict[str, object]:
    (resource,) = (item for item in record_function(build).resources if item.name == name)
    return dict(resource.inputs)


def test_nested_secret_masks_only_itself() -> None:
    def build() -> None:
        kubernetes.helm.v3.Release(
            "server",
            chart="mlflow",
            values={"replicas": 2, "database": {"user": "mlflow", "keys": [pulumi.Output.secret(PASSWORD), "open"]}},
        )

    values = _inputs(build, "server")["values"]
    assert values == {"replicas": 2, "database": {"user": "mlflow", "keys": [SECRET, "open"]}}


def test_value_derived_from_a_secret_is_secret() -> None:
    def build() -> None:
        secret = pulumi.Output.secret(PASSWORD)
        aws.sns.Topic("concat", display_name=pulumi.Output.concat("x", secret))
        aws.sns.Topic("json", display_name=pulumi.Output.json_dumps({"deep": {"password": secret}}))
        aws.sns.Topic("format", display_name=pulumi.Output.format("{0}", secret))

    plan = record_function(build)
    assert {item.inputs["displayName"] for item in plan.resources if item.name != "ai-platform-test"} == {SECRET}


def test_secret_returned_as_an_output_is_secret() -> None:
    def build() -> None:
        database = aws.rds.Instance("db", instance_class="db.t4g.micro", password=PASSWORD)
        aws.sns.Topic("copy", display_name=database.password)
        pulumi.export("password", database.password)

    plan = record_function(build)
    assert plan.outputs == {"password": SECRET}
    assert {item.name: item.inputs for item in plan.resources}["copy"] == {"displayName": SECRET}


def test_fields_marked_by_resource_options_are_masked() -> None:
    def build() -> None:
        options = pulumi.ResourceOptions(additional_secret_outputs=["display_name"])
        topic = aws.sns.Topic("hidden", display_name=PASSWORD, opts=options)
        aws.sns.Topic("copy", display_name=topic.display_name)

    plan = record_function(build)
    assert [item.inputs for item in plan.resources if item.inputs] == [{"displayName": SECRET}] * 2


def test_secret_configuration_is_masked() -> None:
    def build() -> None:
        aws.sns.Topic("hidden", display_name=pulumi.Config("ai-platform").require_secret("password"))

    plan = record_function(build, config={"ai-platform:password": PASSWORD})
    assert plan.resources[0].inputs == {"displayName": SECRET}


@pytest.mark.parametrize("data", [{"a": PASSWORD}, pulumi.Output.secret], ids=["plain", "secret"])
def test_kubernetes_secret_shows_its_keys(data: object) -> None:
    # Pods refer to them.
    def build() -> None:
        value = data({"a": PASSWORD}) if callable(data) else data
        kubernetes.core.v1.Secret("login", metadata={"name": "login"}, string_data=value)

    assert _inputs(build, "login")["stringData"] == {"a": SECRET}


def test_program_receives_the_real_value() -> None:
    seen: list[str] = []

    def build() -> None:
        secret = pulumi.Output.secret(PASSWORD)
        login = kubernetes.core.v1.Secret("login", metadata={"name": "login"}, string_data={"a": secret})
        login.string_data.apply(lambda data: seen.append(data["a"]))

    record_function(build)
    assert seen == [PASSWORD]


def test_masks_are_plain_json(platform: Callable[[], None], named: Callable[[Plan, str], Resource]) -> None:
    plan = record_function(platform)
    assert json.loads(json.dumps(dict(named(plan, "url").inputs)))["secretString"] == SECRET
