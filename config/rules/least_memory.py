"""Memory limits that are too small for a server to start."""

from collections.abc import Iterator

from catalog.quantities import CPU, GIB, MEMORY, MIB, amount
from catalog.reading.problems import Path, Problem
from config.rules.models.placed import each_model
from config.rules.stack import Rule, Stack
from config.walk import each
from config.workloads.resources import Amounts, Resources

LITELLM_MIB = 768
"""A process of LiteLLM takes about 600 MiB when idle: https://docs.litellm.ai/docs/proxy/prod"""

OPEN_WEBUI_MIB = 1024
"""Open WebUI takes about 800 MiB when idle, and more with the embedding model of its image."""

MLFLOW_MIB = 512
"""A process of MLflow takes 250 to 425 MiB when idle."""

VLLM_GIB = 3
"""Host memory of vLLM's API server and engine, without shared memory."""


def limits(stack: Stack) -> Iterator[Problem]:
    """A memory limit is enough for the server without any load."""
    workloads, tenants = stack.settings.workloads, stack.settings.tenants
    found: list[tuple[Path, Resources, int]] = []
    if workloads.litellm is not None:
        found.append((("workloads", "litellm"), workloads.litellm.resources, LITELLM_MIB))
    if workloads.open_webui is not None:
        found.append((("workloads", "openWebui"), workloads.open_webui.resources, OPEN_WEBUI_MIB))
    if workloads.mlflow is not None:
        found.append((("workloads", "mlflow"), workloads.mlflow.resources, MLFLOW_MIB * workloads.mlflow.workers))
    if tenants is not None and tenants.mlflow is not None:
        found.append((("tenants", "mlflow"), tenants.mlflow.resources, MLFLOW_MIB))
    for path, resources, least in found:
        if amount(MEMORY, resources.limits.memory) < least * MIB:
            yield _too_small(path, resources, f"{least}Mi")
    for path, _, model in each_model(stack):
        usable = amount(MEMORY, model.resources.limits.memory) - amount(MEMORY, model.shared_memory)
        if 0 < usable < VLLM_GIB * GIB:
            least = VLLM_GIB * GIB + amount(MEMORY, model.shared_memory)
            yield _too_small(path, model.resources, f"{-(-least // GIB)}Gi")


LEAST_MIB = 4
"""Less memory is another unit: 256m is a quarter of a byte. containerd starts no container with less than 4 MiB."""


def units(stack: Stack) -> Iterator[Problem]:
    """Memory is in bytes, and CPU in cores."""
    for path, amounts in each(stack.settings, Amounts):
        if amount(MEMORY, amounts.memory) < LEAST_MIB * MIB:
            yield Problem(
                (*path, "memory"),
                f"{amounts.memory} is less than any container needs; write memory like 256Mi or 4Gi",
            )
        if amounts.cpu is not None and amount(CPU, amounts.cpu) > MOST_CORES * amount(CPU, "1"):
            yield Problem((*path, "cpu"), f"{amounts.cpu} cores are more than any node has; write millicores like 250m")


MOST_CORES = 192
"""Cores of the largest nodes."""


def _too_small(path: Path, resources: Resources, least: str) -> Problem:
    return Problem(
        (*path, "resources", "limits", "memory"),
        f"{resources.limits.memory} is too little to start: the kernel kills the server; set {least} or more",
    )


RULES: tuple[Rule, ...] = (limits, units)
