"""LeaderWorkerSet: groups of pods that live and die together, such as one model over several nodes."""

from typing import ClassVar

import pulumi

from catalog.versions import LEADER_WORKER_SET
from components.base.component import Component
from components.cluster.addons.addon import AddonContext, release
from components.kubernetes.namespace import Namespace
from components.kubernetes.network_policy import Rule, anywhere, network
from config.addons import Addon as AddonSettings
from config.settings import Settings
from config.workloads.vllm import pods_of

NAMESPACE = "lws-system"
WEBHOOK_PORT = 9443


class LeaderWorkerSet(Component):
    """The controller."""

    TOKEN: ClassVar[str] = "ai-platform:addons:LeaderWorkerSet"

    def __init__(
        self,
        name: str,
        settings: AddonSettings,
        *,
        context: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        own = Namespace(f"{name}-namespace", namespace=NAMESPACE, opts=self.child())
        policy = own.allow(
            "controller",
            pods={},
            # The API server asks from its network interfaces in the private subnets.
            ingress=[Rule(tuple(map(network, context.settings.network.api_cidrs())), (("TCP", WEBHOOK_PORT),))],
            egress=[Rule((anywhere(),), (("TCP", 443),))],
            opts=self.child(depends_on=own.policies),
        )
        version = settings.version or LEADER_WORKER_SET.version
        self.release = release(
            name,
            settings,
            context,
            chart=LEADER_WORKER_SET,
            namespace=NAMESPACE,
            values={
                "replicaCount": context.replicas,
                # A chart from its source names the image of the day.
                "image": {"manager": {"tag": f"v{version.removeprefix('v')}", "pullPolicy": "IfNotPresent"}},
                "podSecurityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
                "resources": {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}},
                "priorityClassName": "system-cluster-critical",
            },
            opts=self.child(depends_on=[policy]),
        )
        self.finish()


def spans_nodes(settings: Settings) -> bool:
    """Whether a model needs more than one node."""
    vllm = settings.workloads.vllm
    nodes = {**settings.node_groups, **settings.node_pools}
    return vllm is not None and any(
        pods_of(model, nodes[model.node_group].gpus_per_node()).nodes > 1 for model in vllm.models.values()
    )
