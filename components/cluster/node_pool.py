"""A node pool of Karpenter."""

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
"""Only an alias picks the variant for GPUs by itself: https://karpenter.sh/v1.14/concepts/nodeclasses/"""

CAPACITY = {"spot": "spot", "onDemand": "on-demand"}

METADATA = {
    "httpEndpoint": "enabled",
    "httpProtocolIPv6": "disabled",
    "httpTokens": "required",
    # One hop: a pod cannot take on the node's role.
    "httpPutResponseHopLimit": 1,
}

AT_ONCE = "10%"
"""The nodes that may go at one time, one at least; Karpenter's own default, said so that it is seen."""

LEAVE_MINUTES = 30
"""How long a destroy waits for the nodes of a pool: each is drained first, and Pulumi's ten minutes are soon over."""


class NodePool(Component):
    """EC2NodeClass (what a node is) and NodePool (which nodes, how many and for how long).

    Both go only when their nodes are gone: a NodePool's NodeClaims hold up its deletion, and a node class waits for
    the claims that name it. So whoever makes nodes has to be there until then, and their pods should be gone before.
    """

    TOKEN: ClassVar[str] = "ai-platform:cluster:NodePool"

    def __init__(
        self,
        name: str,
        settings: NodePoolSettings,
        *,
        pool_name: str,
        cluster_name: str,
        role_name: pulumi.Input[str],
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
                "role": role_name,
                "amiSelectorTerms": [{"alias": ALIASES[settings.operating_system]}],
                # By id: no tag that somebody sets elsewhere brings nodes into a subnet or opens a port.
                "subnetSelectorTerms": [{"id": subnet_id} for subnet_id in subnet_ids],
                "securityGroupSelectorTerms": [{"id": group_id} for group_id in security_group_ids],
                "blockDeviceMappings": _disks(settings.root_disk(), settings.operating_system),
                **({"instanceStorePolicy": settings.instance_store} if settings.instance_store else {}),
                "metadataOptions": METADATA,
                **({"kubelet": {"maxPods": settings.max_pods}} if prefix_delegation else {}),
                "detailedMonitoring": False,
                # The provider tags what it makes itself, and these are made by Karpenter.
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
    """The root volume; Bottlerocket keeps images and pods on a second one."""
    # https://karpenter.sh/v1.14/concepts/nodeclasses/#specblockdevicemappings
    ebs = {
        "volumeSize": f"{disk.size_gib}Gi",
        "volumeType": disk.type,
        **({"iops": disk.iops} if disk.iops else {}),
        **({"throughput": disk.throughput} if disk.throughput else {}),
        "encrypted": True,
        "deleteOnTermination": True,
    }
    return [{"deviceName": "/dev/xvdb" if operating_system == "BOTTLEROCKET" else "/dev/xvda", "ebs": ebs}]
