"""The user of a tenant, in AWS and in the Kubernetes API."""

from collections.abc import Sequence
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component
from components.base.naming import tenant_tags
from components.identity.policy import Statement, account_trust, policy_document
from components.sharing.tenants.names import INSTRUCTORS_GROUP, TENANTS_GROUP, default_role, group
from config.tenants import Tenant


class TenantUser(Component):
    """An EKS access entry without an access policy: RBAC defines the permissions of its groups.

    Identities of this account can assume the role if their own policies allow it. If the settings set an existing
    principal, this program grants it no AWS permissions: its administrator grants it the permissions of `statements`.
    """

    TOKEN: ClassVar[str] = "ai-platform:tenants:TenantUser"
    FORMERLY: ClassVar[tuple[str, ...]] = ("ai-platform:tenants:TenantPerson",)

    def __init__(
        self,
        name: str,
        *,
        tenant: Tenant,
        project: str,
        cluster_name: pulumi.Input[str],
        cluster_arn: pulumi.Input[str],
        account_id: pulumi.Input[str],
        statements: Sequence[Statement],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        principal: pulumi.Input[str]
        if tenant.principal_arn is None:
            role = aws.iam.Role(
                name,
                name=default_role(project, tenant.name),
                description=f"User of tenant {tenant.name}; assumed by identities of this account",
                assume_role_policy=account_trust(account_id),
                tags=tenant_tags(tenant.name),
                opts=self.child(),
            )
            kubeconfig = Statement("WriteKubeconfig", ("eks:DescribeCluster",), (cluster_arn,))
            aws.iam.RolePolicy(
                name, role=role.id, policy=policy_document(kubeconfig, *statements), opts=self.child(waits=False)
            )
            principal = role.arn
        else:
            principal = tenant.principal_arn
        aws.eks.AccessEntry(
            name,
            cluster_name=cluster_name,
            principal_arn=principal,
            type="STANDARD",
            kubernetes_groups=[
                group(tenant.name),
                TENANTS_GROUP,
                *([INSTRUCTORS_GROUP] if tenant.instructor else []),
            ],
            opts=self.child(),
        )
        self.principal_arn: pulumi.Output[str] = pulumi.Output.from_input(principal)
        self.finish(principal_arn=self.principal_arn)
