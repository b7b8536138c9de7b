"""The nodes of the cluster: managed node groups, and Karpenter with its node pools."""

from collections.abc import Callable

import pulumi

from components.cluster.addons.addon import AddonContext
from components.cluster.addons.karpenter import Karpenter
from components.cluster.control_plane import Cluster
from components.cluster.node_group import NodeGroup
from components.cluster.node_pool import NodePool
from components.cluster.node_role import NodeRole
from components.network.vpc import Network
from config.settings import Settings


def node_groups(
    settings: Settings,
    *,
    cluster: Cluster,
    network: Network,
    role_options: pulumi.ResourceOptions,
    options: Callable[[], pulumi.ResourceOptions],
) -> list[pulumi.Resource]:
    """Create the managed node groups with one common IAM role. `options` returns the options of each group."""
    role = NodeRole(
        "node-role",
        role_name=settings.cluster.node_role.name or f"{settings.cluster_name()}-node",
        policies=settings.cluster.node_role.policies,
        opts=role_options,
    )
    cni = settings.addons.vpc_cni
    return [
        NodeGroup(
            f"nodes-{key}",
            group,
            group_name=key,
            cluster=cluster,
            version=settings.cluster.version,
            role=role,
            subnet_ids=network.private_subnets_in(group.zones),
            default_tags=settings.project.default_tags(),
            prefix_delegation=cni.enabled and cni.prefix_delegation,
            autoscaled=settings.addons.cluster_autoscaler.enabled,
            opts=options(),
        ).group
        for key, group in settings.node_groups.items()
    ]


def node_pools(
    *,
    context: AddonContext,
    network: Network,
    after: list[pulumi.Resource],
    options: Callable[[list[pulumi.Resource]], pulumi.ResourceOptions],
) -> list[pulumi.Resource]:
    """Create Karpenter after the node groups that it runs on, and its node pools.

    Pods that can run on their nodes depend on the pools, so that a destroy deletes these pods first. `options` returns
    the options with dependencies.
    """
    settings = context.settings
    if not settings.node_pools or not settings.addons.karpenter.enabled:
        return []
    karpenter = Karpenter("karpenter", settings.addons.karpenter, context=context, opts=options(after))
    cni = settings.addons.vpc_cni
    return [
        NodePool(
            f"pool-{key}",
            pool,
            pool_name=key,
            cluster_name=settings.cluster_name(),
            identity=karpenter.nodes_identity,
            subnet_ids=network.private_subnets_in(pool.zones),
            security_group_ids=context.cluster.node_security_group_ids,
            default_tags=settings.project.default_tags(),
            prefix_delegation=cni.enabled and cni.prefix_delegation,
            opts=options(karpenter.installed),
        ).pool
        for key, pool in settings.node_pools.items()
    ]
