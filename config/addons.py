"""What every cluster needs to be of use. On unless a stack turns one off."""

from typing import Literal

from pydantic import Field

from catalog.reading.model import Model
from config.overrides import ChartValues
from config.types.aws import LogGroupName, ManagedPolicyName
from config.types.programs import PackageVersion
from config.types.times import RetentionDays


class Addon(Model):
    """Something installed on the cluster."""

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


class Addons(Model):
    """Section `ai-platform:addons`."""

    replicas: int = Field(default=2, ge=1, le=3)
    """Of every controller; with two or more each gets a PodDisruptionBudget."""

    vpc_cni: VpcCni = VpcCni()
    """Gives pods their addresses."""

    coredns: Addon = Addon()
    """Names in the cluster."""

    kube_proxy: Addon = Addon()
    """The addresses of Services."""

    ebs_csi: EbsCsi = EbsCsi()
    """Makes volumes on EBS."""

    metrics_server: Addon = Addon()
    """Without it a HorizontalPodAutoscaler has nothing to measure."""

    load_balancer_controller: LoadBalancerController = LoadBalancerController()
    """Connects pods with the load balancer."""

    external_secrets: Addon = Addon()
    """Brings secrets from Secrets Manager into pods."""

    cluster_autoscaler: ClusterAutoscaler = ClusterAutoscaler()
    """Sizes node groups by the pods that wait."""

    karpenter: Karpenter = Karpenter()
    """Installed where `nodePools` names a pool."""

    efs_csi: Addon = Addon()
    """Mounts file systems; installed where `fileSystems` names one."""

    keda: Addon = Addon()
    """Scales by what Prometheus tells; installed where a model of `workloads.vllm` has `autoscaling`."""

    leader_worker_set: Addon = Addon()
    """Runs one model over several nodes; installed where a model of `workloads.vllm` needs more than one."""

    nvidia_device_plugin: Addon = Addon()
    """Installed where a node group or pool has GPUs and its AMI does not bring the plugin."""

    cloudwatch_observability: CloudwatchObservability = CloudwatchObservability()
    """Container Insights; off unless a stack turns it on."""

    def named(self, key: str) -> Addon:
        """Return the settings of an add-on by its key in YAML."""
        found: Addon = getattr(
            self, next(name for name, field in type(self).model_fields.items() if field.alias == key)
        )
        return found
