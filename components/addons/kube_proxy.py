"""Service addresses on the nodes."""

from typing import ClassVar

import pulumi

from components.addons.addon import AddonContext, eks_addon
from components.component import Component
from config.addons import Addon as AddonSettings


class KubeProxy(Component):
    """kube-proxy as an EKS add-on, so that it follows the cluster's version."""

    TOKEN: ClassVar[str] = "ai-platform:addons:KubeProxy"

    def __init__(
        self,
        name: str,
        settings: AddonSettings,
        *,
        context: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.addon = eks_addon(name, settings, context, addon="kube-proxy", opts=self.child())
        self.finish()
