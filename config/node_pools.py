"""Karpenter's node pools: nodes that are launched for pending pods and removed when they are not needed."""

from typing import Literal, Self

from pydantic import Field, model_validator

from catalog.reading.model import Model
from config.nodes import Nodes
from config.types.quantities import Quantity
from config.types.times import Duration, NodeAge


class Limits(Model):
    """Limits of all nodes of a pool together, which bound the cost of an erroneous Deployment."""

    cpu: Quantity
    """CPU cores, such as 64."""

    memory: Quantity
    """Memory, such as 256Gi."""

    gpus: int | None = Field(default=None, ge=0, le=1000)
    """NVIDIA GPUs; required for a pool with GPUs."""


class Consolidation(Model):
    """When Karpenter removes nodes, or replaces them by cheaper ones."""

    policy: Literal["WhenEmpty", "WhenEmptyOrUnderutilized"] = "WhenEmptyOrUnderutilized"
    """Consolidation policy; WhenEmpty never evicts a running pod, as models and training require. Default: WhenEmpty
    for nodes with GPUs, WhenEmptyOrUnderutilized for others."""

    after: Duration = "1m"
    """Time without a change of pods after which a node can be consolidated."""


class NodePool(Nodes):
    """An entry of section `ai-platform:nodePools`; its key is the name of NodePool and EC2NodeClass."""

    capacity: tuple[Literal["spot", "onDemand"], ...] = Field(default=("spot", "onDemand"), min_length=1, max_length=2)
    """Capacity types. With both, Karpenter prefers Spot and uses On-Demand if there is no Spot capacity."""

    limits: Limits
    """Limits of all its nodes together."""

    consolidation: Consolidation = Consolidation()
    """Consolidation of its nodes."""

    expire_after: NodeAge = "720h"
    """Age at which a node is replaced, with the pods that run on it. Default: Never for nodes with GPUs, 720h for
    others."""

    weight: int = Field(default=1, ge=1, le=100)
    """Weight: of the pools that fit, Karpenter uses the one with the highest weight."""

    @model_validator(mode="after")
    def _keep_gpu_nodes(self) -> Self:
        """Keep nodes with GPUs while pods run: a model takes minutes to load, and a job starts again from nothing."""
        if self.has_gpus():
            if "policy" not in self.consolidation.model_fields_set:
                self.follow(consolidation=self.consolidation.model_copy(update={"policy": "WhenEmpty"}))
            if "expire_after" not in self.model_fields_set:
                self.follow(expire_after="Never")
        return self

    def moves_pods(self) -> bool:
        """Return whether Karpenter moves running pods to fewer or cheaper nodes."""
        return self.consolidation.policy != "WhenEmpty"
