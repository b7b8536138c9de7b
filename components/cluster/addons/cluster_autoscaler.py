"""The Cluster Autoscaler, which scales node groups by pending pods."""

from collections.abc import Iterator
from typing import Any, ClassVar

import pulumi

from catalog.versions import CLUSTER_AUTOSCALER, CLUSTER_AUTOSCALER_IMAGES
from components.base.component import Component
from components.cluster.addons.addon import SYSTEM_NAMESPACE, AddonContext, AddonType, Installed, release, spread
from components.identity.policy import Statement
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from components.kubernetes.charts import Chart, SystemPods, Values, deployment
from config.addons import ClusterAutoscaler as ClusterAutoscalerSettings
from config.timeouts import LONGEST_GRACE_PERIOD

ACCOUNT = "cluster-autoscaler"


class ClusterAutoscaler(Component, Installed):
    """Scales each node group between its minimum and maximum size, including from zero."""

    TOKEN: ClassVar[str] = "ai-platform:addons:ClusterAutoscaler"

    def __init__(
        self,
        name: str,
        settings: ClusterAutoscalerSettings,
        *,
        context: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        identity = WorkloadIdentity(
            name,
            role_name=f"{context.project}-cluster-autoscaler",
            account=ServiceAccount(SYSTEM_NAMESPACE, ACCOUNT),
            provider=context.cluster.identity_provider,
            statements=autoscaler_statements(context.region, context.account_id, context.cluster_name),
            create_service_account=False,
            opts=self.child(),
        )
        chart = release(
            name,
            settings,
            context,
            chart=CLUSTER_AUTOSCALER,
            values=self._values(context, identity),
            opts=self.child(depends_on=identity.policies),
        )
        self.installed = [chart]
        self.finish(role_arn=identity.role_arn)

    def _values(self, context: AddonContext, identity: WorkloadIdentity) -> dict[str, Any]:
        image = CLUSTER_AUTOSCALER_IMAGES.get(context.settings.cluster.version)
        return {
            "cloudProvider": "aws",
            "awsRegion": context.region,
            "autoDiscovery": {"clusterName": context.cluster_name},
            "fullnameOverride": ACCOUNT,
            "nameOverride": ACCOUNT,
            **({"image": {"tag": image}} if image else {}),
            "replicaCount": context.replicas,
            **({"podDisruptionBudget": {"maxUnavailable": 1}} if context.replicas > 1 else {}),
            "priorityClassName": "system-cluster-critical",
            "topologySpreadConstraints": spread(context.replicas, ACCOUNT),
            "rbac": {"serviceAccount": {"create": True, "name": ACCOUNT, "annotations": identity.annotations()}},
            "resources": {"requests": {"cpu": "50m", "memory": "300Mi"}, "limits": {"memory": "600Mi"}},
            # It must work without CoreDNS, because CoreDNS can be waiting for a node that it adds.
            "dnsPolicy": "Default",
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 65534,
                "runAsGroup": 65534,
                "fsGroup": 65534,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containerSecurityContext": {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            },
            "service": {"create": False},
            "extraArgs": {
                "expander": self._settings.expander,
                "balance-similar-node-groups": True,
                "skip-nodes-with-system-pods": False,
                "skip-nodes-with-local-storage": False,
                "ignore-daemonsets-utilization": True,
                # Below any GPU in use: a node with GPUs is removed when none is. 0 would keep empty ones.
                "scale-down-gpu-utilization-threshold": 0.01,
                # Its default, 600 seconds, ends streams of servers with a longer grace period.
                "max-graceful-termination-sec": LONGEST_GRACE_PERIOD,
                "scale-down-unneeded-time": f"{self._settings.scale_down_unneeded_minutes}m",
            },
        }


def autoscaler_statements(region: str, account_id: pulumi.Input[str], cluster_name: str) -> tuple[Statement, ...]:
    """Return statements that allow read actions, and resizing only the Auto Scaling groups of this cluster.

    https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md
    """
    return (
        Statement(
            "DescribeWhatHasNoResourceLevelRights",
            (
                "autoscaling:DescribeAutoScalingGroups",
                "autoscaling:DescribeAutoScalingInstances",
                "autoscaling:DescribeLaunchConfigurations",
                "autoscaling:DescribeScalingActivities",
                "autoscaling:DescribeTags",
                "ec2:DescribeImages",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeLaunchTemplateVersions",
                "ec2:GetInstanceTypesFromInstanceRequirements",
            ),
            ("*",),
            {"StringEquals": {"aws:RequestedRegion": region}},
        ),
        Statement(
            # Labels and taints of a node group without nodes.
            "DescribeNodeGroups",
            ("eks:DescribeNodegroup",),
            (pulumi.Output.format("arn:aws:eks:{0}:{1}:nodegroup/{2}/*/*", region, account_id, cluster_name),),
        ),
        Statement(
            "ResizeGroupsOfThisCluster",
            ("autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"),
            (
                pulumi.Output.format(
                    "arn:aws:autoscaling:{0}:{1}:autoScalingGroup:*:autoScalingGroupName/*", region, account_id
                ),
            ),
            {
                "StringEquals": {
                    "aws:ResourceTag/k8s.io/cluster-autoscaler/enabled": "true",
                    f"aws:ResourceTag/k8s.io/cluster-autoscaler/{cluster_name}": "owned",
                }
            },
        ),
    )


def _pods(values: Values) -> Iterator[SystemPods]:
    yield deployment("cluster-autoscaler", values)


ADDON = AddonType(ClusterAutoscaler, {"cluster-autoscaler": Chart(_pods)})
