"""The security groups of the control plane and of the nodes."""

from __future__ import annotations

from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.component import Component, named
from components.network.vpc import ANYWHERE


class ClusterSecurityGroups(Component):
    """Control plane and nodes reach each other on the ports that they use, and nodes reach one another.

    443 from the nodes to the control plane; 1025-65535 back, which holds the kubelet (10250) and the webhooks
    (000-net-08 asks for the other direction, which nobody uses).
    """

    TOKEN: ClassVar[str] = "ai-platform:cluster:ClusterSecurityGroups"

    def __init__(
        self,
        name: str,
        *,
        vpc_id: pulumi.Input[str],
        cluster_name: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.control_plane = aws.ec2.SecurityGroup(
            f"{name}-control-plane",
            vpc_id=vpc_id,
            name_prefix=f"{cluster_name}-cluster-",
            description="EKS control plane",
            tags=named(f"{cluster_name}-cluster-sg"),
            opts=self.child(),
        )
        self.nodes = aws.ec2.SecurityGroup(
            f"{name}-nodes",
            vpc_id=vpc_id,
            name_prefix=f"{cluster_name}-node-",
            description="EKS nodes and their pods",
            tags=named(f"{cluster_name}-node-sg", {f"kubernetes.io/cluster/{cluster_name}": "owned"}),
            opts=self.child(),
        )
        self._ingress(
            "control-plane-from-nodes",
            self.control_plane,
            self.nodes,
            "Kubernetes API",
            protocol="tcp",
            from_port=443,
            to_port=443,
        )
        self._ingress("nodes-from-nodes", self.nodes, self.nodes, "Nodes and pods among themselves", protocol="-1")
        self._ingress(
            "nodes-from-control-plane",
            self.nodes,
            self.control_plane,
            "Kubelet and webhooks",
            protocol="tcp",
            from_port=1025,
            to_port=65535,
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{name}-control-plane-to-nodes",
            security_group_id=self.control_plane.id,
            description="Kubelet and webhooks",
            ip_protocol="tcp",
            from_port=1025,
            to_port=65535,
            referenced_security_group_id=self.nodes.id,
            opts=self.child(),
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{name}-nodes-to-anywhere",
            security_group_id=self.nodes.id,
            description="Images, AWS and what pods call; NetworkPolicies narrow it down",
            ip_protocol="-1",
            cidr_ipv4=ANYWHERE,
            opts=self.child(),
        )
        self.control_plane_id: pulumi.Output[str] = self.control_plane.id
        self.node_id: pulumi.Output[str] = self.nodes.id
        self.finish(control_plane_id=self.control_plane_id, node_id=self.node_id)

    def _ingress(
        self,
        label: str,
        group: aws.ec2.SecurityGroup,
        source: aws.ec2.SecurityGroup,
        description: str,
        *,
        protocol: str,
        from_port: int | None = None,
        to_port: int | None = None,
    ) -> None:
        aws.vpc.SecurityGroupIngressRule(
            f"{self.name}-{label}",
            security_group_id=group.id,
            description=description,
            ip_protocol=protocol,
            from_port=from_port,
            to_port=to_port,
            referenced_security_group_id=source.id,
            opts=self.child(),
        )
