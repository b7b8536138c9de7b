"""The network of a platform: a VPC that the stack creates, or an existing one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Literal

import pulumi

from components.base.component import Component
from components.network.endpoints import Endpoints
from components.network.flow_logs import FlowLogs
from components.network.given import given
from components.network.made import ANYWHERE, made
from components.network.network_acl import NetworkAcl
from components.network.source import Around, Placed
from config.network import Network as NetworkSettings

__all__ = ["ANYWHERE", "Network"]


class Network(Component):
    """The VPC, its subnets and routes, endpoints, flow logs and network ACLs."""

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
        source = made if settings.vpc_id is None else given
        self._vpc = source(Around(name, settings, vpc_name, cluster_name, default_tags or {}, self.child))
        self.vpc_id: pulumi.Output[str] = self._vpc.id
        self._guard()
        self.endpoints = self._endpoints(region)
        self.ways_out: list[pulumi.Resource] = [*self._vpc.ways_out]
        """Routes and route table associations that nodes require until they are deleted."""
        if settings.is_isolated():
            # Without a default route the endpoints are the only route to AWS.
            self.ways_out += self.endpoints.made
        if settings.flow_logs is not None:
            FlowLogs(
                f"{name}-flow-logs",
                settings.flow_logs,
                vpc_id=self.vpc_id,
                vpc_name=vpc_name,
                account_id=account_id,
                opts=self.child(),
            )
        self.public_subnet_ids: list[pulumi.Output[str]] = _ids(self._vpc.public)
        self.private_subnet_ids: list[pulumi.Output[str]] = _ids(self._vpc.private)
        self.data_subnet_ids: list[pulumi.Output[str]] = _ids(self._vpc.data or self._vpc.private)
        """The subnets of databases, caches and file systems: the data tier, or else the private subnets."""

        self.finish(
            vpc_id=self.vpc_id,
            public_subnet_ids=self.public_subnet_ids,
            private_subnet_ids=self.private_subnet_ids,
            data_subnet_ids=self.data_subnet_ids,
        )

    def _endpoints(self, region: str) -> Endpoints:
        return Endpoints(
            f"{self.name}-endpoints",
            self._settings.endpoints,
            vpc_id=self.vpc_id,
            vpc_name=self._vpc_name,
            vpc_cidrs=self._settings.vpc_cidrs(),
            region=region,
            subnet_ids=list(self.subnet_of_each_zone("private").values()),
            route_table_ids=self._vpc.route_table_ids,
            opts=self.child(),
        )

    def private_subnets_in(self, zones: Sequence[str]) -> list[pulumi.Output[str]]:
        """Return the IDs of the private subnets in these zones, or in all zones if `zones` is empty."""
        return _ids(_in_zones(zones, self._vpc.private))

    def control_plane_subnets_in(self, zones: Sequence[str]) -> list[pulumi.Output[str]]:
        """Return the IDs of the subnets for the EKS control plane's network interfaces, its own or the private ones, in
        these zones, or in all zones if `zones` is empty."""
        return _ids(_in_zones(zones, self._vpc.control_plane or self._vpc.private))

    def data_subnet_of_each_zone(self) -> dict[str, pulumi.Output[str]]:
        """Return one data subnet for each zone, by zone. A file system has one mount target in each zone."""
        return _one_a_zone(self._vpc.data or self._vpc.private)

    def subnet_of_each_zone(self, tier: Literal["public", "private"]) -> dict[str, pulumi.Output[str]]:
        """Return the ID of the first subnet of a tier in each zone."""
        return _one_a_zone(self._vpc.public if tier == "public" else self._vpc.private)

    def _guard(self) -> None:
        acls = self._settings.network_acls
        for tier, acl, subnets in (
            ("public", acls.public, self._vpc.public),
            ("private", acls.private, self._vpc.private),
            ("data", acls.data, self._vpc.data),
        ):
            if acl is not None:
                NetworkAcl(
                    f"{self.name}-{tier}-acl",
                    acl,
                    vpc_id=self.vpc_id,
                    acl_name=f"{self._vpc_name}-{tier}-acl",
                    subnet_ids=_ids(subnets),
                    opts=self.child(),
                )


def _ids(subnets: Iterable[Placed]) -> list[pulumi.Output[str]]:
    return [subnet.id for subnet in subnets]


def _one_a_zone(subnets: Sequence[Placed]) -> dict[str, pulumi.Output[str]]:
    first: dict[str, pulumi.Output[str]] = {}
    for subnet in subnets:
        first.setdefault(subnet.settings.zone, subnet.id)
    return first


def _in_zones(zones: Sequence[str], subnets: Sequence[Placed]) -> list[Placed]:
    return [subnet for subnet in subnets if not zones or subnet.settings.zone in zones]
