"""Add-ons of the cluster. Each is enabled unless a stack disables it."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from catalog.reading.model import Model
from catalog.versions import (
    CLUSTER_AUTOSCALER,
    EXTERNAL_SECRETS,
    KARPENTER,
    KARPENTER_CRD,
    KEDA,
    LEADER_WORKER_SET,
    LOAD_BALANCER_CONTROLLER,
    NVIDIA_DEVICE_PLUGIN,
    ChartVersion,
)
from config.overrides import ChartValues
from config.types.aws import LogGroupName, ManagedPolicyName
from config.types.programs import PackageVersion
from config.types.times import RetentionDays

STORAGE_CLASS = "gp3"


class Addon(Model):
    """An EKS add-on or Helm chart of the cluster."""

    NAMESPACE: ClassVar[str | None] = None
    """The namespace that is created for it; none if it runs in kube-system or creates its own."""

    ON_DEMAND: ClassVar[bool] = False
    """Whether it is installed only if something requires it: `config.parts.needs`."""

    CHARTS: ClassVar[tuple[ChartVersion, ...]] = ()
    """The Helm charts that install it; none for an EKS add-on."""

    CALLS_PROMETHEUS: ClassVar[bool] = False
    """Whether its pods query Prometheus."""

    SCRAPED_PORTS: ClassVar[tuple[int, ...]] = ()
    """Where its pods have metrics that Prometheus reads."""

    enabled: bool = True
    """Whether the add-on is installed."""

    version: PackageVersion | None = None
    """Version of the EKS add-on or chart. Default: the one of the Kubernetes version in
    catalog/data/eks-releases.yaml, or of the chart in catalog/versions.py."""

    values: ChartValues = {}
    """Values of the chart, or configuration values of the EKS add-on, merged last over the platform's own."""


class WarmTargets(Model):
    """What a node keeps for pods that are yet to come. One target at a time: the CNI ignores all others if addresses
    are counted.

    https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/eni-and-ip-target.md,
    https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/prefix-and-ip-target.md
    """

    interfaces: int | None = Field(default=None, ge=0, le=15)
    """Free network interfaces with all their addresses, without prefix delegation. Default: 1 without other targets."""

    prefixes: int | None = Field(default=None, ge=1, le=15)
    """Free /28 prefixes, with prefix delegation. Default: 1 without other targets."""

    addresses: int | None = Field(default=None, ge=0, le=250)
    """Free addresses, rounded up to prefixes with prefix delegation."""

    minimum_addresses: int | None = Field(default=None, ge=1, le=250)
    """Minimum addresses of a node, in use or free."""

    def environment(self, *, prefix_delegation: bool) -> dict[str, str]:
        """Return the environment variables of the CNI."""
        counted = {"WARM_IP_TARGET": self.addresses, "MINIMUM_IP_TARGET": self.minimum_addresses}
        whole = {"WARM_ENI_TARGET": self.interfaces, "WARM_PREFIX_TARGET": self.prefixes}
        found = {name: str(value) for name, value in {**counted, **whole}.items() if value is not None}
        return found or ({"WARM_PREFIX_TARGET": "1"} if prefix_delegation else {})


class VpcCni(Addon):
    """Pod networking by the Amazon VPC CNI."""

    prefix_delegation: bool = True
    """Whether nodes assign /28 prefixes to network interfaces: a t3.medium can run 110 pods instead of 17."""

    network_policy: bool = True
    """Whether NetworkPolicies are enforced; without it they have no effect."""

    warm: WarmTargets = WarmTargets()
    """Addresses that a node keeps for pods that are yet to come: fewer in a small subnet, more where many pods start at
    once."""

    def gives_prefixes(self) -> bool:
        """Return whether `maxPods` of the stack file limits the pods of nodes, and not the number of their
        addresses."""
        return self.enabled and self.prefix_delegation


class EbsCsi(Addon):
    """Volumes of pods on EBS."""

    default_storage_class: bool = True
    """Whether an encrypted gp3 StorageClass is created as the default: EKS has none since Kubernetes 1.30."""

    reclaim_policy: Literal["Retain", "Delete"] | None = None
    """Whether the EBS volume of a deleted claim is kept, of volumes created from now on. Default: Retain in a protected
    stack, otherwise Delete."""

    def storage_class(self) -> str | None:
        """Return the StorageClass of encrypted gp3 volumes; None where the cluster's own default is used."""
        return STORAGE_CLASS if self.enabled and self.default_storage_class else None


class LoadBalancerController(Addon):
    """AWS Load Balancer Controller: registers pods with load balancers."""

    CHARTS: ClassVar[tuple[ChartVersion, ...]] = (LOAD_BALANCER_CONTROLLER,)

    policy_name: ManagedPolicyName | None = None
    """Name of its IAM policy. Default: the name of its role, `<project>-alb-ingress-controller`."""


class ClusterAutoscaler(Addon):
    """Cluster Autoscaler: changes the size of node groups between their minimum and maximum."""

    CHARTS: ClassVar[tuple[ChartVersion, ...]] = (CLUSTER_AUTOSCALER,)

    expander: Literal["least-waste", "most-pods", "priority", "random"] = "least-waste"
    """How it chooses between node groups that fit."""

    scale_down_unneeded_minutes: int = Field(default=10, ge=1, le=1440)
    """Minutes that a node must be unneeded before it is removed."""


class Karpenter(Addon):
    """Launches nodes for pending pods, as set in `nodePools`."""

    ON_DEMAND: ClassVar[bool] = True
    CHARTS: ClassVar[tuple[ChartVersion, ...]] = (KARPENTER_CRD, KARPENTER)

    batch_idle_seconds: int = Field(default=1, ge=1, le=60)
    """Seconds without a new pending pod before it chooses nodes."""


class CloudwatchObservability(Addon):
    """Container Insights: a CloudWatch agent and Fluent Bit on every node."""

    enabled: bool = False
    """Whether it is installed. It sends metrics of nodes and pods, which CloudWatch bills by observation, and logs."""

    host_logs: LogGroupName | None = None
    """Log group of the nodes' kernel, system and login messages. Default: `/aws/containerinsights/<cluster>/host`."""

    application_logs: LogGroupName | None = None
    """Log group of container output. Default: `/aws/containerinsights/<cluster>/application`."""

    retention_days: RetentionDays = 30
    """Retention of its log groups in days; log groups that the agent creates have no retention."""

    open_telemetry: bool = False
    """Whether metrics of the Prometheus node exporter are sent as well, such as the load average (`node_load1`), which
    the agent does not have; query them with PromQL. Requires `version` 6.0.1 or later, and adds three kinds of pods."""

    def log_groups(self, cluster_name: str) -> dict[str, str]:
        """Return the names of its log groups by kind of log."""
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
    """An add-on that is installed only if something requires it."""

    ON_DEMAND: ClassVar[bool] = True


class ExternalSecrets(Addon):
    """The operator of External Secrets."""

    NAMESPACE: ClassVar[str | None] = "external-secrets"
    CHARTS: ClassVar[tuple[ChartVersion, ...]] = (EXTERNAL_SECRETS,)


class Keda(OnDemand):
    """Kubernetes Event-driven Autoscaling."""

    NAMESPACE: ClassVar[str | None] = "keda"
    CHARTS: ClassVar[tuple[ChartVersion, ...]] = (KEDA,)
    CALLS_PROMETHEUS: ClassVar[bool] = True


class LeaderWorkerSet(OnDemand):
    """Groups of pods that start and end together."""

    NAMESPACE: ClassVar[str | None] = "lws-system"
    CHARTS: ClassVar[tuple[ChartVersion, ...]] = (LEADER_WORKER_SET,)


class NvidiaDevicePlugin(OnDemand):
    """The NVIDIA device plugin."""

    CHARTS: ClassVar[tuple[ChartVersion, ...]] = (NVIDIA_DEVICE_PLUGIN,)


class Addons(Model):
    """Section `ai-platform:addons`, in the order in which add-ons are installed."""

    replicas: int = Field(default=2, ge=1, le=3)
    """Replicas of every controller; with two or more, each has a PodDisruptionBudget."""

    vpc_cni: VpcCni = VpcCni()
    """Assigns addresses to pods."""

    kube_proxy: Addon = Addon()
    """Routes traffic to Services."""

    eks_pod_identity_agent: OnDemand = OnDemand()
    """Provides AWS credentials to pods; installed if `cluster.workloadIdentity` is podIdentity."""

    coredns: Addon = Addon()
    """DNS in the cluster."""

    metrics_server: Addon = Addon()
    """Provides CPU and memory metrics, which HorizontalPodAutoscalers require."""

    cloudwatch_observability: CloudwatchObservability = CloudwatchObservability()
    """Container Insights; disabled by default."""

    ebs_csi: EbsCsi = EbsCsi()
    """Provisions volumes on EBS."""

    efs_csi: OnDemand = OnDemand()
    """Mounts file systems; installed if `fileSystems` has one."""

    cluster_autoscaler: ClusterAutoscaler = ClusterAutoscaler()
    """Scales node groups by pending pods."""

    nvidia_device_plugin: NvidiaDevicePlugin = NvidiaDevicePlugin()
    """Exposes GPUs to pods; installed if a node group or pool has GPUs and its AMI does not include the plugin."""

    load_balancer_controller: LoadBalancerController = LoadBalancerController()
    """Registers pods with the load balancer."""

    external_secrets: ExternalSecrets = ExternalSecrets()
    """External Secrets Operator: copies secrets from Secrets Manager to Kubernetes Secrets."""

    keda: Keda = Keda()
    """Scales by Prometheus metrics; installed if a workload requires it, such as a model with `autoscaling`."""

    leader_worker_set: LeaderWorkerSet = LeaderWorkerSet()
    """Runs a model on several nodes; installed if a workload requires it."""

    karpenter: Karpenter = Karpenter()
    """Installed if `nodePools` has a pool."""

    def each(self) -> Iterator[tuple[str, str, Addon]]:
        """Yield every add-on behind its field here and its key in YAML."""
        for name, field in type(self).model_fields.items():
            addon = getattr(self, name)
            if isinstance(addon, Addon):
                yield name, field.alias or name, addon
