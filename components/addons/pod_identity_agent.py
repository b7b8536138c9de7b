"""The agent of EKS Pod Identity."""

from typing import ClassVar

import pulumi

from components.addons.addon import AddonContext, eks_addon
from components.component import Component
from config.addons import Addon as AddonSettings


class PodIdentityAgent(Component):
    """Hands out credentials on every node; needed where `cluster.workloadIdentity` is `podIdentity`."""

    TOKEN: ClassVar[str] = "ai-platform:addons:PodIdentityAgent"

    def __init__(
        self,
        name: str,
        settings: AddonSettings,
        *,
        context: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.addon = eks_addon(name, settings, context, addon="eks-pod-identity-agent", opts=self.child())
        self.finish()
