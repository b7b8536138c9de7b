"""What workloads are given of the platform."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.cluster.control_plane import Cluster
from components.data.bucket import Bucket
from components.data.database import Database
from components.ingress.entrance import Entrance
from components.kubernetes.namespace import Namespace
from components.network.vpc import Network
from config.settings import Settings

DATABASE_SETUP_NAMESPACE = "database-setup"


@dataclass(frozen=True)
class WorkloadContext:
    """The parts of a platform that workloads use."""

    settings: Settings
    network: Network
    cluster: Cluster
    databases: Mapping[str, Database]
    buckets: Mapping[str, Bucket]
    entrance: Entrance
    database_setup: Namespace
    """Where jobs set up database users, out of sight of those who use the databases."""

    @property
    def project(self) -> str:
        """The prefix of names."""
        return self.settings.project.name

    @property
    def region(self) -> str:
        """The AWS region."""
        return self.settings.project.region
