"""What workloads are given of the platform."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.cluster.control_plane import Cluster
from components.context.endpoints import Endpoint
from components.data.bucket import Bucket
from components.data.cache import Cache
from components.data.file_system import FileSystem
from components.data.repository import Repository
from components.data.secret import Secret
from components.data.server import DatabaseServer
from components.ingress.ingress import Ingress
from components.kubernetes.namespace import Namespace
from components.network.vpc import Network
from config.settings import Settings


@dataclass(frozen=True)
class WorkloadContext:
    """The parts of a platform that workloads use."""

    settings: Settings
    network: Network
    cluster: Cluster
    databases: Mapping[str, DatabaseServer]
    """RDS instances and Aurora clusters."""

    caches: Mapping[str, Cache]
    buckets: Mapping[str, Bucket]
    secrets: Mapping[str, Secret]
    ingress_or_none: Ingress | None
    """None where nothing asks for one."""

    setup: Namespace | None
    """None where no job sets up a database."""

    watching: tuple[pulumi.Resource, ...] = ()
    """What brings the definition of ServiceMonitors; empty where nothing watches."""

    file_systems: Mapping[str, FileSystem] = field(default_factory=dict)
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    """The models that workloads before this one serve, by name."""

    repositories: Mapping[str, Repository] = field(default_factory=dict)
    callers: Mapping[str, Endpoint] = field(default_factory=dict)
    """The gateway before this one, as each of its API clients uses it, by name."""

    database_users: Mapping[str, Sequence[pulumi.Resource]] = field(default_factory=dict)
    """What makes the users of a database of MySQL, by its key."""

    server_groups: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """The security groups of the instances beside the cluster, by key."""

    private_zone_id: pulumi.Input[str] | None = None
    """The zone of their names; None where there are no instances."""

    def private_zone(self) -> pulumi.Input[str]:
        """The zone of names inside of the VPC: there for whatever lets instances in."""
        if self.private_zone_id is None:
            raise LookupError("no instance stands beside the cluster")
        return self.private_zone_id

    @property
    def ingress(self) -> Ingress:
        """How requests come in: there for every workload, and for all that has a host."""
        if self.ingress_or_none is None:
            raise LookupError("no workload and no host asks for a way in")
        return self.ingress_or_none

    @property
    def database_setup(self) -> Namespace:
        """Where jobs set up database users, out of sight of those who use the databases."""
        if self.setup is None:
            raise LookupError("no workload and no environment asks for a database")
        return self.setup

    @property
    def project(self) -> str:
        """The prefix of names."""
        return self.settings.project.name

    @property
    def region(self) -> str:
        """The AWS region."""
        return self.settings.project.region
