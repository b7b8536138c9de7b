"""Overrides of a stack file reach the chart or the server, and are merged last."""

import functools
import json
from collections.abc import Mapping
from typing import Any

import pytest

from aiplatform.findings.overrides import overrides
from catalog.reading.document import parse
from components.base.documents import merged
from components.platform import Platform
from config.loader import load
from config.settings import NAMESPACE, Settings
from tests.components.base import Found, alone
from tests.config.base import ROOT


@functools.cache
def _settings() -> Settings:
    """Those of the example, which overrides each kind of thing once."""
    text = (ROOT / "docs" / "example-stack.yaml").read_text(encoding="utf-8")
    return load(parse(text, "example-stack.yaml", NAMESPACE)).settings


@functools.cache
def _planned() -> Found:
    return alone(lambda: Platform("example", _settings()))


def _values(chart: str) -> Mapping[str, Any]:
    releases = _planned().all("kubernetes:helm.sh/v3:Release")
    values: Mapping[str, Any] = next(one.inputs["values"] for one in releases if one.inputs["name"] == chart)
    return values


def _container(kind: str, name: str) -> Mapping[str, Any]:
    found = _planned().all(f"kubernetes:apps/v1:{kind}")
    spec = next(one.inputs["spec"] for one in found if one.inputs["metadata"]["name"] == name)
    container: Mapping[str, Any] = spec["template"]["spec"]["containers"][0]
    return container


@pytest.mark.parametrize(
    ("values", "over", "result"),
    [
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}}, {"a": {"b": 3, "c": 2}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": {"b": 1}}, {"a": None}, {"a": None}),
        ({"a": 1}, {"a": {"b": 2}}, {"a": {"b": 2}}),
        ({}, {"a": {"b": 2}}, {"a": {"b": 2}}),
    ],
)
def test_chart_values_are_merged_as_helm_merges_files(values: Any, over: Any, result: Any) -> None:
    before = json.dumps(values)
    assert merged(values, over) == result
    assert json.dumps(values) == before, "the platform's own values must stay as they are"


def test_chart_values_of_the_stack_file_are_merged_last() -> None:
    operator = _values("keda")["resources"]["operator"]
    # A null removes the chart's own limit of CPU.
    assert operator == {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"cpu": None, "memory": "1Gi"}}
    assert _values("kube-prometheus-stack")["grafana"]["defaultDashboardsTimezone"] == "Europe/Berlin"
    assert _values("argo-cd")["configs"]["params"]["reposerver.parallelism.limit"] == 4
    assert _values("argocd-image-updater")["logLevel"] == "debug"


@pytest.mark.parametrize(
    ("kind", "name", "variable"),
    [
        ("Deployment", "mlflow", {"name": "MLFLOW_HTTP_REQUEST_TIMEOUT", "value": "300"}),
        ("Deployment", "litellm", {"name": "LITELLM_LOG", "value": "INFO"}),
        ("Deployment", "open-webui", {"name": "ENABLE_CODE_INTERPRETER", "value": "False"}),
        ("Deployment", "chat", {"name": "VLLM_LOGGING_LEVEL", "value": "INFO"}),
        ("StatefulSet", "kafka", {"name": "KAFKA_JVM_PERFORMANCE_OPTS", "value": "-XX:+UseG1GC"}),
        ("StatefulSet", "kafka", {"name": "KAFKA_MESSAGE_MAX_BYTES", "value": "2097152"}),
        ("StatefulSet", "redis", {"name": "MALLOC_ARENA_MAX", "value": "2"}),
    ],
)
def test_variables_of_the_stack_file_are_defined_once(kind: str, name: str, variable: Mapping[str, str]) -> None:
    set_ = [one for one in _container(kind, name)["env"] if one["name"] == variable["name"]]
    assert set_ == [variable]


@pytest.mark.parametrize(
    ("name", "argument"),
    [("mlflow", "--x-frame-options=DENY"), ("litellm", "--detailed_debug"), ("chat", "--max-logprobs=5")],
)
def test_arguments_of_the_stack_file_follow_those_of_the_platform(name: str, argument: str) -> None:
    container = _container("Deployment", name)
    assert [*container.get("command", ()), *container.get("args", ())][-1] == argument


def test_redis_parameters_are_directives_of_its_configuration() -> None:
    files = [
        one.inputs["data"]["redis.conf"]
        for one in _planned().all("kubernetes:core/v1:ConfigMap")
        if "redis.conf" in one.inputs["data"]
    ]
    assert [text.count("hash-max-listpack-entries 256\n") for text in files] == [1]


def test_plan_reports_each_override_with_its_path() -> None:
    found = [one.message for one in overrides(_settings(), "urn")]
    assert (
        "addons.keda.values.resources.operator.limits.memory overrides the chart value "
        "resources.operator.limits.memory with '1Gi'"
    ) in found
    assert any("workloads.kafka.parameters" in one and "log.segment.bytes with '268435456'" in one for one in found)
    assert all(one.severity == "info" and one.rule == "override" for one in overrides(_settings(), "urn"))
