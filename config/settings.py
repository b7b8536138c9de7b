"""All settings of a stack file: one model for each section."""

from collections.abc import Iterator, Mapping
from typing import Self

from pydantic import model_validator

from catalog.images import mirrored
from catalog.reading.model import Model
from catalog.reading.problems import Path
from config.access_logs import AccessLogs
from config.addons import Addons
from config.alarms import Alarms
from config.applications import Application
from config.aurora import AuroraCluster
from config.backups import COPIES, Backups
from config.buckets import Bucket
from config.caches import Cache
from config.charts import Charts
from config.cluster import Cluster
from config.costs import Costs
from config.databases import Database
from config.environments import Environment, PriorityClass
from config.file_systems import FileSystem
from config.findings import Findings
from config.gitops import GitOps
from config.images import Images
from config.ingress import Ingress
from config.instances import Server
from config.kubeflow import Kubeflow
from config.monitoring import Monitoring
from config.network import Network
from config.node_pools import NodePool
from config.nodes import NodeGroup
from config.production import production
from config.project import Project
from config.repositories import Repository
from config.scheduler import Scheduler
from config.schedules import Schedule
from config.secrets import Secret
from config.tenants import Tenants
from config.timeouts import RESPONSE_SECONDS, Timeouts
from config.tls import Tls
from config.types.names import Name, NodeGroupName
from config.workloads import Workloads
from config.workloads.kafka import Kafka
from config.workloads.redis import Redis

NAMESPACE = "ai-platform"
"""The configuration namespace: the project's name in Pulumi.yaml."""

PROTECTION = "deletionProtection"


class Settings(Model):
    """Each field is the section `ai-platform:<field>` of a stack file."""

    project: Project
    """Name, region and tags of the platform."""

    network: Network
    """The VPC."""

    cluster: Cluster
    """The EKS control plane."""

    node_groups: dict[NodeGroupName, NodeGroup]
    """Managed node groups by name."""

    node_pools: dict[Name, NodePool] = {}
    """Karpenter's node pools by name; with one of them Karpenter is installed."""

    addons: Addons = Addons()
    """Add-ons of the cluster."""

    charts: Charts = Charts()
    """Source of Helm charts."""

    images: Images = Images()
    """Registry of container images."""

    schedules: dict[Name, Schedule] = {}
    """Schedules of stop and start, by name."""

    scheduler: Scheduler | None = None
    """Lambda function that runs schedules. Default: EventBridge Scheduler calls the services directly."""

    databases: dict[Name, Database] = {}
    """RDS instances by name."""

    aurora_clusters: dict[Name, AuroraCluster] = {}
    """Aurora clusters by name; a name that `databases` has is not allowed."""

    caches: dict[Name, Cache] = {}
    """ElastiCache replication groups by name."""

    file_systems: dict[Name, FileSystem] = {}
    """EFS file systems by name."""

    buckets: dict[Name, Bucket] = {}
    """S3 buckets by name."""

    repositories: dict[Name, Repository] = {}
    """ECR repositories by name."""

    secrets: dict[Name, Secret] = {}
    """Secrets by name, without their values."""

    instances: dict[Name, Server] = {}
    """EC2 instances outside the cluster, by name."""

    tls: Tls = Tls()
    """TLS of the stores in the cluster."""

    ingress: Ingress = Ingress()
    """The load balancer, its DNS records and its certificate."""

    access_logs: AccessLogs = AccessLogs()
    """Access logs of load balancers and buckets."""

    priority_classes: dict[Name, PriorityClass] = {}
    """Priority classes of pods, by name."""

    applications: dict[Name, Application] = {}
    """Applications that environments run, by name."""

    environments: dict[Name, Environment] = {}
    """Environments, isolated in the same cluster, by name."""

    kubeflow: Kubeflow | None = None
    """Kubeflow; not installed without this section."""

    tenants: Tenants | None = None
    """Tenants: users with isolated namespaces in the same cluster; none without this section."""

    monitoring: Monitoring | None = None
    """Prometheus, Alertmanager and Grafana; not installed without this section."""

    alarms: Alarms | None = None
    """CloudWatch alarms; none without this section."""

    gitops: GitOps | None = None
    """Argo CD; not installed without this section."""

    backups: Backups | None = None
    """Backups of volumes and databases by AWS Backup, in addition to the automated backups of databases."""

    workloads: Workloads = Workloads()
    """Workloads: MLflow, vLLM, LiteLLM, Open WebUI, Kafka and Redis."""

    costs: Costs = Costs()
    """Budget, and assumptions about usage for the cost estimate."""

    findings: Findings = Findings()
    """Accepted findings."""

    def protected_by(self) -> dict[Path, bool]:
        """Return each setting with which AWS refuses a deletion, and its value."""
        stores: dict[str, Mapping[str, Database | AuroraCluster]] = {
            "databases": self.databases,
            "auroraClusters": self.aurora_clusters,
        }
        return {
            ("cluster", PROTECTION): self.cluster.deletion_protection,
            ("ingress", PROTECTION): self.ingress.deletion_protection,
            **{
                (section, key, PROTECTION): one.deletion_protection
                for section, entries in stores.items()
                for key, one in entries.items()
            },
        }

    def is_protected(self) -> bool:
        """Return whether Pulumi refuses to delete what holds data or an identity."""
        wanted = self.project.deletion_protection
        return self.project.is_production() or any(self.protected_by().values()) if wanted is None else wanted

    def responses(self) -> Iterator[tuple[int, Path]]:
        """Yield the longest response in seconds of everything with a route of the load balancer, and its setting."""
        for one in self.workloads.wanted():
            if one.settings.needs_ingress():
                yield self.workloads.response(one.key)
        for environment in self.environments.values():
            for name, service in environment.services.items():
                if service.host is not None and name in self.applications:
                    yield self.applications[name].response_seconds, ("applications", name, "responseSeconds")

    @model_validator(mode="after")
    def _production_defaults(self) -> Self:
        if self.project.is_production():
            defaults = production(
                # One setting lifts Pulumi's protection and AWS's.
                protected=self.project.deletion_protection is not False,
                cluster=self.cluster,
                ingress=self.ingress,
                databases=self.databases,
                access_logs=self.access_logs,
            )
            self.follow(**defaults)
        return self

    @model_validator(mode="after")
    def _stores_encrypt(self) -> Self:
        for store in self._stores():
            if store.tls is None:
                store.follow(tls=self.tls.stores)
        return self

    def _stores(self) -> list[Kafka | Redis]:
        return [one for one in (self.workloads.kafka, self.workloads.redis) if one is not None]

    def needs_authority(self) -> bool:
        """Return whether a store in the cluster has a certificate."""
        return any(store.tls for store in self._stores())

    @model_validator(mode="after")
    def _load_balancer_waits(self) -> Self:
        """Set the load balancer's idle timeout to the longest response: without streaming it sends nothing before it is
        complete."""
        longest = max((seconds for seconds, _ in self.responses()), default=0)
        unset = "idle_timeout_seconds" not in self.ingress.model_fields_set
        if unset and longest > self.ingress.idle_timeout_seconds:
            self.follow(ingress=self.ingress.model_copy(update={"idle_timeout_seconds": longest}))
        return self

    def timeouts(self, response_seconds: int = RESPONSE_SECONDS) -> Timeouts:
        """Return the time limits of a server with this longest response, behind the load balancer."""
        return Timeouts(response_seconds, self.ingress.idle_timeout_seconds)

    def timeouts_of(self, workload: str) -> Timeouts:
        """Return the time limits of a workload, by the name of its field."""
        return self.timeouts(self.workloads.response(workload)[0])

    def image(self, name: str) -> str:
        """Return the place of a container image: in the registry of `images`, or its own. No other code decides it."""
        return mirrored(name, self.images.registry, self.project.region)

    def cluster_name(self) -> str:
        """Return the name of the EKS cluster."""
        return self.cluster.name or self.project.called("eks")

    def vpc_name(self) -> str:
        """Return the Name tag of the VPC."""
        return self.network.name or self.project.called("vpc")

    def private_domain(self) -> str:
        """Return the domain of the private hosted zone with the instances' DNS records."""
        return self.network.private_domain or f"{self.project.name}.internal"

    def bucket_name(self, key: str) -> str:
        """Return the global name of a bucket."""
        bucket = self.buckets[key]
        return bucket.existing or bucket.name or self.project.called(key)

    def existing_arns(self) -> list[str]:
        """Return the ARNs of the stores that exist already; roles name those of a bucket and of its objects."""
        buckets = [f"arn:aws:s3:::{one.existing}" for one in self.buckets.values() if one.existing is not None]
        others = [*self.repositories.values(), *self.secrets.values()]
        return [
            *(arn for bucket in buckets for arn in (bucket, f"{bucket}/*")),
            *(one.existing for one in others if one.existing is not None),
        ]

    def log_bucket_name(self, region: str) -> str:
        """Return the global name of the bucket for access logs of a region."""
        name = self.access_logs.bucket or self.project.called("access-logs")
        return name if region == self.project.region else f"{name}-{region}"

    def log_bucket_names(self) -> list[str]:
        """Return the global names of the buckets for access logs, of which those that nothing logs to are not made."""
        logs, home = self.access_logs, self.project.region
        copied = sorted({one.replicate_to for one in self.buckets.values() if one.replicate_to} - {home})
        regions = [*([home] if logs.buckets or logs.load_balancers else []), *(copied if logs.buckets else [])]
        return [self.log_bucket_name(region) for region in regions]

    def replica_name(self, key: str) -> str:
        """Return the global name of a bucket's replica."""
        bucket = self.buckets[key]
        return bucket.replica_name or f"{self.bucket_name(key)}-{bucket.replicate_to}"

    def vault_names(self) -> tuple[str, str]:
        """Return the names of the backup vault and of the vault for copies."""
        name = (self.backups.vault if self.backups else None) or self.project.called("backups")
        return name, f"{name}{COPIES}"

    def backup_tags(self) -> dict[str, str]:
        """Return the tags that select resources for AWS Backup."""
        return {self.backups.tag: self.project.name} if self.backups else {}

    def other_regions(self) -> tuple[str, ...]:
        """Return the other regions in which the platform has resources."""
        wanted = [
            self.backups.second_region if self.backups else None,
            *(database.replicate_to for database in self.databases.values()),
            *(bucket.replicate_to for bucket in self.buckets.values()),
            *(repository.replicate_to for repository in self.repositories.values()),
        ]
        return tuple(sorted({region for region in wanted if region is not None}))

    def repository_name(self, key: str) -> str:
        """Return the name of a repository in the account's registry."""
        repository = self.repositories[key]
        if repository.existing is not None:
            return repository.existing.partition(":repository/")[2]
        return repository.name or f"{self.project.name}/{key}"

    def database_identifier(self, key: str) -> str:
        """Return the identifier of an RDS instance."""
        return self.databases[key].identifier or self.project.called(f"{key}-db")

    def aurora_identifier(self, key: str) -> str:
        """Return the identifier of an Aurora cluster."""
        return self.aurora_clusters[key].identifier or self.project.called(f"{key}-aurora")

    def cache_identifier(self, key: str) -> str:
        """Return the identifier of a replication group."""
        return self.caches[key].identifier or self.project.called(key)

    def cache_users(self, key: str) -> dict[str, str]:
        """Return the key prefix of each environment and workload in a cache."""
        shared = {name: environment.cache for name, environment in self.environments.items()}
        environments = {
            name: cache.key_prefix or f"{name}:"
            for name, cache in shared.items()
            if cache is not None and cache.cache == key
        }
        using = (one.name for one in self.workloads.wanted() if key in one.settings.uses("caches"))
        return environments | {name: f"{name}:" for name in using}

    def file_system_name(self, key: str) -> str:
        """Return the Name tag of a file system."""
        return self.file_systems[key].name or self.project.called(f"{key}-efs")

    def namespace(self, environment: str) -> str:
        """Return the namespace of an environment."""
        return self.environments[environment].namespace or environment

    def services(self, environment: str) -> dict[str, Application]:
        """Return the applications of an environment with its overrides applied."""
        chosen = self.environments[environment].services
        return {name: service.of(self.applications[name]) for name, service in chosen.items()}

    def alarm_topic(self) -> str:
        """Return the name of the SNS topic of alarms."""
        return (self.alarms.topic if self.alarms else None) or self.project.called("alarms")

    def budget_name(self) -> str:
        """Return the name of the budget in AWS Budgets."""
        return (self.costs.budget.name if self.costs.budget else None) or self.project.called("monthly")

    def sms_region(self) -> str:
        """Return the region from which text messages are sent."""
        return (self.costs.budget.sms_region if self.costs.budget else None) or self.project.region

    def secret_name(self, key: str) -> str:
        """Return the name of a secret in Secrets Manager."""
        secret = self.secrets[key]
        if secret.existing is not None:
            # Secrets Manager appends a hyphen and six characters to the name.
            return secret.existing.partition(":secret:")[2].rpartition("-")[0]
        return secret.name or f"{self.project.name}/{key}"
