"""The person of a tenant, in AWS and before the Kubernetes API."""

from collections.abc import Sequence
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component
from components.base.naming import ROLE_LIMIT, fit, tenant_tags
from components.identity.policy import Statement, account_trust, policy_document
from components.sharing.tenants.names import INSTRUCTORS_GROUP, TENANTS_GROUP, group
from config.tenants import Tenant


class TenantUser(Component):
    """An EKS access entry without any access policy: what its groups may do is what RBAC says.

    The role is one that identities of this account may assume when their own policies let them. Where the settings
    name a principal that exists, nothing is given to it in AWS: whoever made it gives it what `statements` say.
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
                name=fit(f"{project}-tenant-{tenant.name}", ROLE_LIMIT),
                description=f"Person of tenant {tenant.name}; assumed by identities of this account",
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
