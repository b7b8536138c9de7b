"""An existing VPC: it is compared with the stack file, and only the tags of its subnets change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.network.source import PRIVATE_ROLE, PUBLIC_ROLE, Around, Placed, Vpc
from config.network import Network, Subnet

AGAIN = "run `aiplatform adopt vpc` again"


def given(around: Around) -> Vpc:
    """Read the VPC and its subnets.

    Outputs are the IDs of the stack file, once AWS has confirmed what the stack file says about them.
    """
    name, settings, *_ = around
    tiers = settings.tiers()
    vpc = aws.ec2.Vpc.get(
        f"{name}-existing",
        str(settings.vpc_id),
        cidr_block=str(settings.cidr),
        enable_dns_support=settings.dns_support,
        enable_dns_hostnames=settings.dns_hostnames,
        opts=around.child(),
    )
    vpc_id = pulumi.Output.all(
        id=vpc.id, cidr=vpc.cidr_block, support=vpc.enable_dns_support, hostnames=vpc.enable_dns_hostnames
    ).apply(lambda found: _confirmed(str(found["id"]), vpc_differences(settings, found)))
    placed = {
        tier: [_read(around, tier, subnet) for subnet in subnets]
        for tier, subnets in (
            ("public", tiers.public),
            ("private", tiers.private),
            ("data", tiers.data),
            ("control-plane", tiers.control_plane),
        )
    }
    if settings.tag_subnets:
        for tier, role in (("public", PUBLIC_ROLE), ("private", PRIVATE_ROLE)):
            _tag(around, placed[tier], role)
    every = [subnet for subnets in placed.values() for subnet in subnets]
    tables = dict.fromkeys(one.settings.route_table_id for one in every if one.settings.route_table_id is not None)
    return Vpc(
        vpc_id,
        public=placed["public"],
        private=placed["private"],
        data=placed["data"],
        control_plane=placed["control-plane"],
        route_table_ids=list(tables),
    )


def _read(around: Around, tier: str, wanted: Subnet) -> Placed:
    vpc_id = str(around.settings.vpc_id)
    subnet = aws.ec2.Subnet.get(
        f"{around.name}-{tier}-{wanted.id}",
        str(wanted.id),
        vpc_id=vpc_id,
        cidr_block=str(wanted.cidr),
        availability_zone=wanted.zone,
        opts=around.child(),
    )
    return Placed(
        wanted,
        pulumi.Output.all(id=subnet.id, vpc=subnet.vpc_id, cidr=subnet.cidr_block, zone=subnet.availability_zone).apply(
            lambda found: _confirmed(str(found["id"]), subnet_differences(wanted, vpc_id, found))
        ),
    )


def _tag(around: Around, subnets: Sequence[Placed], role: str) -> None:
    """Set the tags by which the load balancer controller finds subnets.

    The tag of the role serves every cluster in the VPC, and can be there already: Pulumi leaves it when the stack is
    destroyed. That of the cluster is its own. Data subnets have none, so that no load balancer is created in them.
    """
    for subnet in subnets:
        keep = around.child()
        keep.retain_on_delete = True
        aws.ec2.Tag(f"{around.name}-{subnet.settings.id}-role", resource_id=subnet.id, key=role, value="1", opts=keep)
        for key, value in around.cluster_tag().items():
            aws.ec2.Tag(
                f"{around.name}-{subnet.settings.id}-cluster",
                resource_id=subnet.id,
                key=key,
                value=value,
                opts=around.child(),
            )


def _confirmed(identifier: str, differences: Sequence[str]) -> str:
    """Return the ID.

    Raises:
        RunError: AWS describes it in another way than the stack file.
    """
    if differences:
        raise pulumi.RunError(f"network: {identifier} {' and '.join(differences)}; {AGAIN}")
    return identifier


def vpc_differences(settings: Network, found: Mapping[str, Any]) -> list[str]:
    """Return what differs between the VPC and the stack file."""
    return [
        f"has {what} {_shown(there)}, and network.{key} is {_shown(wanted)}"
        for what, key, wanted, there in (
            ("the network", "cidr", str(settings.cidr), found["cidr"]),
            ("enableDnsSupport", "dnsSupport", settings.dns_support, found["support"]),
            ("enableDnsHostnames", "dnsHostnames", settings.dns_hostnames, found["hostnames"]),
        )
        if there != wanted
    ]


def subnet_differences(wanted: Subnet, vpc_id: str, found: Mapping[str, Any]) -> list[str]:
    """Return what differs between a subnet and the stack file."""
    return [
        f"{what} {there}, and not {named}"
        for what, named, there in (
            ("is in", vpc_id, found["vpc"]),
            ("has the network", str(wanted.cidr), found["cidr"]),
            ("is in the zone", wanted.zone, found["zone"]),
        )
        if there != named
    ]


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
