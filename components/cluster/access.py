"""Access to the Kubernetes API."""

from __future__ import annotations

from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component
from components.base.naming import ROLE_LIMIT, fit
from components.identity.policy import Statement, account_trust, policy_document
from config.cluster import Access as AccessSettings


class Access(Component):
    """An EKS access entry with its access policy, for an existing principal or a role that is created here."""

    TOKEN: ClassVar[str] = "ai-platform:cluster:Access"

    def __init__(
        self,
        name: str,
        settings: AccessSettings,
        *,
        role_name: str,
        cluster_name: pulumi.Input[str],
        cluster_arn: pulumi.Input[str],
        account_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        principal: pulumi.Input[str]
        self.role_name: pulumi.Output[str] | None = None
        """The name of the created role; None for an existing principal."""
        if settings.principal_arn is None:
            role = self._role(role_name, cluster_arn, account_id)
            principal, self.role_name = role.arn, role.name
        else:
            principal = settings.principal_arn
        entry = aws.eks.AccessEntry(
            name,
            cluster_name=cluster_name,
            principal_arn=principal,
            type="STANDARD",
            kubernetes_groups=list(settings.groups) or None,
            opts=self.child(),
        )
        aws.eks.AccessPolicyAssociation(
            name,
            cluster_name=cluster_name,
            principal_arn=entry.principal_arn,
            policy_arn=f"arn:aws:eks::aws:cluster-access-policy/{settings.policy}",
            access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(
                type="namespace" if settings.namespaces else "cluster",
                namespaces=list(settings.namespaces) or None,
            ),
            opts=self.child(depends_on=[entry]),
        )
        self.principal_arn: pulumi.Output[str] = pulumi.Output.from_input(principal)
        self.finish(principal_arn=self.principal_arn)

    def _role(self, role_name: str, cluster_arn: pulumi.Input[str], account_id: pulumi.Input[str]) -> aws.iam.Role:
        role = aws.iam.Role(
            self.name,
            name=fit(role_name, ROLE_LIMIT),
            description="Kubernetes access; assumed by identities of this account",
            assume_role_policy=account_trust(account_id),
            opts=self.child(),
        )
        aws.iam.RolePolicy(
            self.name,
            role=role.id,
            # Only what `aws eks update-kubeconfig` requires. The access policy grants permissions in Kubernetes.
            policy=policy_document(Statement("WriteKubeconfig", ("eks:DescribeCluster",), (cluster_arn,))),
            opts=self.child(),
        )
        return role
