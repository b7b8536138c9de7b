"""The IAM role of the nodes."""

from collections.abc import Sequence
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component
from components.base.naming import ROLE_LIMIT, fit
from components.identity.policy import service_trust

SESSION_MANAGER = "AmazonSSMManagedInstanceCore"
"""Managed policy that allows access to nodes through Session Manager instead of SSH."""


class NodeRole(Component):
    """One IAM role for all nodes. Pods get their own roles through service accounts."""

    TOKEN: ClassVar[str] = "ai-platform:cluster:NodeRole"

    def __init__(
        self, name: str, *, role_name: str, policies: Sequence[str], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, opts)
        role = aws.iam.Role(
            name,
            name=fit(role_name, ROLE_LIMIT),
            assume_role_policy=service_trust("ec2.amazonaws.com"),
            opts=self.child(),
        )
        self.attachments = [
            aws.iam.RolePolicyAttachment(
                f"{name}-{policy.rpartition('/')[2]}",
                role=role.name,
                policy_arn=f"arn:aws:iam::aws:policy/{policy}",
                opts=self.child(),
            )
            for policy in dict.fromkeys((*policies, SESSION_MANAGER))
        ]
        self.role_name: pulumi.Output[str] = role.name
        self.arn: pulumi.Output[str] = role.arn
        self.finish(arn=self.arn)
