"""The security groups of the control plane and of the nodes."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from components.base.naming import physical
from components.network.vpc import ANYWHERE
from config.security_groups import NodeIngress
from config.security_groups import SecurityGroups as SecurityGroupsSettings

API = NodeIngress(from_port=443, description="Kubernetes API")


class ClusterSecurityGroups(Component):
    """Security groups of the control plane and the nodes, and the rules between them.

    Nodes reach the control plane on port 443 and each other on all ports. The control plane reaches nodes on ports
    1025-65535, which include the kubelet (10250) and webhooks. Requirement 000-net-08 specifies the opposite direction,
    which is not used. The settings define further inbound rules of the nodes. This component creates rules for CIDR
    blocks; the components of the load balancer and of EC2 instances create theirs.
    """

    TOKEN: ClassVar[str] = "ai-platform:cluster:ClusterSecurityGroups"

    def __init__(
        self,
        name: str,
        settings: SecurityGroupsSettings | None = None,
        *,
        vpc_id: pulumi.Input[str],
        cluster_name: str,
        api_cidrs: Sequence[IPv4Network] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Create the component. `api_cidrs` are the networks that can use the private endpoint."""
        super().__init__(name, opts)
        settings = settings or SecurityGroupsSettings()
        self.control_plane = aws.ec2.SecurityGroup(
            f"{name}-control-plane",
            vpc_id=vpc_id,
            description="EKS control plane",
            tags=named(settings.control_plane.name or f"{cluster_name}-cluster-sg"),
            **physical(settings.control_plane.name, f"{cluster_name}-cluster-"),
            opts=self.child(),
        )
        # Controllers expect one security group with the cluster's tag on a node. The group that EKS creates has it.
        owned = {} if settings.nodes.cluster_group else {f"kubernetes.io/cluster/{cluster_name}": "owned"}
        self.nodes = aws.ec2.SecurityGroup(
            f"{name}-nodes",
            vpc_id=vpc_id,
            description="EKS nodes and their pods",
            tags=named(settings.nodes.name or f"{cluster_name}-node-sg", owned),
            **physical(settings.nodes.name, f"{cluster_name}-node-"),
            opts=self.child(),
        )
        self._among_themselves()
        self._from_networks("control-plane", self.control_plane, API, api_cidrs)
        for opening in settings.nodes.ingress:
            self._from_networks(f"nodes-{opening.label()}", self.nodes, opening, opening.cidrs)
        self._control_plane_egress(anywhere=settings.control_plane.egress_anywhere)
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

    def _among_themselves(self) -> None:
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

    def _control_plane_egress(self, *, anywhere: bool) -> None:
        if anywhere:
            aws.vpc.SecurityGroupEgressRule(
                f"{self.name}-control-plane-to-anywhere",
                security_group_id=self.control_plane.id,
                description="Kubelets, webhooks and whatever else the control plane calls",
                ip_protocol="-1",
                cidr_ipv4=ANYWHERE,
                opts=self.child(),
            )
            return
        aws.vpc.SecurityGroupEgressRule(
            f"{self.name}-control-plane-to-nodes",
            security_group_id=self.control_plane.id,
            description="Kubelet and webhooks",
            ip_protocol="tcp",
            from_port=1025,
            to_port=65535,
            referenced_security_group_id=self.nodes.id,
            opts=self.child(),
        )

    def _from_networks(
        self, label: str, group: aws.ec2.SecurityGroup, opening: NodeIngress, cidrs: Sequence[IPv4Network]
    ) -> None:
        for cidr in map(str, cidrs):
            aws.vpc.SecurityGroupIngressRule(
                f"{self.name}-{label}-from-{cidr.replace('/', '-')}",
                security_group_id=group.id,
                description=opening.description or f"Network {cidr}",
                ip_protocol=opening.protocol,
                from_port=opening.from_port,
                to_port=opening.last(),
                cidr_ipv4=cidr,
                opts=self.child(),
            )

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
