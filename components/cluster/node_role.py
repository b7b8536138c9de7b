"""The IAM role of the nodes."""

from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.identity.policy import service_trust
from components.naming import ROLE_LIMIT, fit

MANAGED_POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore")
"""Join the cluster, pull images, and be reached through Session Manager instead of SSH. The VPC CNI has a role of its
own, so AmazonEKS_CNI_Policy is not here: https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html"""


class NodeRole(Component):
    """One role for all nodes: pods get theirs from their service accounts."""

    TOKEN: ClassVar[str] = "ai-platform:cluster:NodeRole"

    def __init__(self, name: str, *, role_name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        role = aws.iam.Role(
            name,
            name=fit(role_name, ROLE_LIMIT),
            assume_role_policy=service_trust("ec2.amazonaws.com"),
            opts=self.child(),
        )
        self.attachments = [
            aws.iam.RolePolicyAttachment(
                f"{name}-{policy}",
                role=role.name,
                policy_arn=f"arn:aws:iam::aws:policy/{policy}",
                opts=self.child(),
            )
            for policy in MANAGED_POLICIES
        ]
        self.role_name: pulumi.Output[str] = role.name
        self.arn: pulumi.Output[str] = role.arn
        self.finish(arn=self.arn)
