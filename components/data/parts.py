"""Resources that databases, caches and file systems share. Each is a child of the component that uses it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.base.component import UNREPORTED, Component, named
from components.base.naming import ROLE_LIMIT, fit
from components.identity.policy import service_trust


def security_group(
    component: Component,
    *,
    group_name: str,
    description: str,
    port: int,
    vpc_id: pulumi.Input[str],
    client_security_group_id: pulumi.Input[str],
    clients: str = "Nodes and their pods",
) -> aws.ec2.SecurityGroup:
    """Create a security group that allows nodes and their pods on one port, without outbound rules."""
    group = aws.ec2.SecurityGroup(
        component.name,
        vpc_id=vpc_id,
        name_prefix=f"{group_name.removesuffix('-sg')}-",
        description=description,
        tags=named(group_name),
        opts=component.child(),
    )
    aws.vpc.SecurityGroupIngressRule(
        f"{component.name}-from-nodes",
        security_group_id=group.id,
        description=clients,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        referenced_security_group_id=client_security_group_id,
        opts=component.child(),
    )
    return group


def subnet_group(
    component: Component, *, group_name: str, subnet_ids: Sequence[pulumi.Input[str]]
) -> aws.rds.SubnetGroup:
    """Create the DB subnet group of RDS instances."""
    return aws.rds.SubnetGroup(
        component.name,
        name=group_name,
        subnet_ids=list(subnet_ids),
        tags=named(group_name),
        opts=component.child(),
    )


def log_groups(component: Component, *, prefix: str, logs: Sequence[str], retention_days: int) -> list[pulumi.Resource]:
    """Create the log groups with a retention period. RDS would create them without one."""
    return [
        aws.cloudwatch.LogGroup(
            f"{component.name}-{log}",
            name=f"{prefix}/{log}",
            retention_in_days=retention_days,
            opts=component.child(),
        )
        for log in logs
    ]


def monitoring_role(component: Component, *, identifier: str) -> tuple[aws.iam.Role, aws.iam.RolePolicyAttachment]:
    """Create the role with which RDS writes the metrics of Enhanced Monitoring."""
    role = aws.iam.Role(
        f"{component.name}-monitoring",
        name=fit(f"{identifier}-monitoring", ROLE_LIMIT),
        description=f"Enhanced Monitoring of {identifier}",
        assume_role_policy=service_trust("monitoring.rds.amazonaws.com"),
        opts=component.child(),
    )
    attachment = aws.iam.RolePolicyAttachment(
        f"{component.name}-monitoring",
        role=role.name,
        policy_arn="arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
        opts=component.child(),
    )
    return role, attachment


def final_snapshot(prefix: str, group: aws.ec2.SecurityGroup) -> pulumi.Output[str]:
    """Return a name of the final snapshot that is unique for each lifetime of the component.

    Otherwise a second destroy would fail because the name exists. The security group exists as long as the component,
    so the name ends in eight characters of its ID.
    """
    return group.id.apply(lambda group_id: f"{prefix}-final-snapshot-{re.sub('[^a-z0-9]', '', group_id.lower())[-8:]}")


def master_secret_arn(reported: pulumi.Output[Any]) -> pulumi.Output[str]:
    """Return the ARN of the secret that RDS manages, from the output `master_user_secrets`."""
    return reported.apply(lambda secrets: (secrets[0].secret_arn if secrets else None) or UNREPORTED)
