"""The VPC with its subnets and routes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from components.network.endpoints import Endpoints
from components.network.flow_logs import FlowLogs
from components.network.nat_instance import NatInstance
from components.network.network_acl import NetworkAcl
from config.network import NatInstance as NatInstanceSettings
from config.network import Network as NetworkSettings
from config.network import Subnet

ANYWHERE = "0.0.0.0/0"


class Network(Component):
    """The VPC, subnets, internet gateway, NAT gateways, route tables, endpoints, flow logs and network ACLs."""

    TOKEN: ClassVar[str] = "ai-platform:network:Network"

    def __init__(
        self,
        name: str,
        settings: NetworkSettings,
        *,
        vpc_name: str,
        cluster_name: str,
        region: str,
        account_id: pulumi.Input[str],
        default_tags: Mapping[str, str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._vpc_name = vpc_name
        self._default_tags = default_tags or {}
        tiers = settings.tiers()
        self.vpc = self._vpc()
        self.public = self._subnets("public", tiers.public, {"kubernetes.io/role/elb": "1"}, cluster_name)
        self.private = self._subnets("private", tiers.private, {"kubernetes.io/role/internal-elb": "1"}, cluster_name)
        self.data = self._subnets("data", tiers.data, {}, None)
        self.control_plane = self._subnets("control-plane", tiers.control_plane, {}, None)
        self._route(tiers.public, tiers.private)
        self._keep_inside("data", tiers.data, self.data)
        self._keep_inside("control-plane", tiers.control_plane, self.control_plane)
        self._guard()
        self.endpoints = self._endpoints(region)
        if settings.nat == "none":
            # Without NAT gateways the endpoints are the only route to AWS.
            self.ways_out += self.endpoints.made
        if settings.flow_logs is not None:
            FlowLogs(
                f"{name}-flow-logs",
                settings.flow_logs,
                vpc_id=self.vpc.id,
                vpc_name=vpc_name,
                account_id=account_id,
                opts=self.child(),
            )
        self.vpc_id: pulumi.Output[str] = self.vpc.id
        self.public_subnet_ids: list[pulumi.Output[str]] = [subnet.id for subnet in self.public]
        self.private_subnet_ids: list[pulumi.Output[str]] = [subnet.id for subnet in self.private]
        self.data_subnet_ids: list[pulumi.Output[str]] = [subnet.id for subnet in self.data or self.private]
        """The subnets of databases, caches and file systems: the data tier, or else the private subnets."""

        self.finish(
            vpc_id=self.vpc_id,
            public_subnet_ids=self.public_subnet_ids,
            private_subnet_ids=self.private_subnet_ids,
            data_subnet_ids=self.data_subnet_ids,
        )

    def _vpc(self) -> aws.ec2.Vpc:
        """Create the VPC. Its default security group has no rules and is not used."""
        vpc = aws.ec2.Vpc(
            self.name,
            cidr_block=str(self._settings.cidr),
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags=named(self._vpc_name),
            opts=self.child(),
        )
        aws.ec2.DefaultSecurityGroup(
            f"{self.name}-default", vpc_id=vpc.id, tags=named(f"{self._vpc_name}-default-unused"), opts=self.child()
        )
        return vpc

    def _endpoints(self, region: str) -> Endpoints:
        return Endpoints(
            f"{self.name}-endpoints",
            self._settings.endpoints,
            vpc=self.vpc,
            vpc_name=self._vpc_name,
            vpc_cidr=str(self._settings.cidr),
            region=region,
            subnet_ids=list(self.subnet_of_each_zone("private").values()),
            route_table_ids=[table.id for table in self.route_tables],
            opts=self.child(),
        )

    def private_subnets_in(self, zones: Sequence[str]) -> list[pulumi.Output[str]]:
        """Return the IDs of the private subnets in these zones, or in all zones if `zones` is empty."""
        return _in_zones(zones, self.private, self._settings.tiers().private)

    def control_plane_subnets_in(self, zones: Sequence[str]) -> list[pulumi.Output[str]]:
        """Return the IDs of the subnets for the EKS control plane's network interfaces, its own or the private ones, in
        these zones, or in all zones if `zones` is empty."""
        if not self.control_plane:
            return self.private_subnets_in(zones)
        return _in_zones(zones, self.control_plane, self._settings.tiers().control_plane)

    def data_subnet_of_each_zone(self) -> dict[str, pulumi.Output[str]]:
        """Return one data subnet for each zone, by zone. A file system has one mount target in each zone."""
        tiers = self._settings.tiers()
        return _one_a_zone(tiers.data or tiers.private, self.data or self.private)

    def subnet_of_each_zone(self, tier: Literal["public", "private"]) -> dict[str, pulumi.Output[str]]:
        """Return the ID of the first subnet of a tier in each zone."""
        tiers = self._settings.tiers()
        return _one_a_zone(tiers.public, self.public) if tier == "public" else _one_a_zone(tiers.private, self.private)

    def _subnets(
        self, tier: str, subnets: Sequence[Subnet], role: Mapping[str, str], cluster_name: str | None
    ) -> list[aws.ec2.Subnet]:
        """Create the subnets of a tier. Without `cluster_name` load balancers do not discover them."""
        labels = _labels(subnets)
        cluster = (
            {f"kubernetes.io/cluster/{cluster_name}": self._settings.cluster_tag} if cluster_name is not None else {}
        )
        return [
            aws.ec2.Subnet(
                f"{self.name}-{tier}-{label}",
                vpc_id=self.vpc.id,
                cidr_block=str(subnet.cidr),
                availability_zone=subnet.zone,
                # Nodes are in private subnets. NAT gateways and load balancers have their own public addresses.
                map_public_ip_on_launch=False,
                tags=named(subnet.name or f"{self._vpc_name}-{tier}-{label}", {**role, **cluster}),
                opts=self.child(),
            )
            for subnet, label in zip(subnets, labels, strict=True)
        ]

    def _route(self, public: Sequence[Subnet], private: Sequence[Subnet]) -> None:
        self.route_tables: list[aws.ec2.RouteTable] = []
        self.ways_out: list[pulumi.Resource] = []
        """Routes and route table associations that nodes require until they are deleted."""
        gateways = self._route_public(public) if public else {}
        for zone in dict.fromkeys(subnet.zone for subnet in private):
            table = self._table(f"private-{zone}")
            if gateways:
                # A zone without its own NAT gateway uses the first NAT gateway.
                gateway = gateways.get(zone) or next(iter(gateways.values()))
                self.ways_out.append(
                    aws.ec2.Route(
                        f"{self.name}-private-{zone}-nat",
                        route_table_id=table.id,
                        destination_cidr_block=ANYWHERE,
                        nat_gateway_id=None if isinstance(gateway, NatInstance) else gateway.id,
                        network_interface_id=gateway.interface.id if isinstance(gateway, NatInstance) else None,
                        # An interface without an instance drops what it receives.
                        opts=self.child(depends_on=[gateway.group] if isinstance(gateway, NatInstance) else []),
                    )
                )
            self._associate(table, "private", private, self.private, zone)

    def _keep_inside(self, tier: str, given: Sequence[Subnet], subnets: Sequence[aws.ec2.Subnet]) -> None:
        """Associate a route table without a default route.

        Resources in these subnets are reachable from the VPC, and can reach only the VPC and gateway endpoints.
        """
        if given:
            self._associate(self._table(tier), tier, given, subnets, None)

    def _route_public(self, public: Sequence[Subnet]) -> dict[str, aws.ec2.NatGateway | NatInstance]:
        internet = aws.ec2.InternetGateway(
            self.name, vpc_id=self.vpc.id, tags=named(f"{self._vpc_name}-igw"), opts=self.child()
        )
        table = self._table("public")
        self.ways_out.append(
            aws.ec2.Route(
                f"{self.name}-public-internet",
                route_table_id=table.id,
                destination_cidr_block=ANYWHERE,
                gateway_id=internet.id,
                opts=self.child(),
            )
        )
        self._associate(table, "public", public, self.public, None)
        gateways: dict[str, aws.ec2.NatGateway | NatInstance] = {}
        for zone in self._settings.nat_zones():
            index = next(index for index, subnet in enumerate(public) if subnet.zone == zone)
            if self._settings.nat_instance is not None:
                gateways[zone] = self._nat_instance(self._settings.nat_instance, zone, self.public[index].id)
                continue
            address = aws.ec2.Eip(
                f"{self.name}-nat-{zone}",
                domain="vpc",
                tags=named(f"{self._vpc_name}-nat-{zone}"),
                opts=self.child(depends_on=[internet]),
            )
            gateways[zone] = aws.ec2.NatGateway(
                f"{self.name}-{zone}",
                subnet_id=self.public[index].id,
                allocation_id=address.allocation_id,
                connectivity_type="public",
                tags=named(f"{self._vpc_name}-nat-{zone}"),
                opts=self.child(depends_on=[internet]),
            )
        return gateways

    def _nat_instance(self, wanted: NatInstanceSettings, zone: str, subnet_id: pulumi.Input[str]) -> NatInstance:
        return NatInstance(
            f"{self.name}-nat-instance-{zone}",
            wanted,
            label=f"{self._vpc_name}-nat-{zone}",
            zone=zone,
            subnet_id=subnet_id,
            vpc_id=self.vpc.id,
            vpc_cidr=str(self._settings.cidr),
            private_cidrs=self._settings.private_cidrs(),
            default_tags=self._default_tags,
            # Its first boot installs packages, and its address requires the internet gateway.
            opts=self.child(depends_on=self.ways_out),
        )

    def _table(self, label: str) -> aws.ec2.RouteTable:
        table = aws.ec2.RouteTable(
            f"{self.name}-{label}", vpc_id=self.vpc.id, tags=named(f"{self._vpc_name}-{label}"), opts=self.child()
        )
        self.route_tables.append(table)
        return table

    def _associate(
        self,
        table: aws.ec2.RouteTable,
        tier: str,
        given: Sequence[Subnet],
        subnets: Sequence[aws.ec2.Subnet],
        zone: str | None,
    ) -> None:
        for subnet, wanted, label in zip(subnets, given, _labels(given), strict=True):
            if zone is None or wanted.zone == zone:
                self.ways_out.append(
                    aws.ec2.RouteTableAssociation(
                        f"{self.name}-{tier}-{label}",
                        route_table_id=table.id,
                        subnet_id=subnet.id,
                        opts=self.child(),
                    )
                )

    def _guard(self) -> None:
        acls = self._settings.network_acls
        for tier, acl, subnets in (
            ("public", acls.public, self.public),
            ("private", acls.private, self.private),
            ("data", acls.data, self.data),
        ):
            if acl is not None:
                NetworkAcl(
                    f"{self.name}-{tier}-acl",
                    acl,
                    vpc_id=self.vpc.id,
                    acl_name=f"{self._vpc_name}-{tier}-acl",
                    subnet_ids=[subnet.id for subnet in subnets],
                    opts=self.child(),
                )


def _one_a_zone(given: Sequence[Subnet], subnets: Sequence[aws.ec2.Subnet]) -> dict[str, pulumi.Output[str]]:
    first: dict[str, pulumi.Output[str]] = {}
    for wanted, subnet in zip(given, subnets, strict=True):
        first.setdefault(wanted.zone, subnet.id)
    return first


def _labels(subnets: Sequence[Subnet]) -> list[str]:
    """Return the zone of each subnet, with a number from the second subnet of a zone on."""
    seen: dict[str, int] = {}
    labels = []
    for subnet in subnets:
        seen[subnet.zone] = seen.get(subnet.zone, 0) + 1
        labels.append(subnet.zone if seen[subnet.zone] == 1 else f"{subnet.zone}-{seen[subnet.zone]}")
    return labels


def _in_zones(
    zones: Sequence[str], subnets: Sequence[aws.ec2.Subnet], given: Sequence[Subnet]
) -> list[pulumi.Output[str]]:
    return [subnet.id for subnet, wanted in zip(subnets, given, strict=True) if not zones or wanted.zone in zones]
