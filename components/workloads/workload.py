"""Interfaces of every workload: its constructor, and the attributes that later components use."""

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

import pulumi

from components.context.context import WorkloadContext
from components.context.endpoints import Endpoint
from components.kubernetes.namespace import ENVIRONMENT_LABEL
from components.kubernetes.network_policy import namespaces
from config.parts import clients
from config.settings import Settings
from config.workloads.workload import Served
from config.workloads.workload import Workload as WorkloadSettings

S_contra = TypeVar("S_contra", bound=WorkloadSettings, contravariant=True)


class Workload(Protocol):
    """A workload after its creation."""

    outputs: dict[str, pulumi.Input[str]]
    """Outputs of the stack."""

    endpoints: Mapping[str, Endpoint] = {}
    """API endpoints of the models that it serves, by name."""

    callers: Mapping[str, Endpoint] = {}
    """API endpoints of the gateway, by API client."""


class Build(Protocol[S_contra]):
    """The component class of a workload: `BUILD` of the package that is called like its field in `Workloads`."""

    def __call__(
        self,
        name: str,
        settings: S_contra,
        *,
        context: WorkloadContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> Workload:
        """Create the workload."""


def environments(settings: Settings, served: Served) -> list[dict[str, Any]]:
    """Return the environments that a workload serves, as peers of a network policy."""
    return [namespaces({ENVIRONMENT_LABEL: key}) for key in clients(settings, served)]
