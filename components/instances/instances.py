"""All EC2 instances of a platform: their security groups and the private hosted zone with their DNS names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from components.cluster.security_groups import ClusterSecurityGroups
from components.instances.server import Server, ServerContext
from components.network.vpc import ANYWHERE, Network
from config.instances import SSH_PORT, Opening
from config.instances import Server as ServerSettings
from config.security_groups import NodeIngress

KUBERNETES_API_PORT = 443


class Instances(Component):
    """The servers and their security groups.

    `allowFrom` defines all inbound rules of a group: other servers, nodes and CIDR blocks. Outbound rules allow every
    port in the VPC, and `internetPorts` to the internet.
    """

    TOKEN: ClassVar[str] = "ai-platform:instances:Instances"

    def __init__(
        self,
        name: str,
        *,
        servers: Mapping[str, ServerSettings],
        domain: str,
        network: Network,
        vpc_cidrs: Sequence[str],
        cluster_groups: ClusterSecurityGroups,
        node_ingress: Sequence[NodeIngress] = (),
        context: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Create the component.

        `context` has the fields of `ServerContext` except the zone and its domain, because the zone is created here.
        `node_ingress` are the inbound rules of the nodes.
        """
        super().__init__(name, opts)
        self._cluster_groups = cluster_groups
        self._vpc_cidrs = vpc_cidrs
        self._node_ingress = node_ingress
        zone = aws.route53.Zone(
            name,
            name=domain,
            comment="Names of instances inside of the VPC",
            vpcs=[aws.route53.ZoneVpcArgs(vpc_id=network.vpc_id)],
            # The components that create records in the zone also delete them.
            force_destroy=False,
            tags=named(domain),
            opts=self.child(),
        )
        around = ServerContext(**context, zone_id=zone.zone_id, domain=domain)
        self._groups = {key: self._group(key, around.project, network.vpc_id) for key in servers}
        self.servers: dict[str, Server] = {}
        for key, settings in servers.items():
            rules = [*self._ingress(key, settings), *self._egress(key, settings), *self._on_the_cluster(key, settings)]
            self.servers[key] = Server(
                f"instance-{key}",
                settings,
                key=key,
                context=around,
                subnet_ids=network.subnet_of_each_zone(settings.stands_in()),
                security_group_id=self._groups[key].id,
                opts=self.child(depends_on=[*rules, *network.ways_out]),
            )
        self.group_ids: dict[str, pulumi.Output[str]] = {key: group.id for key, group in self._groups.items()}
        self.zone_id: pulumi.Output[str] = zone.zone_id
        """The ID of the private hosted zone, for other records in it."""

        self.outputs: dict[str, pulumi.Input[str]] = {}
        for server in self.servers.values():
            for label, address in server.public_addresses.items():
                self.outputs[f"{label.replace('-', '_')}_public_ip"] = address
        self.finish()

    def _group(self, key: str, project: str, vpc_id: pulumi.Input[str]) -> aws.ec2.SecurityGroup:
        return aws.ec2.SecurityGroup(
            f"{self.name}-{key}",
            vpc_id=vpc_id,
            name_prefix=f"{project}-{key}-",
            description=f"EC2 instances {key}",
            tags=named(f"{project}-{key}-sg"),
            opts=self.child(),
        )

    def _ingress(self, key: str, settings: ServerSettings) -> Iterator[pulumi.Resource]:
        for opening in settings.allow_from:
            for label, description, group_id, cidr in self._sources(opening):
                ports = f"{opening.port}" if opening.last() == opening.port else f"{opening.port}-{opening.last()}"
                yield aws.vpc.SecurityGroupIngressRule(
                    f"{self.name}-{key}-{ports}-{label}",
                    security_group_id=self._groups[key].id,
                    description=description,
                    ip_protocol="tcp",
                    from_port=opening.port,
                    to_port=opening.last(),
                    referenced_security_group_id=group_id,
                    cidr_ipv4=cidr,
                    opts=self.child(),
                )

    def _sources(self, opening: Opening) -> Iterator[tuple[str, str, pulumi.Input[str] | None, str | None]]:
        """Yield a label, a description, and a security group ID or a CIDR block for each source of a rule."""
        if opening.nodes:
            yield "nodes", "Nodes and their pods", self._cluster_groups.node_id, None
        for other in opening.instances:
            yield other, f"EC2 instances {other}", self._groups[other].id, None
        for cidr in map(str, opening.cidrs):
            yield cidr.replace("/", "-"), f"Network {cidr}", None, cidr

    def _egress(self, key: str, settings: ServerSettings) -> Iterator[pulumi.Resource]:
        for index, cidr in enumerate(self._vpc_cidrs):
            yield aws.vpc.SecurityGroupEgressRule(
                f"{self.name}-{key}-to-vpc{'-' + cidr.replace('/', '-') if index else ''}",
                security_group_id=self._groups[key].id,
                description="All traffic within the VPC",
                ip_protocol="-1",
                cidr_ipv4=cidr,
                opts=self.child(),
            )
        for port in settings.internet_ports:
            yield aws.vpc.SecurityGroupEgressRule(
                f"{self.name}-{key}-to-internet-{port}",
                security_group_id=self._groups[key].id,
                description="AWS, registries and packages",
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                cidr_ipv4=ANYWHERE,
                opts=self.child(),
            )

    def _on_the_cluster(self, key: str, settings: ServerSettings) -> Iterator[pulumi.Resource]:
        """Yield the inbound rules that allow a server to reach the Kubernetes API and the nodes."""
        wanted = []
        if settings.is_bastion() or settings.cluster_access is not None:
            api = NodeIngress(from_port=KUBERNETES_API_PORT, description="Kubernetes API")
            wanted.append(("api", self._cluster_groups.control_plane_id, api))
        if settings.nodes_ssh:
            wanted.append(("ssh", self._cluster_groups.node_id, NodeIngress(from_port=SSH_PORT, description="SSH")))
        wanted += [
            (f"nodes-{opening.label()}", self._cluster_groups.node_id, opening)
            for opening in self._node_ingress
            if key in opening.instances
        ]
        for label, group_id, opening in wanted:
            yield aws.vpc.SecurityGroupIngressRule(
                f"{self.name}-{key}-to-{label}",
                security_group_id=group_id,
                description=f"{opening.description or 'Ports of nodes'} from EC2 instances {key}"[:255],
                ip_protocol=opening.protocol,
                from_port=opening.from_port,
                to_port=opening.last(),
                referenced_security_group_id=self._groups[key].id,
                opts=self.child(),
            )
