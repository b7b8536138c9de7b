"""Overrides of charts and workloads in a stack file, and those that are refused by name."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from catalog.reading.document import parse
from catalog.reading.problems import SettingsError
from config.loader import load, load_file
from config.overrides import overridden
from config.settings import NAMESPACE
from tests.components.base import VARIANTS, recorded
from tests.config.base import ROOT, STACK_FILES

NO_SECRETS = "secrets do not belong in a stack file; use the section secrets"
ALLOWED = {
    "keda: values of its own": ("addons.keda.values", {"resources": {"operator": {"limits": {"memory": "1Gi"}}}}),
    "a log level": ("workloads.mlflow.environment", {"MLFLOW_LOGGING_LEVEL": "DEBUG"}),
    "tokens that are counted": ("workloads.mlflow.environment", {"MAX_TOKENS": "100"}),
    "an argument": ("workloads.mlflow.arguments", ["--x-frame-options=DENY"]),
}
REFUSED: Mapping[str, tuple[str, Any, str, str]] = {
    "chart: a port": (
        "addons.keda.values",
        {"service": {"portHttp": 1, "metricsPort": 8080}},
        "chart value service.metricsPort",
        "network policies, probes and Services depend on the port",
    ),
    "chart: a security context, wherever it is": (
        "addons.loadBalancerController.values",
        {"controller": {"podSecurityContext": {"runAsUser": 0}}},
        "chart value controller.podSecurityContext.runAsUser",
        "pods comply with the restricted Pod Security Standard",
    ),
    "chart: the service account": (
        "addons.externalSecrets.values",
        {"serviceAccount": {"name": "admin"}},
        "chart value serviceAccount.name",
        "an IAM role trusts only the service account that the platform creates",
    ),
    "chart: a password": (
        "addons.clusterAutoscaler.values",
        {"redis": {"adminPassword": "x"}},
        "chart value redis.adminPassword",
        NO_SECRETS,
    ),
    "mlflow: its database": (
        "workloads.mlflow.environment",
        {"MLFLOW_BACKEND_STORE_URI": "sqlite:///x"},
        "environment variable MLFLOW_BACKEND_STORE_URI",
        "database and bucket are derived from other settings",
    ),
    "mlflow: a token in clear": (
        "workloads.mlflow.environment",
        {"SLACK_TOKEN": "x"},
        "environment variable SLACK_TOKEN",
        NO_SECRETS,
    ),
    "mlflow: the port": (
        "workloads.mlflow.arguments",
        ["--port=80"],
        "argument --port",
        "it is derived from other settings",
    ),
    "a database: TLS": (
        "databases.mlflow.parameters",
        {"rds.force_ssl": "0"},
        "parameter rds.force_ssl",
        "the database accepts TLS connections only",
    ),
}


def _loaded(path: str, value: Any) -> Any:
    return load_file(STACK_FILES, "mlflow", changes={tuple(path.split(".")): value})


@pytest.mark.parametrize(("path", "value"), ALLOWED.values(), ids=ALLOWED)
def test_overrides_are_found_with_their_path(path: str, value: Any) -> None:
    found = list(overridden(_loaded(path, value).settings))
    assert [".".join(map(str, one.path)).startswith(path) for one in found if one.path[0] != "databases"] == [True]


@pytest.mark.parametrize(("path", "value", "name", "why"), REFUSED.values(), ids=REFUSED)
def test_overrides_that_break_a_promise_are_refused_by_name(path: str, value: Any, name: str, why: str) -> None:
    with pytest.raises(SettingsError) as refused:
        _loaded(path, value)
    (line,) = refused.value.lines
    assert line.startswith(f"--set {path}")
    assert line.endswith(f"the {name} cannot be overridden: {why}")


TUNABLE = {
    "LITELLM_LOG",
    "LITELLM_MODE",
    "MLFLOW_DISABLE_TELEMETRY",
    "HF_HUB_DISABLE_TELEMETRY",
    "VLLM_NO_USAGE_STATS",
    "DO_NOT_TRACK",
    "SCARF_NO_ANALYTICS",
    "ANONYMIZED_TELEMETRY",
    "ENABLE_PERSISTENT_CONFIG",
    "ENABLE_OLLAMA_API",
    "ENABLE_VERSION_UPDATE_CHECK",
    "PUBLISHED",
    # Folders of the stack file come after the platform's.
    "PYTHONPATH",
}
"""Variables that the platform sets and that no promise rests on."""

CONTAINERS = {
    "mlflow": ("Deployment", "mlflow"),
    "litellm": ("Deployment", "litellm"),
    "open_webui": ("Deployment", "open-webui"),
    "kafka": ("StatefulSet", "kafka"),
    "redis": ("StatefulSet", "redis"),
}


def _set_by_the_platform(stack: str, kind: str, name: str) -> Iterator[str]:
    for resource in recorded(stack).plan.resources:
        if resource.type == f"kubernetes:apps/v1:{kind}" and resource.inputs["metadata"]["name"] == name:
            for container in resource.inputs["spec"]["template"]["spec"]["containers"]:
                if container["name"] != "metrics":
                    yield from (one["name"] for one in container["env"])


@pytest.mark.parametrize("workload", CONTAINERS)
def test_platform_variables_are_refused_or_known_to_be_tunable(workload: str) -> None:
    tried = set()
    for stack in VARIANTS:
        settings = getattr(recorded(stack).settings.workloads, workload)
        if settings is None:
            continue
        found = set(_set_by_the_platform(stack, *CONTAINERS[workload]))
        own = settings.model_copy(update={"environment": dict.fromkeys(found, "x")})
        refused = {one.name for one in overridden(own) if one.name in found and one.refusal() is not None}
        assert found - refused <= TUNABLE
        tried |= found
    assert len(tried) > 5


def test_every_kind_of_override_has_rules() -> None:
    kinds = {one.override.kind for stack in VARIANTS for one in overridden(recorded(stack).settings)}
    text = (ROOT / "docs" / "example-stack.yaml").read_text(encoding="utf-8")
    example = load(parse(text, "example-stack.yaml", NAMESPACE)).settings
    kinds |= {one.override.kind for one in overridden(example)}
    assert kinds == {"chart value", "environment variable", "argument", "parameter"}
    assert all(one.override.refused for one in overridden(example))
