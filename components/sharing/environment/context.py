"""Platform resources that environments use."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.context.context import WorkloadContext
from components.data.file_system import FileSystem
from components.database_setup.schemas import Schemas


@dataclass(frozen=True)
class EnvironmentContext:
    """The parts of the platform that environments use."""

    platform: WorkloadContext
    schemas: Mapping[str, Schemas]
    """The schemas of environments on a server, by the server's key."""

    file_systems: Mapping[str, FileSystem]
