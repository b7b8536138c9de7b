"""Pod networking."""

from typing import ClassVar

import pulumi

from components.base.component import Component
from components.cluster.addons.addon import SYSTEM_NAMESPACE, AddonContext, eks_addon
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from config.addons import VpcCni as VpcCniSettings


class VpcCni(Component):
    """The VPC CNI with a role of its own; installed before the nodes, which read their pod limit from it."""

    TOKEN: ClassVar[str] = "ai-platform:addons:VpcCni"

    def __init__(
        self,
        name: str,
        settings: VpcCniSettings,
        *,
        context: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        identity = WorkloadIdentity(
            name,
            role_name=f"{context.project}-vpc-cni",
            account=ServiceAccount(SYSTEM_NAMESPACE, "aws-node"),
            provider=context.cluster.identity_provider,
            managed_policies=["AmazonEKS_CNI_Policy"],
            create_service_account=False,
            opts=self.child(),
        )
        prefixes = {"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "1"}
        self.addon = eks_addon(
            name,
            settings,
            context,
            addon="vpc-cni",
            configuration={
                # EKS's schema of this add-on takes these as text.
                "enableNetworkPolicy": "true" if settings.network_policy else "false",
                "env": prefixes if settings.prefix_delegation else {},
            },
            role_arn=identity.annotated_role_arn(),
            opts=self.child(depends_on=identity.policies),
        )
        self.finish(role_arn=identity.role_arn)
