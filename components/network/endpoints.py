"""VPC endpoints: access to AWS services without a NAT gateway."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from config.network import Endpoints as EndpointSettings


class Endpoints(Component):
    """Gateway endpoints in every route table, and interface endpoints in one private subnet of each zone."""

    TOKEN: ClassVar[str] = "ai-platform:network:Endpoints"

    def __init__(
        self,
        name: str,
        settings: EndpointSettings,
        *,
        vpc_id: pulumi.Output[str],
        vpc_name: str,
        vpc_cidrs: Sequence[str],
        region: str,
        subnet_ids: Sequence[pulumi.Input[str]],
        route_table_ids: Sequence[pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.made: list[pulumi.Resource] = [
            aws.ec2.VpcEndpoint(
                f"{name}-{service}",
                vpc_id=vpc_id,
                vpc_endpoint_type="Gateway",
                service_name=f"com.amazonaws.{region}.{service}",
                route_table_ids=list(route_table_ids),
                tags=named(f"{vpc_name}-{service}"),
                opts=self.child(),
            )
            for service in settings.gateway
        ]
        if settings.interface:
            group = self._security_group(vpc_id, vpc_name, vpc_cidrs)
            self.made += [
                aws.ec2.VpcEndpoint(
                    f"{name}-{service_name.replace('.', '-')}",
                    vpc_id=vpc_id,
                    vpc_endpoint_type="Interface",
                    service_name=f"com.amazonaws.{region}.{service_name}",
                    subnet_ids=list(subnet_ids),
                    security_group_ids=[group.id],
                    private_dns_enabled=True,
                    tags=named(f"{vpc_name}-{service_name}"),
                    opts=self.child(),
                )
                for service_name in settings.interface
            ]
        self.finish()

    def _security_group(
        self, vpc_id: pulumi.Output[str], vpc_name: str, vpc_cidrs: Sequence[str]
    ) -> aws.ec2.SecurityGroup:
        group = aws.ec2.SecurityGroup(
            self.name,
            vpc_id=vpc_id,
            name_prefix=f"{vpc_name}-endpoints-",
            description="AWS services inside the VPC",
            tags=named(f"{vpc_name}-endpoints-sg"),
            opts=self.child(),
        )
        for index, cidr in enumerate(vpc_cidrs):
            aws.vpc.SecurityGroupIngressRule(
                f"{self.name}-https{'-' + cidr.replace('/', '-') if index else ''}",
                security_group_id=group.id,
                description="HTTPS from the VPC",
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                cidr_ipv4=cidr,
                opts=self.child(),
            )
        return group
