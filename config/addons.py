"""Add-ons of the cluster. Each is enabled unless a stack disables it."""

from typing import Literal

from pydantic import Field

from catalog.reading.model import Model
from config.overrides import ChartValues
from config.types.aws import LogGroupName, ManagedPolicyName
from config.types.programs import PackageVersion
from config.types.times import RetentionDays


class Addon(Model):
    """An EKS add-on or Helm chart of the cluster."""

    enabled: bool = True
    """Whether the add-on is installed."""

    version: PackageVersion | None = None
    """Version of the EKS add-on or chart. Default: the one in catalog/versions.py."""

    values: ChartValues = {}
    """Values of the chart, or configuration values of the EKS add-on, merged last over the platform's own."""


class VpcCni(Addon):
    """Pod networking by the Amazon VPC CNI."""

    prefix_delegation: bool = True
    """Whether nodes assign /28 prefixes to network interfaces: a t3.medium can run 110 pods instead of 17."""

    network_policy: bool = True
    """Whether NetworkPolicies are enforced; without it they have no effect."""

    def gives_prefixes(self) -> bool:
        """Return whether `maxPods` of the stack file limits the pods of nodes, and not the number of their
        addresses."""
        return self.enabled and self.prefix_delegation


class EbsCsi(Addon):
    """Volumes of pods on EBS."""

    default_storage_class: bool = True
    """Whether an encrypted gp3 StorageClass is created as the default: EKS has none since Kubernetes 1.30."""


class LoadBalancerController(Addon):
    """AWS Load Balancer Controller: registers pods with load balancers."""

    policy_name: ManagedPolicyName | None = None
    """Name of its IAM policy. Default: the name of its role, `<project>-alb-ingress-controller`."""


class ClusterAutoscaler(Addon):
    """Cluster Autoscaler: changes the size of node groups between their minimum and maximum."""

    expander: Literal["least-waste", "priority", "random", "price"] = "least-waste"
    """How it chooses between node groups that fit."""

    scale_down_unneeded_minutes: int = Field(default=10, ge=1, le=1440)
    """Minutes that a node must be unneeded before it is removed."""


class Karpenter(Addon):
    """Launches nodes for pending pods, as set in `nodePools`."""

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


class Addons(Model):
    """Section `ai-platform:addons`."""

    replicas: int = Field(default=2, ge=1, le=3)
    """Replicas of every controller; with two or more, each has a PodDisruptionBudget."""

    vpc_cni: VpcCni = VpcCni()
    """Assigns addresses to pods."""

    coredns: Addon = Addon()
    """DNS in the cluster."""

    kube_proxy: Addon = Addon()
    """Routes traffic to Services."""

    ebs_csi: EbsCsi = EbsCsi()
    """Provisions volumes on EBS."""

    metrics_server: Addon = Addon()
    """Provides CPU and memory metrics, which HorizontalPodAutoscalers require."""

    load_balancer_controller: LoadBalancerController = LoadBalancerController()
    """Registers pods with the load balancer."""

    external_secrets: Addon = Addon()
    """External Secrets Operator: copies secrets from Secrets Manager to Kubernetes Secrets."""

    cluster_autoscaler: ClusterAutoscaler = ClusterAutoscaler()
    """Scales node groups by pending pods."""

    karpenter: Karpenter = Karpenter()
    """Installed if `nodePools` has a pool."""

    efs_csi: Addon = Addon()
    """Mounts file systems; installed if `fileSystems` has one."""

    keda: Addon = Addon()
    """Scales by Prometheus metrics; installed if a model of `workloads.vllm` has `autoscaling`."""

    leader_worker_set: Addon = Addon()
    """Runs a model on several nodes; installed if a model of `workloads.vllm` needs more than one."""

    nvidia_device_plugin: Addon = Addon()
    """Exposes GPUs to pods; installed if a node group or pool has GPUs and its AMI does not include the plugin."""

    cloudwatch_observability: CloudwatchObservability = CloudwatchObservability()
    """Container Insights; disabled by default."""

    def named(self, key: str) -> Addon:
        """Return the settings of an add-on by its key in YAML."""
        found: Addon = getattr(
            self, next(name for name, field in type(self).model_fields.items() if field.alias == key)
        )
        return found
