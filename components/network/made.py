"""A VPC that the stack creates, with its subnets, gateways and routes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.base.component import named
from components.network.nat_instance import NatInstance
from components.network.source import PRIVATE_ROLE, PUBLIC_ROLE, Around, Placed, Vpc
from config.network import NatInstance as NatInstanceSettings
from config.network import Subnet

ANYWHERE = "0.0.0.0/0"


def made(around: Around) -> Vpc:
    """Create the VPC."""
    return _Maker(around).vpc()


class _Maker:
    def __init__(self, around: Around) -> None:
        self._around = around
        self._name, self._settings, self._vpc_name, _, _, self._child = around
        self._tables: list[aws.ec2.RouteTable] = []
        self._ways_out: list[pulumi.Resource] = []
        self._vpc = self._create()

    def vpc(self) -> Vpc:
        """Create the subnets and their routes."""
        tiers, cluster = self._settings.tiers(), self._around.cluster_tag()
        public = self._subnets("public", tiers.public, {PUBLIC_ROLE: "1", **cluster})
        private = self._subnets("private", tiers.private, {PRIVATE_ROLE: "1", **cluster})
        # Without the tag of the cluster load balancers do not discover them.
        data = self._subnets("data", tiers.data, {})
        control_plane = self._subnets("control-plane", tiers.control_plane, {})
        self._route(public, private)
        self._keep_inside("data", data)
        self._keep_inside("control-plane", control_plane)
        return Vpc(
            self._vpc.id,
            public=public,
            private=private,
            data=data,
            control_plane=control_plane,
            route_table_ids=[table.id for table in self._tables],
            ways_out=self._ways_out,
        )

    def _create(self) -> aws.ec2.Vpc:
        """Create the VPC. Its default security group has no rules and is not used."""
        vpc = aws.ec2.Vpc(
            self._name,
            cidr_block=str(self._settings.cidr),
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags=named(self._vpc_name),
            opts=self._child(),
        )
        aws.ec2.DefaultSecurityGroup(
            f"{self._name}-default", vpc_id=vpc.id, tags=named(f"{self._vpc_name}-default-unused"), opts=self._child()
        )
        return vpc

    def _subnets(self, tier: str, subnets: Sequence[Subnet], tags: Mapping[str, str]) -> list[Placed]:
        """Create the subnets of a tier."""
        return [
            Placed(
                subnet,
                aws.ec2.Subnet(
                    f"{self._name}-{tier}-{label}",
                    vpc_id=self._vpc.id,
                    cidr_block=str(subnet.cidr),
                    availability_zone=subnet.zone,
                    # Nodes are in private subnets. NAT gateways and load balancers have their own public addresses.
                    map_public_ip_on_launch=False,
                    tags=named(subnet.name or f"{self._vpc_name}-{tier}-{label}", tags),
                    opts=self._child(),
                ).id,
            )
            for subnet, label in zip(subnets, _labels(subnets), strict=True)
        ]

    def _route(self, public: Sequence[Placed], private: Sequence[Placed]) -> None:
        gateways = self._route_public(public) if public else {}
        for zone in dict.fromkeys(subnet.settings.zone for subnet in private):
            table = self._table(f"private-{zone}")
            if gateways:
                # A zone without its own NAT gateway uses the first NAT gateway.
                gateway = gateways.get(zone) or next(iter(gateways.values()))
                self._ways_out.append(
                    aws.ec2.Route(
                        f"{self._name}-private-{zone}-nat",
                        route_table_id=table.id,
                        destination_cidr_block=ANYWHERE,
                        nat_gateway_id=None if isinstance(gateway, NatInstance) else gateway.id,
                        network_interface_id=gateway.interface.id if isinstance(gateway, NatInstance) else None,
                        # An interface without an instance drops what it receives.
                        opts=self._child(depends_on=[gateway.group] if isinstance(gateway, NatInstance) else []),
                    )
                )
            self._associate(table, "private", private, zone)

    def _keep_inside(self, tier: str, subnets: Sequence[Placed]) -> None:
        """Associate a route table without a default route.

        Resources in these subnets are reachable from the VPC, and can reach only the VPC and gateway endpoints.
        """
        if subnets:
            self._associate(self._table(tier), tier, subnets, None)

    def _route_public(self, public: Sequence[Placed]) -> dict[str, aws.ec2.NatGateway | NatInstance]:
        internet = aws.ec2.InternetGateway(
            self._name, vpc_id=self._vpc.id, tags=named(f"{self._vpc_name}-igw"), opts=self._child()
        )
        table = self._table("public")
        self._ways_out.append(
            aws.ec2.Route(
                f"{self._name}-public-internet",
                route_table_id=table.id,
                destination_cidr_block=ANYWHERE,
                gateway_id=internet.id,
                opts=self._child(),
            )
        )
        self._associate(table, "public", public, None)
        gateways: dict[str, aws.ec2.NatGateway | NatInstance] = {}
        for zone in self._settings.nat_zones():
            subnet = next(subnet for subnet in public if subnet.settings.zone == zone)
            if self._settings.nat_instance is not None:
                gateways[zone] = self._nat_instance(self._settings.nat_instance, zone, subnet.id)
                continue
            address = aws.ec2.Eip(
                f"{self._name}-nat-{zone}",
                domain="vpc",
                tags=named(f"{self._vpc_name}-nat-{zone}"),
                opts=self._child(depends_on=[internet]),
            )
            gateways[zone] = aws.ec2.NatGateway(
                f"{self._name}-{zone}",
                subnet_id=subnet.id,
                allocation_id=address.allocation_id,
                connectivity_type="public",
                tags=named(f"{self._vpc_name}-nat-{zone}"),
                opts=self._child(depends_on=[internet]),
            )
        return gateways

    def _nat_instance(self, wanted: NatInstanceSettings, zone: str, subnet_id: pulumi.Input[str]) -> NatInstance:
        return NatInstance(
            f"{self._name}-nat-instance-{zone}",
            wanted,
            label=f"{self._vpc_name}-nat-{zone}",
            zone=zone,
            subnet_id=subnet_id,
            vpc_id=self._vpc.id,
            vpc_cidr=str(self._settings.cidr),
            private_cidrs=self._settings.private_cidrs(),
            default_tags=self._around.default_tags,
            # Its first boot installs packages, and its address requires the internet gateway.
            opts=self._child(depends_on=self._ways_out),
        )

    def _table(self, label: str) -> aws.ec2.RouteTable:
        table = aws.ec2.RouteTable(
            f"{self._name}-{label}", vpc_id=self._vpc.id, tags=named(f"{self._vpc_name}-{label}"), opts=self._child()
        )
        self._tables.append(table)
        return table

    def _associate(self, table: aws.ec2.RouteTable, tier: str, subnets: Sequence[Placed], zone: str | None) -> None:
        labels = _labels([subnet.settings for subnet in subnets])
        for subnet, label in zip(subnets, labels, strict=True):
            if zone is None or subnet.settings.zone == zone:
                self._ways_out.append(
                    aws.ec2.RouteTableAssociation(
                        f"{self._name}-{tier}-{label}",
                        route_table_id=table.id,
                        subnet_id=subnet.id,
                        opts=self._child(),
                    )
                )


def _labels(subnets: Sequence[Subnet]) -> list[str]:
    """Return the zone of each subnet, with a number from the second subnet of a zone on."""
    seen: dict[str, int] = {}
    labels = []
    for subnet in subnets:
        seen[subnet.zone] = seen.get(subnet.zone, 0) + 1
        labels.append(subnet.zone if seen[subnet.zone] == 1 else f"{subnet.zone}-{seen[subnet.zone]}")
    return labels
