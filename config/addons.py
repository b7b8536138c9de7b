"""What every cluster needs to be of use. On unless a stack turns one off."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from catalog.reading.model import Model
from config.overrides import ChartValues
from config.types.aws import LogGroupName, ManagedPolicyName
from config.types.programs import PackageVersion
from config.types.times import RetentionDays


class Addon(Model):
    """Something installed on the cluster."""

    NAMESPACE: ClassVar[str | None] = None
    """The namespace that is made for it; none where it runs in one of Kubernetes or makes its own."""

    ON_DEMAND: ClassVar[bool] = False
    """Whether it is installed only where something needs it: `config.parts.needs`."""

    CALLS_PROMETHEUS: ClassVar[bool] = False
    """Whether its pods query Prometheus."""

    SCRAPED_PORTS: ClassVar[tuple[int, ...]] = ()
    """Where its pods have metrics that Prometheus reads."""

    enabled: bool = True
    """False leaves it out."""

    version: PackageVersion | None = None
    """The add-on or chart version; the one in catalog/versions.py when left out."""

    values: ChartValues = {}
    """Values of the chart, or configuration values of the EKS add-on, merged last over the platform's own."""


class VpcCni(Addon):
    """Pod networking."""

    prefix_delegation: bool = True
    """Hands out /28 prefixes: a t3.medium carries 110 pods instead of 17."""

    network_policy: bool = True
    """Enforces NetworkPolicies; without it every one of them is decoration."""

    def gives_prefixes(self) -> bool:
        """Whether nodes carry as many pods as the stack file says, and not as their addresses allow."""
        return self.enabled and self.prefix_delegation


class EbsCsi(Addon):
    """Volumes on EBS."""

    default_storage_class: bool = True
    """Makes an encrypted gp3 StorageClass the default one: EKS has had none since 1.30."""


class LoadBalancerController(Addon):
    """Connects pods with load balancers."""

    policy_name: ManagedPolicyName | None = None
    """Name of its IAM policy; the role's, `<project>-alb-ingress-controller`, when left out."""


class ClusterAutoscaler(Addon):
    """Moves the size of node groups between their limits."""

    expander: Literal["least-waste", "priority", "random", "price"] = "least-waste"
    """How it chooses among node groups that would fit."""

    scale_down_unneeded_minutes: int = Field(default=10, ge=1, le=1440)
    """How long a node must be idle before it goes."""


class Karpenter(Addon):
    """Brings nodes for the pods that wait, as `nodePools` says."""

    ON_DEMAND: ClassVar[bool] = True

    batch_idle_seconds: int = Field(default=1, ge=1, le=60)
    """How long it waits for more pods before it chooses nodes."""


class CloudwatchObservability(Addon):
    """Container Insights: a CloudWatch agent and Fluent Bit on every node."""

    enabled: bool = False
    """Installs it: metrics of nodes and pods, which CloudWatch bills by the observation, and the logs of both."""

    host_logs: LogGroupName | None = None
    """Log group of the nodes' kernel, system and login messages; `/aws/containerinsights/<cluster>/host` when left
    out."""

    application_logs: LogGroupName | None = None
    """Log group of what containers write; `/aws/containerinsights/<cluster>/application` when left out."""

    retention_days: RetentionDays = 30
    """How long its log groups keep what they hold; the agent itself would keep it for ever."""

    open_telemetry: bool = False
    """Sends metrics of Prometheus' node exporter too, the load average (`node_load1`) among them, which the agent has
    not; they are asked for in PromQL. Needs a `version` from v6.0.1 on, and brings three kinds of pods more."""

    def log_groups(self, cluster_name: str) -> dict[str, str]:
        """The names of its log groups by what they hold."""
        own = f"/aws/containerinsights/{cluster_name}"
        return {
            "host": self.host_logs or f"{own}/host",
            "application": self.application_logs or f"{own}/application",
            # The kubelet, containerd, kube-proxy and the VPC CNI.
            "dataplane": f"{own}/dataplane",
            # The agent writes metrics there, and CloudWatch reads them out of it; no setting renames it.
            "performance": f"{own}/performance",
        }


class OnDemand(Addon):
    """Installed where something needs it."""

    ON_DEMAND: ClassVar[bool] = True


class ExternalSecrets(Addon):
    """The operator of External Secrets."""

    NAMESPACE: ClassVar[str | None] = "external-secrets"


class Keda(OnDemand):
    """Scales by what Prometheus tells."""

    NAMESPACE: ClassVar[str | None] = "keda"
    CALLS_PROMETHEUS: ClassVar[bool] = True


class LeaderWorkerSet(OnDemand):
    """Groups of pods that live and die together."""

    NAMESPACE: ClassVar[str | None] = "lws-system"


class Addons(Model):
    """Section `ai-platform:addons`, in the order in which add-ons are installed."""

    replicas: int = Field(default=2, ge=1, le=3)
    """Of every controller; with two or more each gets a PodDisruptionBudget."""

    vpc_cni: VpcCni = VpcCni()
    """Gives pods their addresses."""

    kube_proxy: Addon = Addon()
    """The addresses of Services."""

    eks_pod_identity_agent: OnDemand = OnDemand()
    """Gives pods their AWS credentials; installed where `cluster.workloadIdentity` is podIdentity."""

    coredns: Addon = Addon()
    """Names in the cluster."""

    metrics_server: Addon = Addon()
    """Without it a HorizontalPodAutoscaler has nothing to measure."""

    cloudwatch_observability: CloudwatchObservability = CloudwatchObservability()
    """Container Insights; off unless a stack turns it on."""

    ebs_csi: EbsCsi = EbsCsi()
    """Makes volumes on EBS."""

    efs_csi: OnDemand = OnDemand()
    """Mounts file systems; installed where `fileSystems` names one."""

    cluster_autoscaler: ClusterAutoscaler = ClusterAutoscaler()
    """Sizes node groups by the pods that wait."""

    nvidia_device_plugin: OnDemand = OnDemand()
    """Installed where a node group or pool has GPUs and its AMI does not bring the plugin."""

    load_balancer_controller: LoadBalancerController = LoadBalancerController()
    """Connects pods with the load balancer."""

    external_secrets: ExternalSecrets = ExternalSecrets()
    """Brings secrets from Secrets Manager into pods."""

    keda: Keda = Keda()
    """Scales by what Prometheus tells; installed where a workload needs it, as models with `autoscaling` do."""

    leader_worker_set: LeaderWorkerSet = LeaderWorkerSet()
    """Runs one model over several nodes; installed where a workload needs it."""

    karpenter: Karpenter = Karpenter()
    """Installed where `nodePools` names a pool."""

    def each(self) -> Iterator[tuple[str, str, Addon]]:
        """Yield every add-on behind its field here and its key in YAML."""
        for name, field in type(self).model_fields.items():
            addon = getattr(self, name)
            if isinstance(addon, Addon):
                yield name, field.alias or name, addon
