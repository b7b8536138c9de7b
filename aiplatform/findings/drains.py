"""Servers with GPUs and a single replica: what a drain of their node costs."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from aiplatform.finding import Finding
from aiplatform.preview.plan import Plan
from catalog.creation_times import creation_times
from catalog.quantities import GIB
from components.sharing.applications.deployment import GRACE_SECONDS as APPLICATION_GRACE
from components.workloads.vllm.pod import GRACE_SECONDS
from config.model_memory import published, weights
from config.settings import Settings
from config.workloads.vllm import NAMESPACE, VllmModel

SERVERS = ("kubernetes:apps/v1:Deployment", "kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet")
IMAGE_MINUTES = 3
"""Minutes to pull and unpack vLLM's image of 10 GB on a new node: an estimate."""

START_MINUTES = 2
"""Minutes to compile and to capture CUDA graphs: an estimate."""

GIB_A_MINUTE = 10
"""Weights that are downloaded or read in a minute: an estimate, 100 GB from the Hub take ten minutes."""


class _Single(NamedTuple):
    """A server with one replica."""

    path: str
    setting: str
    gpus: int
    grace: int
    outage: str

    def finding(self, urn: str) -> Finding:
        """Return what a drain costs."""
        return Finding(
            "single-replica",
            "info",
            urn,
            f"{self.path} has one replica: when its node is drained, for an update or a Spot interruption, it "
            f"completes responses for up to {self.grace} seconds, and then requests fail for {self.outage}",
            f"set {self.setting}: 2, which takes {self.gpus} more GPU{'' if self.gpus == 1 else 's'}, or update nodes "
            "outside working hours",
        )


def single_replicas(plan: Plan, settings: Settings) -> Iterator[Finding]:
    """Yield an info for each model, and each application with GPUs, whose only replica a drain ends."""
    for name, model in settings.workloads.vllm.models.items() if settings.workloads.vllm else ():
        if model.least() == 1:
            setting = "autoscaling.min" if model.autoscaling is not None else "replicas"
            path = f"workloads.vllm.models.{name}"
            single = _Single(path, setting, model.gpus(), GRACE_SECONDS, _reload(model))
            yield single.finding(_urn(plan, NAMESPACE, name))
    node = _node_minutes()
    for environment in settings.environments:
        for name, application in settings.services(environment).items():
            scaling = application.scaling
            if application.gpus and (scaling.min if scaling else application.replicas) == 1:
                started = math.ceil(application.probes.startup_seconds / 60)
                outage = f"up to {node + started} minutes (node {node}, start {started})"
                setting = "scaling.min" if scaling else "replicas"
                path = f"environments.{environment}.services.{name}"
                single = _Single(path, setting, application.gpus, APPLICATION_GRACE, outage)
                yield single.finding(_urn(plan, settings.namespace(environment), name))


def _node_minutes() -> int:
    return math.ceil(creation_times().types["eks:index:ManagedNodeGroup"].seconds / 60)


def _reload(model: VllmModel) -> str:
    """Return how long a model takes on another node."""
    known = published(model)
    size = weights(known.figures, known.stored) / GIB if known is not None else 0.0
    node, read = _node_minutes(), math.ceil(size / GIB_A_MINUTE)
    parts = f"node {node}, image {IMAGE_MINUTES}, {size:.1f} GiB of weights {read}, start {START_MINUTES}"
    return f"about {node + IMAGE_MINUTES + read + START_MINUTES} minutes ({parts})"


def _urn(plan: Plan, namespace: str, name: str) -> str:
    for one in plan.resources:
        metadata = one.inputs.get("metadata", {})
        if one.type in SERVERS and metadata.get("name") == name and metadata.get("namespace") == namespace:
            return one.urn
    return ""
