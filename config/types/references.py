"""Names of other entries of the stack file: every value of such a type is checked, at any path."""

from dataclasses import dataclass
from typing import Annotated

from config.types.names import Name, NodeGroupName


@dataclass(frozen=True)
class RefersTo:
    """The name of an entry in one of these sections; `monitoring.receivers` is a map inside a section."""

    sections: tuple[str, ...]
    engine: str | None = None
    """The engine that a database must have."""

    generated: bool = False
    """Whether the value of the secret must be generated."""

    dumps: bool = False
    """Whether the bucket is for dumps, which must expire."""


def _of(*sections: str, engine: str | None = None, generated: bool = False, dumps: bool = False) -> RefersTo:
    return RefersTo(sections, engine, generated, dumps)


ApplicationRef = Annotated[Name, _of("applications")]
BucketRef = Annotated[Name, _of("buckets")]
CacheRef = Annotated[Name, _of("caches")]
VirtualKeyRef = Annotated[Name, _of("workloads.litellm.virtualKeys")]
DatabaseRef = Annotated[Name, _of("databases")]
DumpsRef = Annotated[Name, _of("buckets", dumps=True)]
EnvironmentRef = Annotated[Name, _of("environments")]
FileSystemRef = Annotated[Name, _of("fileSystems")]
GeneratedSecretRef = Annotated[Name, _of("secrets", generated=True)]
InstanceRef = Annotated[Name, _of("instances")]
ModelRef = Annotated[Name, _of("workloads.vllm.models")]
NodeGroupRef = Annotated[NodeGroupName, _of("nodeGroups")]
NodesRef = Annotated[NodeGroupName, _of("nodeGroups", "nodePools")]
PostgresRef = Annotated[Name, _of("databases", "auroraClusters", engine="postgres")]
PriorityClassRef = Annotated[Name, _of("priorityClasses")]
ProviderRef = Annotated[Name, _of("workloads.litellm.providers")]
ReceiverRef = Annotated[Name, _of("monitoring.receivers")]
RepositoryRef = Annotated[Name, _of("repositories")]
ScheduleRef = Annotated[Name, _of("schedules")]
SecretRef = Annotated[Name, _of("secrets")]
