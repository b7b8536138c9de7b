"""The whole of a stack file: one model a section."""

from config.addons import Addons
from config.buckets import Bucket
from config.charts import Charts
from config.cluster import Cluster
from config.costs import Costs
from config.databases import Database
from config.ingress import Ingress
from config.model import Model
from config.network import Network
from config.nodes import NodeGroup
from config.project import Project
from config.schedules import Schedule
from config.secrets import Secret
from config.types import Name
from config.workloads import Workloads

NAMESPACE = "ai-platform"
"""The configuration namespace: the project's name in Pulumi.yaml."""


class Settings(Model):
    """Each field is the section `ai-platform:<field>` of a stack file."""

    project: Project
    """Name, region and tags of the platform."""

    network: Network
    """The VPC."""

    cluster: Cluster
    """The EKS control plane."""

    node_groups: dict[Name, NodeGroup]
    """Managed node groups by name."""

    addons: Addons = Addons()
    """What every cluster needs."""

    charts: Charts = Charts()
    """Where Helm charts come from."""

    schedules: dict[Name, Schedule] = {}
    """When something may sleep, by name."""

    databases: dict[Name, Database] = {}
    """RDS instances by name."""

    buckets: dict[Name, Bucket] = {}
    """S3 buckets by name."""

    secrets: dict[Name, Secret] = {}
    """Secrets by name; their values never stand here."""

    ingress: Ingress = Ingress()
    """The load balancer, its names and its certificate."""

    workloads: Workloads = Workloads()
    """What the platform is for."""

    costs: Costs = Costs()
    """What it may cost, and what is assumed about its use."""

    def cluster_name(self) -> str:
        """The name of the EKS cluster."""
        return self.cluster.name or f"{self.project.name}-eks"

    def vpc_name(self) -> str:
        """The Name tag of the VPC."""
        return self.network.name or f"{self.project.name}-vpc"

    def bucket_name(self, key: str) -> str:
        """The global name of a bucket."""
        return self.buckets[key].name or f"{self.project.name}-{key}"

    def database_identifier(self, key: str) -> str:
        """The identifier of an RDS instance."""
        return self.databases[key].identifier or f"{self.project.name}-{key}-db"

    def secret_name(self, key: str) -> str:
        """The name of a secret in Secrets Manager."""
        return self.secrets[key].name or f"{self.project.name}/{key}"
