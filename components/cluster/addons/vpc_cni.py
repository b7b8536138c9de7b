"""The VPC CNI: pod networking."""

from collections.abc import Iterator
from typing import ClassVar

import pulumi

from components.base.component import Component
from components.cluster.addons.addon import SYSTEM_NAMESPACE, AddonContext, AddonType, Installed, eks_addon
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from components.kubernetes.charts import EVERYWHERE, Chart, SystemPods, Values
from config.addons import VpcCni as VpcCniSettings


class VpcCni(Component, Installed):
    """The VPC CNI with its own IAM role. It is installed before the nodes, which read their pod limit from it."""

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
        prefixes = {"ENABLE_PREFIX_DELEGATION": "true"} if settings.prefix_delegation else {}
        warm = settings.warm.environment(prefix_delegation=settings.prefix_delegation)
        addon = eks_addon(
            name,
            settings,
            context,
            addon="vpc-cni",
            configuration={
                # The configuration schema of this add-on requires a string.
                "enableNetworkPolicy": "true" if settings.network_policy else "false",
                "env": {**prefixes, **warm},
            },
            role_arn=identity.annotated_role_arn(),
            opts=self.child(depends_on=identity.policies),
        )
        self.installed = [addon]
        self.finish(role_arn=identity.role_arn)


def _pods(values: Values) -> Iterator[SystemPods]:
    """Yield the pods: https://github.com/aws/amazon-vpc-cni-k8s/blob/master/charts/aws-vpc-cni/values.yaml"""
    agent = [{"cpu": "25m"}] if values.get("enableNetworkPolicy") != "false" else []
    yield SystemPods("aws-node", [{"cpu": "25m"}, *agent], tolerations=EVERYWHERE, host_network=True)


ADDON = AddonType(VpcCni, {"vpc-cni": Chart(_pods)}, stage="nodes")
