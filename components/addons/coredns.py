"""Names in the cluster."""

from typing import ClassVar

import pulumi

from components.addons.addon import AddonContext, eks_addon
from components.component import Component
from config.addons import Addon as AddonSettings


class CoreDns(Component):
    """CoreDNS as an EKS add-on."""

    TOKEN: ClassVar[str] = "ai-platform:addons:CoreDns"

    def __init__(
        self,
        name: str,
        settings: AddonSettings,
        *,
        context: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.addon = eks_addon(
            name,
            settings,
            context,
            addon="coredns",
            # Two even where the rest has one: without names nothing works.
            configuration={"replicaCount": max(2, context.replicas)},
            opts=self.child(),
        )
        self.finish()
