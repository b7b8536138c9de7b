"""Karpenter: launches nodes for pending pods."""

from collections.abc import Iterator
from typing import Any, ClassVar

import pulumi
import pulumi_aws as aws

from catalog.aws.aws_type import Keeps
from catalog.kubernetes_kinds import Kind
from catalog.versions import KARPENTER, KARPENTER_CRD
from components.base.component import Component
from components.cluster.addons.addon import (
    SYSTEM_NAMESPACE,
    AddonContext,
    AddonType,
    Installed,
    release,
    spread,
)
from components.cluster.addons.karpenter_policies import karpenter_statements
from components.cluster.addons.karpenter_queue import InterruptionQueue
from components.cluster.node_role import NodeRole
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from components.kubernetes.charts import CRITICAL, Chart, SystemPods, Values
from config.addons import Addon
from config.addons import Karpenter as KarpenterSettings

ACCOUNT = "karpenter"


class Karpenter(Component, Installed):
    """The controller, its CRDs, its interruption queue, and the IAM role and access entry of its nodes.

    It runs on node groups, never on nodes that it can terminate. An account that has never used Spot Instances first
    needs the service-linked role of Spot. Karpenter has no permission to create it:
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html
    """

    TOKEN: ClassVar[str] = "ai-platform:addons:Karpenter"

    def __init__(
        self,
        name: str,
        settings: KarpenterSettings,
        *,
        context: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self.node_role = NodeRole(
            f"{name}-node-role",
            role_name=f"{context.cluster_name}-karpenter-node",
            policies=context.settings.cluster.node_role.policies,
            opts=self.child(),
        )
        self.nodes_identity = self._nodes_identity(isolated=context.settings.network.is_isolated())
        """The field of node classes with the IAM identity of the nodes."""

        # EKS creates this access entry automatically only for node groups.
        entry = aws.eks.AccessEntry(
            f"{name}-nodes",
            cluster_name=context.cluster_name,
            principal_arn=self.node_role.arn,
            type="EC2_LINUX",
            opts=self.child(depends_on=[context.cluster.eks]),
        )
        queue = InterruptionQueue(f"{name}-queue", cluster_name=context.cluster_name, opts=self.child())
        identity = WorkloadIdentity(
            name,
            role_name=f"{context.project}-karpenter",
            account=ServiceAccount(SYSTEM_NAMESPACE, ACCOUNT),
            provider=context.cluster.identity_provider,
            named_statements=karpenter_statements(
                context.region,
                context.account_id,
                context.cluster_name,
                node_role_arn=self.node_role.arn,
                queue_arn=queue.arn,
            ),
            create_service_account=False,
            opts=self.child(),
        )
        defined = release(
            f"{name}-crd",
            Addon(version=settings.version),
            context,
            chart=KARPENTER_CRD,
            values={},
            opts=self.child(waits=False),
        )
        chart = release(
            name,
            settings,
            context,
            chart=KARPENTER,
            values=self._values(context, identity, queue),
            after_definitions=defined,
            opts=self.child(depends_on=[*identity.policies, *queue.filled_by]),
        )
        self.installed = [chart, entry, *self.node_role.attachments]
        """The dependencies of its node pools. They must outlive the pools, because Karpenter terminates the nodes."""
        self.finish(role_arn=identity.role_arn)

    def _nodes_identity(self, *, isolated: bool) -> dict[str, pulumi.Input[str]]:
        """Return the role, of which Karpenter makes instance profiles, or a profile where it cannot reach IAM.

        https://karpenter.sh/docs/getting-started/getting-started-with-karpenter/#private-clusters
        """
        if not isolated:
            return {"role": self.node_role.role_name}
        profile = aws.iam.InstanceProfile(
            f"{self.name}-nodes",
            name=self.node_role.role_name,
            role=self.node_role.role_name,
            opts=self.child(depends_on=self.node_role.attachments),
        )
        return {"instanceProfile": profile.name}

    def _values(self, context: AddonContext, identity: WorkloadIdentity, queue: InterruptionQueue) -> dict[str, Any]:
        return {
            "replicas": context.replicas,
            "serviceAccount": {"create": True, "name": ACCOUNT, "annotations": identity.annotations()},
            "topologySpreadConstraints": spread(context.replicas),
            # It must work without CoreDNS, because CoreDNS can be waiting for a node that it adds.
            "dnsPolicy": "Default",
            "controller": {
                # Set here, because pods cannot read the instance metadata with a hop limit of one.
                "env": [{"name": "AWS_REGION", "value": context.region}],
                "resources": {"requests": {"cpu": "250m", "memory": "512Mi"}, "limits": {"memory": "1Gi"}},
            },
            "settings": {
                "clusterName": context.cluster_name,
                "eksControlPlane": True,
                # IAM and the price list have no endpoints in a VPC.
                **({"isolatedVPC": True} if context.settings.network.is_isolated() else {}),
                "interruptionQueue": queue.queue_name,
                "batchIdleDuration": f"{self._settings.batch_idle_seconds}s",
            },
        }


def _pods(values: Values) -> Iterator[SystemPods]:
    """Yield the pods of the controller. They never run on Karpenter's nodes, and only one runs on each node.

    https://github.com/aws/karpenter-provider-aws/blob/main/charts/karpenter/values.yaml
    """
    elsewhere = [{"matchExpressions": [{"key": "karpenter.sh/nodepool", "operator": "DoesNotExist"}]}]
    one_a_node = {
        "topologyKey": "kubernetes.io/hostname",
        "labelSelector": {"matchLabels": {"app.kubernetes.io/name": "karpenter"}},
    }
    yield SystemPods(
        "karpenter",
        [values.get("controller", {}).get("resources", {}).get("requests", {})],
        replicas=values.get("replicas", 2),
        priority_class=values.get("priorityClassName", CRITICAL),
        tolerations=[{"key": "CriticalAddonsOnly", "operator": "Exists"}],
        affinity={
            "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": elsewhere}},
            "podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [one_a_node]},
        },
        spread=values.get("topologySpreadConstraints", ()),
    )


DRAINED = Keeps("identity", "its nodes are drained with it")
KINDS = {
    "karpenter.k8s.aws/v1:EC2NodeClass": Kind("the nodes of its pool have the price", DRAINED),
    "karpenter.sh/v1:NodePool": Kind(None, DRAINED),
}
# The first chart has only CRDs.
ADDON = AddonType(
    Karpenter,
    {"karpenter-crd": Chart(kinds=KINDS, definitions="templates"), "karpenter": Chart(_pods, definitions="release")},
    stage="pools",
)
