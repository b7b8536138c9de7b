"""An EKS add-on that requires only its configuration."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import pulumi

from components.base.component import Component
from components.cluster.addons.addon import AddonContext, Build, Installed, eks_addon
from config.addons import Addon as AddonSettings


class ManagedAddon(Component, Installed):
    """kube-proxy, CoreDNS, metrics-server or the Pod Identity Agent, by its name in EKS."""

    TOKEN: ClassVar[str] = "ai-platform:addons:ManagedAddon"

    def __init__(
        self,
        name: str,
        settings: AddonSettings,
        *,
        context: AddonContext,
        configuration: Mapping[str, Any] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        addon = eks_addon(name, settings, context, addon=name, configuration=configuration, opts=self.child())
        self.installed = [addon]
        self.finish()


def configured(configuration: Callable[[AddonContext], Mapping[str, Any]]) -> Build[AddonSettings]:
    """Return a function that installs the add-on with a configuration that depends on the platform."""

    def build(
        name: str,
        settings: AddonSettings,
        *,
        context: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> Installed:
        return ManagedAddon(name, settings, context=context, configuration=configuration(context), opts=opts)

    return build
