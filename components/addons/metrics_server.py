"""What pods and nodes use, for autoscalers and `kubectl top`."""

from typing import ClassVar

import pulumi

from components.addons.addon import AddonContext, eks_addon
from components.component import Component
from config.addons import Addon as AddonSettings


class MetricsServer(Component):
    """metrics-server as an EKS community add-on."""

    TOKEN: ClassVar[str] = "ai-platform:addons:MetricsServer"

    def __init__(
        self,
        name: str,
        settings: AddonSettings,
        *,
        context: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        eks_addon(
            name,
            settings,
            context,
            addon="metrics-server",
            configuration={"replicas": context.replicas},
            opts=self.child(),
        )
        self.finish()
