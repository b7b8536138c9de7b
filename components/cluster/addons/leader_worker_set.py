"""LeaderWorkerSet: groups of pods that start and fail as a unit, such as one model on several nodes."""

from collections.abc import Iterator
from typing import ClassVar

import pulumi

from catalog.aws.aws_type import Keeps
from catalog.kubernetes_kinds import POD, Kind
from catalog.versions import LEADER_WORKER_SET
from components.base.component import Component
from components.cluster.addons.addon import (
    AddonContext,
    AddonType,
    Installed,
    definitions,
    own_namespace,
    release,
)
from components.kubernetes.charts import Chart, SystemPods, Values, asked_at
from config.addons import LeaderWorkerSet as LeaderWorkerSetSettings

WEBHOOK_PORT = 9443


class LeaderWorkerSet(Component, Installed):
    """The LeaderWorkerSet controller."""

    TOKEN: ClassVar[str] = "ai-platform:addons:LeaderWorkerSet"

    def __init__(
        self,
        name: str,
        settings: LeaderWorkerSetSettings,
        *,
        context: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        policy = own_namespace(self, settings, context, policy="controller", port=WEBHOOK_PORT)
        version = settings.version or LEADER_WORKER_SET.version
        defined = definitions(name, of=LEADER_WORKER_SET, opts=self.child(waits=False))
        chart = release(
            name,
            settings,
            context,
            chart=LEADER_WORKER_SET,
            namespace="lws-system",
            after_definitions=defined,
            values={
                "replicaCount": context.replicas,
                # The chart in the source repository references the daily image.
                "image": {"manager": {"tag": f"v{version.removeprefix('v')}", "pullPolicy": "IfNotPresent"}},
                "podSecurityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
                "resources": {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}},
                "priorityClassName": "system-cluster-critical",
            },
            opts=self.child(depends_on=[policy]),
        )
        self.installed = [chart]
        self.finish()


def _pods(values: Values) -> Iterator[SystemPods]:
    """Yield the pods: https://github.com/kubernetes-sigs/lws/tree/main/charts/lws"""
    yield SystemPods(
        "lws-controller-manager",
        [asked_at(values)],
        namespace="lws-system",
        replicas=values.get("replicaCount", 1),
        priority_class=values.get("priorityClassName", ""),
        restricted=True,
    )


LOADED = Kind(POD, Keeps("identity", "pods that load a model for minutes"))
ADDON = AddonType(
    LeaderWorkerSet,
    {
        "lws": Chart(_pods, kinds={"leaderworkerset.x-k8s.io/v1:LeaderWorkerSet": LOADED}, definitions="release"),
    },
    after="names",
    gives="controllers",
)
