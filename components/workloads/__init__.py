"""Workloads of a platform: one package each, with the name of its field in `config.workloads.Workloads`."""

from importlib import import_module
from typing import Any

from components.workloads.workload import Build


def build(key: str) -> Build[Any]:
    """Return the component class of a workload, by its field in `Workloads`."""
    found: Build[Any] = import_module(f"{__name__}.{key}").BUILD
    return found
