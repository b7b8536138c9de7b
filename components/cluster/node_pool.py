"""A Karpenter node pool."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from catalog.quantities import GPU
from catalog.versions import AL2023_AMI_RELEASE, BOTTLEROCKET_AMI_RELEASE
from components.base.component import Component, named
from config.node_pools import NodePool as NodePoolSettings
from config.nodes import Disk

CLASS_API = "karpenter.k8s.aws/v1"
POOL_API = "karpenter.sh/v1"

ALIASES = {"AL2023": f"al2023@{AL2023_AMI_RELEASE}", "BOTTLEROCKET": f"bottlerocket@{BOTTLEROCKET_AMI_RELEASE}"}
"""AMI aliases. Only an alias selects the GPU variant automatically: https://karpenter.sh/v1.14/concepts/nodeclasses/"""

CAPACITY = {"spot": "spot", "onDemand": "on-demand"}

METADATA = {
    "httpEndpoint": "enabled",
    "httpProtocolIPv6": "disabled",
    "httpTokens": "required",
    # One hop: pods cannot get the credentials of the node's role.
    "httpPutResponseHopLimit": 1,
}

AT_ONCE = "10%"
"""Maximum share of nodes that are disrupted at the same time, at least one node. Equals Karpenter's default."""

LEAVE_MINUTES = 30
"""Minutes that a destroy waits for the nodes of a pool.

Each node is drained first, which can exceed Pulumi's default of ten minutes."""


class NodePool(Component):
    """An EC2NodeClass (node configuration) and a NodePool (instance types, limits and lifetime of nodes).

    Kubernetes deletes both only after their nodes: NodeClaims block the deletion of a NodePool, and a node class waits
    for the claims that reference it. Karpenter must therefore outlive both, and their pods should be deleted first.
    """

    TOKEN: ClassVar[str] = "ai-platform:cluster:NodePool"

    def __init__(
        self,
        name: str,
        settings: NodePoolSettings,
        *,
        pool_name: str,
        cluster_name: str,
        identity: Mapping[str, pulumi.Input[str]],
        subnet_ids: Sequence[pulumi.Input[str]],
        security_group_ids: Sequence[pulumi.Input[str]],
        default_tags: Mapping[str, str],
        prefix_delegation: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._pool_name = pool_name
        leave = pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(delete=f"{LEAVE_MINUTES}m"))
        node_class = kubernetes.apiextensions.CustomResource(
            f"{name}-class",
            api_version=CLASS_API,
            kind="EC2NodeClass",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=pool_name),
            spec={
                **identity,
                "amiSelectorTerms": [{"alias": ALIASES[settings.operating_system]}],
                # By ID: a tag on another resource cannot add a subnet or a security group.
                "subnetSelectorTerms": [{"id": subnet_id} for subnet_id in subnet_ids],
                "securityGroupSelectorTerms": [{"id": group_id} for group_id in security_group_ids],
                "blockDeviceMappings": _disks(settings.root_disk(), settings.operating_system),
                **({"instanceStorePolicy": settings.instance_store} if settings.instance_store else {}),
                "metadataOptions": METADATA,
                **({"kubelet": {"maxPods": settings.max_pods}} if prefix_delegation else {}),
                "detailedMonitoring": False,
                # The provider tags only its own resources. Karpenter creates these.
                "tags": {**default_tags, **named(f"{cluster_name}-{pool_name}", settings.tags)},
            },
            opts=pulumi.ResourceOptions.merge(self.child(), leave),
        )
        self.pool = kubernetes.apiextensions.CustomResource(
            name,
            api_version=POOL_API,
            kind="NodePool",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=pool_name),
            spec={
                "template": self._template(),
                "limits": self._limits(),
                "disruption": {
                    "consolidationPolicy": settings.consolidation.policy,
                    "consolidateAfter": settings.consolidation.after,
                    "budgets": [{"nodes": AT_ONCE}],
                },
                "weight": settings.weight,
            },
            opts=pulumi.ResourceOptions.merge(self.child(depends_on=[node_class]), leave),
        )
        self.finish(pool_name=pool_name)

    def _template(self) -> dict[str, Any]:
        settings = self._settings
        labels, taints = settings.all_labels(), settings.all_taints()
        return {
            **({"metadata": {"labels": labels}} if labels else {}),
            "spec": {
                "nodeClassRef": {
                    "group": CLASS_API.partition("/")[0],
                    "kind": "EC2NodeClass",
                    "name": self._pool_name,
                },
                "requirements": [_among(key, values) for key, values in self._requirements().items() if values],
                **({"taints": [_taint(taint.key, taint.value, taint.effect) for taint in taints]} if taints else {}),
                "expireAfter": settings.expire_after,
            },
        }

    def _requirements(self) -> dict[str, Sequence[str]]:
        settings = self._settings
        return {
            "node.kubernetes.io/instance-type": settings.instance_types,
            "karpenter.sh/capacity-type": [CAPACITY[one] for one in settings.capacity],
            "kubernetes.io/arch": ["arm64" if settings.kind().architecture == "arm64" else "amd64"],
            "kubernetes.io/os": ["linux"],
            "topology.kubernetes.io/zone": settings.zones,
        }

    def _limits(self) -> dict[str, str]:
        limits = self._settings.limits
        gpus = {} if limits.gpus is None else {GPU: str(limits.gpus)}
        return {"cpu": limits.cpu, "memory": limits.memory, **gpus}


def _among(key: str, values: Sequence[str]) -> dict[str, Any]:
    return {"key": key, "operator": "In", "values": list(values)}


def _taint(key: str, value: str, effect: str) -> dict[str, str]:
    return {"key": key, **({"value": value} if value else {}), "effect": effect}


def _disks(disk: Disk, operating_system: str) -> list[dict[str, Any]]:
    """Return the volume for images and pods: the root volume, or the second volume of Bottlerocket."""
    # https://karpenter.sh/v1.14/concepts/nodeclasses/#specblockdevicemappings
    ebs = {
        "volumeSize": f"{disk.size_gib}Gi",
        "volumeType": disk.type,
        **({"iops": disk.volume().iops} if disk.volume().iops else {}),
        **({"throughput": disk.throughput} if disk.throughput else {}),
        "encrypted": True,
        "deleteOnTermination": True,
    }
    return [{"deviceName": "/dev/xvdb" if operating_system == "BOTTLEROCKET" else "/dev/xvda", "ebs": ebs}]
