"""The platform resources that workloads receive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.base.log_target import LogTarget
from components.cluster.control_plane import Cluster
from components.context.endpoints import Endpoint
from components.data.access_logs import AccessLogs
from components.data.bucket import Bucket
from components.data.cache import Cache
from components.data.certificates import Authority
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
    """The platform resources that workloads use."""

    settings: Settings
    network: Network
    cluster: Cluster
    account_id: pulumi.Input[str]
    databases: Mapping[str, DatabaseServer]
    """RDS instances and Aurora clusters."""

    caches: Mapping[str, Cache]
    buckets: Mapping[str, Bucket]
    secrets: Mapping[str, Secret]
    ingress_or_none: Ingress | None
    """None if no workload and no host requires a load balancer."""

    setup: Namespace | None
    """The namespace of the Jobs that set up databases; None if there are none."""

    watching: tuple[pulumi.Resource, ...] = ()
    """The resources that install the ServiceMonitor CRD; empty without monitoring."""

    file_systems: Mapping[str, FileSystem] = field(default_factory=dict)
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    """The model endpoints of workloads that are created before this one, by model name."""

    repositories: Mapping[str, Repository] = field(default_factory=dict)
    callers: Mapping[str, Endpoint] = field(default_factory=dict)
    """The gateway endpoint of each API client, by client name, if the gateway is created before this workload."""

    database_users: Mapping[str, Sequence[pulumi.Resource]] = field(default_factory=dict)
    """The Jobs that create the users of a MySQL database, by database key."""

    server_groups: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """The security group IDs of the EC2 instances outside the cluster, by key."""

    authority_or_none: Authority | None = None
    """None if no store has a certificate."""

    access_logs: AccessLogs | None = None
    """The buckets for access logs."""

    private_zone_id: pulumi.Input[str] | None = None
    """The private hosted zone of the EC2 instances; None if there are none."""

    def bucket_logs(self) -> LogTarget | None:
        """Return the target of access logs of buckets; None if they are not logged."""
        return self.access_logs.of_buckets() if self.access_logs else None

    def balancer_logs(self) -> LogTarget | None:
        """Return the target of access logs of load balancers; None if they are not logged."""
        return self.access_logs.of_balancers() if self.access_logs else None

    def private_zone(self) -> pulumi.Input[str]:
        """Return the private hosted zone of the VPC. Raise LookupError if the stack has no EC2 instances."""
        if self.private_zone_id is None:
            raise LookupError("the stack has no EC2 instances")
        return self.private_zone_id

    @property
    def authority(self) -> Authority:
        """Return the authority of the stores' certificates. Raise LookupError if no store uses TLS."""
        if self.authority_or_none is None:
            raise LookupError("no store uses TLS")
        return self.authority_or_none

    @property
    def ingress(self) -> Ingress:
        """Return the ingress. Raise LookupError if no workload and no host requires one."""
        if self.ingress_or_none is None:
            raise LookupError("no workload and no host requires an ingress")
        return self.ingress_or_none

    @property
    def database_setup(self) -> Namespace:
        """Return the namespace of the Jobs that set up database users. Users of the databases cannot access it.

        Raise LookupError if no workload and no environment uses a database.
        """
        if self.setup is None:
            raise LookupError("no workload and no environment uses a database")
        return self.setup

    @property
    def project(self) -> str:
        """Return the prefix of names."""
        return self.settings.project.name

    @property
    def region(self) -> str:
        """Return the AWS region."""
        return self.settings.project.region
