"""Combinations and values that AWS rejects: instance types and schedules of node groups, and charts from a folder."""
# ruff: noqa: E501, the expected lines stand here whole

from catalog.versions import CLUSTER_AUTOSCALER, EXTERNAL_SECRETS, LOAD_BALANCER_CONTROLLER
from tests.config.model_mistakes import POOL
from tests.config.refused.case import Case

CHARTS = (CLUSTER_AUTOSCALER, LOAD_BALANCER_CONTROLLER, EXTERNAL_SECRETS)
FILES = [f"{chart.name}-{chart.version}.tgz" for chart in CHARTS]
MODELS = "  ai-platform:databases:\n"
MOVING = POOL.replace("      limits", "      consolidation: {policy: WhenEmptyOrUnderutilized}\n      limits")

# fmt: off, one row a case
CASES: dict[str, Case] = {
    "types of other CPU": Case(
        (("instanceTypes: [t3.large]", "instanceTypes: [m5.large, m5.4xlarge]"),),
        (
            "13: nodeGroups.cpu.instanceTypes[1]: m5.4xlarge (16 vCPUs, 64 GiB) is unlike m5.large (2 vCPUs, 8 GiB), for which the Cluster Autoscaler takes every node of the group; move it to a separate group, or use a node pool",
        ),
        "https://docs.aws.amazon.com/eks/latest/best-practices/cas.html",
    ),
    "types of less memory": Case(
        (("instanceTypes: [t3.large]", "instanceTypes: [m5.large, c5.large]"),),
        (
            "13: nodeGroups.cpu.instanceTypes[1]: c5.large (2 vCPUs, 4 GiB) is unlike m5.large (2 vCPUs, 8 GiB), for which the Cluster Autoscaler takes every node of the group; move it to a separate group, or use a node pool",
        ),
        "https://docs.aws.amazon.com/eks/latest/best-practices/cas.html",
    ),
    "warning: types of more memory": Case(
        (("instanceTypes: [t3.large]", "instanceTypes: [t3.medium, t3.large]"),),
        (
            "13: nodeGroups.cpu.instanceTypes[1]: t3.large (2 vCPUs, 8 GiB) is unlike t3.medium (2 vCPUs, 4 GiB), for which the Cluster Autoscaler takes every node of the group; move it to a separate group, or use a node pool",
        ),
        "https://docs.aws.amazon.com/eks/latest/best-practices/cas.html",
    ),
    "types of other GPUs": Case(
        (("instanceTypes: [t3.large]", "instanceTypes: [g5.xlarge, g5.12xlarge]"),),
        (
            "11: nodeGroups: has no group without GPUs and taints, which CoreDNS and the controllers require; add one",
            "13: nodeGroups.cpu.instanceTypes[1]: g5.12xlarge (48 vCPUs, 192 GiB, 4 GPUs) is unlike g5.xlarge (4 vCPUs, 16 GiB, 1 GPU), for which the Cluster Autoscaler takes every node of the group; move it to a separate group, or use a node pool",
        ),
        "https://github.com/kubernetes/autoscaler/issues/3164",
    ),
    "warning: a group that is stopped alone": Case(
        (
            (
                "  ai-platform:databases",
                "    batch:\n      instanceTypes: [m5.large]\n      scaling: {min: 0, desired: 1, max: 3}\n      schedule: night\n  ai-platform:schedules:\n    night: {start: 0 8 * * *, stop: 0 20 * * *, timeZone: UTC}\n  ai-platform:databases",
            ),
        ),
        (
            "18: nodeGroups.batch.schedule: does not keep the group stopped: the Cluster Autoscaler, which runs on cpu, starts it again for pending pods; set schedule: night there too, or scale its workloads to 0 by a schedule of their own",
        ),
        "https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md",
    ),
    "warning: a pool that moves running models and jobs": Case(
        ((MODELS, f"{MOVING}{MODELS}"),),
        (
            "18: nodePools.gpu.consolidation.policy: WhenEmptyOrUnderutilized ends running pods with GPUs, such as training, that have no annotation karpenter.sh/do-not-disrupt; set WhenEmpty",
        ),
        "https://github.com/kubernetes-sigs/karpenter/issues/2985",
    ),
    "charts that the folder lacks": Case(
        (("", "  ai-platform:charts: {source: folder, location: charts}\n"),),
        (
            f"27: charts.location: charts lacks {', '.join(FILES)}; run `helm pull <chart> --version <version> -d charts` for each",
        ),
        "https://helm.sh/docs/helm/helm_pull/",
    ),
}
# fmt: on
