"""A managed node group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks

from catalog.eks_releases import eks_releases
from components.base.component import Component, named
from components.cluster.control_plane import Cluster
from components.cluster.node_role import NodeRole
from components.cluster.user_data import bottlerocket, nodeadm
from config.nodes import Disk
from config.nodes import NodeGroup as NodeGroupSettings

EFFECTS = {"NoSchedule": "NO_SCHEDULE", "PreferNoSchedule": "PREFER_NO_SCHEDULE", "NoExecute": "NO_EXECUTE"}
"""Taint effects in Kubernetes and in the EKS API."""

CAPACITY = {"onDemand": "ON_DEMAND", "spot": "SPOT"}

AUTOSCALER = "k8s.io/cluster-autoscaler"
TEMPLATE = f"{AUTOSCALER}/node-template"


class NodeGroup(Component):
    """A launch template (IMDSv2, encrypted disk, pods per node), a node group, and the tags to scale up from zero."""

    TOKEN: ClassVar[str] = "ai-platform:cluster:NodeGroup"

    def __init__(
        self,
        name: str,
        settings: NodeGroupSettings,
        *,
        group_name: str,
        cluster: Cluster,
        version: str,
        role: NodeRole,
        subnet_ids: Sequence[pulumi.Input[str]],
        default_tags: Mapping[str, str],
        prefix_delegation: bool,
        autoscaled: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self.group_name = group_name
        self.cluster_name = cluster.cluster_name
        template = self._launch_template(cluster, default_tags, prefix_delegation=prefix_delegation)
        discovery = {f"{AUTOSCALER}/enabled": "true", f"{AUTOSCALER}/{cluster.cluster_name}": "owned"}
        self.group = eks.ManagedNodeGroup(
            name,
            cluster=cluster.eks,
            node_group_name=group_name,
            node_role_arn=role.arn,
            version=version,
            release_version=settings.release_version or eks_releases().node_release(version, settings.operating_system),
            ami_type=settings.ami_type or settings.derived_ami_type(),
            capacity_type=CAPACITY[settings.capacity],
            instance_types=list(settings.instance_types),
            subnet_ids=list(subnet_ids),
            scaling_config=aws.eks.NodeGroupScalingConfigArgs(
                min_size=settings.scaling.min,
                desired_size=settings.scaling.desired,
                max_size=settings.scaling.max,
            ),
            # After creation the autoscaler and the schedule change the size.
            ignore_scaling_changes=True,
            labels=settings.all_labels(),
            taints=[
                aws.eks.NodeGroupTaintArgs(key=taint.key, value=taint.value, effect=EFFECTS[taint.effect])
                for taint in settings.all_taints()
            ]
            or None,
            launch_template=aws.eks.NodeGroupLaunchTemplateArgs(
                id=template.id, version=template.latest_version.apply(str)
            ),
            tags={**(discovery if autoscaled else {}), **named(group_name, settings.tags)},
            opts=self.child(depends_on=role.attachments),
        )
        if autoscaled and (settings.scaling.min == 0 or settings.schedule is not None):
            self._template_tags()
        self.finish(group_name=group_name)

    def _launch_template(
        self, cluster: Cluster, default_tags: Mapping[str, str], *, prefix_delegation: bool
    ) -> aws.ec2.LaunchTemplate:
        settings = self._settings
        node_name = f"{cluster.cluster_name}-{self.group_name}"
        user_data = bottlerocket if settings.operating_system == "BOTTLEROCKET" else nodeadm
        return aws.ec2.LaunchTemplate(
            self.name,
            name_prefix=f"{node_name}-"[:100],
            update_default_version=True,
            vpc_security_group_ids=cluster.node_security_group_ids,
            # Not EKS remote access, which allows SSH from anywhere unless a source security group is set:
            # https://docs.aws.amazon.com/eks/latest/APIReference/API_RemoteAccessConfig.html
            key_name=settings.key_pair,
            block_device_mappings=_disks(settings.root_disk(), settings.operating_system),
            metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled",
                http_tokens="required",
                # One hop: pods cannot get the credentials of the node's role.
                http_put_response_hop_limit=1,
            ),
            user_data=user_data(
                settings.max_pods if prefix_delegation else None, instance_store=settings.instance_store
            )
            if prefix_delegation or settings.instance_store
            else None,
            tag_specifications=[
                # The Auto Scaling group creates instances, volumes and interfaces, so the provider does not tag them.
                aws.ec2.LaunchTemplateTagSpecificationArgs(
                    resource_type=kind, tags={**default_tags, **named(node_name, settings.tags)}
                )
                for kind in ("instance", "volume", "network-interface")
            ],
            tags=named(node_name),
            opts=self.child(),
        )

    def _template_tags(self) -> None:
        """Create the tags that describe a node of this group to the autoscaler while the group has no nodes.

        EKS does not copy tags of a managed node group to its Auto Scaling group:
        https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md
        """
        made: pulumi.Output[aws.eks.NodeGroup | None] = pulumi.Output.from_input(self.group.node_group)
        group_name: pulumi.Output[str] = made.apply(lambda group: _autoscaling_group(group, self.group_name))
        for key, value in template_tags(self._settings).items():
            aws.autoscaling.Tag(
                f"{self.name}-{key.removeprefix(TEMPLATE).strip('/').replace('/', '-')}",
                autoscaling_group_name=group_name,
                tag=aws.autoscaling.TagTagArgs(key=key, value=value, propagate_at_launch=False),
                opts=self.child(),
            )


def template_tags(settings: NodeGroupSettings) -> dict[str, str]:
    """Return the node-template tags of an Auto Scaling group: labels, taints, GPUs and disk."""
    labels = {f"{TEMPLATE}/label/{key}": value for key, value in settings.all_labels().items()}
    taints = {f"{TEMPLATE}/taint/{taint.key}": f"{taint.value}:{taint.effect}" for taint in settings.all_taints()}
    gpus = {f"{TEMPLATE}/resources/nvidia.com/gpu": str(settings.gpus_per_node())} if settings.has_gpus() else {}
    least = min(settings.pods_disk_gib(one) for one in settings.instance_types)
    disk = {f"{TEMPLATE}/resources/ephemeral-storage": f"{least}Gi"}
    return {**labels, **taints, **gpus, **disk}


def _autoscaling_group(group: aws.eks.NodeGroup | None, fallback: str) -> pulumi.Output[str]:
    """Return the name of the Auto Scaling group, or `fallback` if EKS reports none."""
    if group is None:
        return pulumi.Output.from_input(fallback)
    return group.resources.apply(lambda resources: _first_group(resources) or fallback)


def _first_group(resources: Sequence[aws.eks.outputs.NodeGroupResource] | None) -> str | None:
    for resource in resources or ():
        for group in resource.autoscaling_groups or ():
            return group.name
    return None


def _disks(disk: Disk, operating_system: str) -> list[aws.ec2.LaunchTemplateBlockDeviceMappingArgs]:
    """Return the volume for images and pods: the root volume, or the second volume of Bottlerocket."""
    # https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html
    device = "/dev/xvdb" if operating_system == "BOTTLEROCKET" else "/dev/xvda"
    return [
        aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
            device_name=device,
            ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                volume_size=disk.size_gib,
                volume_type=disk.type,
                iops=disk.volume().iops,
                throughput=disk.throughput,
                encrypted="true",
                delete_on_termination="true",
            ),
        )
    ]
