"""CloudWatch metrics of a platform, and the default statistic of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Namespace = Literal["ContainerInsights", "AWS/EC2", "AWS/RDS"]
Statistic = Literal["Average", "Maximum", "Minimum", "Sum"]
Missing = Literal["missing", "notBreaching", "breaching", "ignore"]


@dataclass(frozen=True, slots=True)
class Metric:
    """Defaults of an alarm on a metric."""

    statistic: Statistic
    missing: Missing = "missing"
    """How an alarm treats missing data. A missing utilization is insufficient data. A missing count of failures means
    no failure."""


SHARE, COUNT, LEFT = Metric("Average"), Metric("Sum", "notBreaching"), Metric("Minimum")


def _all(metric: Metric, *names: str) -> dict[str, Metric]:
    return dict.fromkeys(names, metric)


CONTAINER_INSIGHTS: Mapping[str, Metric] = {
    **_all(
        SHARE,
        "node_cpu_utilization",
        "node_memory_utilization",
        "node_filesystem_utilization",
        "node_cpu_reserved_capacity",
        "node_memory_reserved_capacity",
        "node_network_total_bytes",
        "pod_cpu_utilization",
        "pod_cpu_utilization_over_pod_limit",
        "pod_memory_utilization",
        "pod_memory_utilization_over_pod_limit",
        "container_cpu_utilization_over_container_limit",
        "container_memory_utilization_over_container_limit",
        "cluster_node_count",
        "cluster_number_of_running_pods",
        "apiserver_request_duration_seconds",
    ),
    **_all(
        COUNT,
        "cluster_failed_node_count",
        "node_status_condition_disk_pressure",
        "node_status_condition_memory_pressure",
        "node_status_condition_pid_pressure",
        "node_status_condition_unknown",
        "pod_status_failed",
        "pod_status_pending",
        "pod_status_unknown",
        "pod_number_of_container_restarts",
        "pod_container_status_waiting_reason_crash_loop_back_off",
        "pod_container_status_waiting_reason_image_pull_error",
        "pod_container_status_waiting_reason_start_error",
        "pod_container_status_waiting_reason_create_container_error",
        "pod_container_status_waiting_reason_create_container_config_error",
        "pod_container_status_terminated_reason_oom_killed",
        "status_replicas_unavailable",
        "daemonset_status_number_unavailable",
        "persistent_volume_claim_status_lost",
        "persistent_volume_claim_status_pending",
        "apiserver_request_total_5xx",
    ),
}
"""Metrics of the agent for the whole cluster (dimension ClusterName) with enhanced observability:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-enhanced-EKS.html"""

EC2: Mapping[str, Metric] = {
    **_all(SHARE, "CPUUtilization", "NetworkIn", "NetworkOut", "EBSReadBytes", "EBSWriteBytes"),
    **_all(LEFT, "CPUCreditBalance"),
    **_all(
        Metric("Maximum", "notBreaching"),
        "StatusCheckFailed",
        "StatusCheckFailed_Instance",
        "StatusCheckFailed_System",
        "StatusCheckFailed_AttachedEBS",
    ),
}
"""https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html"""

RDS: Mapping[str, Metric] = {
    **_all(SHARE, "CPUUtilization", "DatabaseConnections", "DiskQueueDepth", "ReadLatency", "WriteLatency"),
    **_all(LEFT, "FreeStorageSpace", "FreeableMemory", "CPUCreditBalance", "BurstBalance"),
}
"""https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html"""

METRICS: Mapping[Namespace, Mapping[str, Metric]] = {
    "ContainerInsights": CONTAINER_INSIGHTS,
    "AWS/EC2": EC2,
    "AWS/RDS": RDS,
}

ONLY_AN_AGENT_SEES = ("mem", "disk", "load", "swap", "filesystem")
"""Parts of the names of metrics that EC2 does not send, because the hypervisor cannot measure them."""

IN_BYTES = frozenset({"FreeStorageSpace", "FreeableMemory"})
"""Metrics of what is left, in bytes."""


def is_percent(metric: str) -> bool:
    """Return whether a metric is a share of a whole, in percent; that of a pod's limit can be higher for a moment."""
    return metric in {"CPUUtilization", "BurstBalance"} or metric.endswith(("_utilization", "_reserved_capacity"))
