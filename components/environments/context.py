"""What environments are given of the platform, and what their parts share."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.data.file_system import FileSystem
from components.data.schemas import Schemas
from components.workloads.context import WorkloadContext


@dataclass(frozen=True)
class EnvironmentContext:
    """The parts of a platform that environments use."""

    platform: WorkloadContext
    schemas: Mapping[str, Schemas]
    """What the environments have on a server, by the server's key."""

    file_systems: Mapping[str, FileSystem]
