"""The NVIDIA device plugin: GPUs as a resource that pods can request."""

from collections.abc import Iterator
from typing import ClassVar

import pulumi

from catalog.versions import NVIDIA_DEVICE_PLUGIN
from components.base.component import Component
from components.cluster.addons.addon import AddonContext, AddonType, Installed, release
from components.kubernetes.charts import Chart, SystemPods, Values
from config.addons import Addon as AddonSettings
from config.nodes import GPU_LABEL, GPU_TAINT_KEY, Nodes
from config.settings import Settings


class NvidiaDevicePlugin(Component, Installed):
    """The device plugin on nodes with GPUs. It selects them by the label that their node group or pool derives."""

    TOKEN: ClassVar[str] = "ai-platform:addons:NvidiaDevicePlugin"

    def __init__(
        self,
        name: str,
        settings: AddonSettings,
        *,
        context: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        taints = {taint.key for nodes in needing_device_plugin(context.settings) for taint in nodes.all_taints()}
        terms = [{"matchExpressions": [{"key": GPU_LABEL, "operator": "In", "values": ["true"]}]}]
        chart = release(
            name,
            settings,
            context,
            chart=NVIDIA_DEVICE_PLUGIN,
            values={
                "affinity": {
                    "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
                },
                "tolerations": [{"key": key, "operator": "Exists"} for key in sorted({GPU_TAINT_KEY, *taints})],
                "priorityClassName": "system-node-critical",
                "gfd": {"enabled": False},
                "nfd": {"enabled": False},
                "resources": {"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}},
            },
            opts=self.child(),
        )
        self.installed = [chart]
        self.finish()


def needing_device_plugin(settings: Settings) -> list[Nodes]:
    """Return the node groups and node pools whose GPUs are available to pods only with the plugin."""
    return [
        nodes
        for nodes in (*settings.node_groups.values(), *settings.node_pools.values())
        if nodes.needs_device_plugin()
    ]


def _pods(values: Values) -> Iterator[SystemPods]:
    yield SystemPods(
        "nvidia-device-plugin",
        [values.get("resources", {}).get("requests", {})],
        priority_class=values.get("priorityClassName", "system-node-critical"),
        tolerations=values.get("tolerations", ()),
        affinity=values.get("affinity", {}),
    )


ADDON = AddonType(NvidiaDevicePlugin, {"nvidia-device-plugin": Chart(_pods)})
