"""What environments are given of the platform, and what their parts share."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.data.cache import Cache
from components.data.file_system import FileSystem
from components.data.schemas import Schemas
from components.data.server import DatabaseServer
from components.workloads.context import WorkloadContext


@dataclass(frozen=True)
class EnvironmentContext:
    """The parts of a platform that environments use."""

    platform: WorkloadContext
    servers: Mapping[str, DatabaseServer]
    """PostgreSQL servers, RDS and Aurora alike, by their key."""

    schemas: Mapping[str, Schemas]
    """What the environments have on a server, by the server's key."""

    caches: Mapping[str, Cache]
    file_systems: Mapping[str, FileSystem]
