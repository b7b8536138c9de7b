"""Karpenter's node pools: nodes that come for the pods that wait, and go when nobody needs them."""

from typing import Literal

from pydantic import Field

from catalog.reading.model import Model
from config.nodes import Nodes
from config.types.quantities import Quantity
from config.types.times import Duration, NodeAge


class Limits(Model):
    """What all nodes of a pool together may have. Without limits a mistake in a Deployment has no end."""

    cpu: Quantity
    """Cores, such as 64."""

    memory: Quantity
    """Memory, such as 256Gi."""

    gpus: int | None = Field(default=None, ge=0, le=1000)
    """NVIDIA GPUs; a pool with GPUs needs it."""


class Consolidation(Model):
    """When Karpenter takes nodes away or replaces them by cheaper ones."""

    policy: Literal["WhenEmpty", "WhenEmptyOrUnderutilized"] = "WhenEmptyOrUnderutilized"
    """WhenEmpty never moves a running pod: right for training and long GPU jobs."""

    after: Duration = "1m"
    """How long a node must have had no change of pods."""


class NodePool(Nodes):
    """Named in section `ai-platform:nodePools`; the key is the name of NodePool and EC2NodeClass."""

    capacity: tuple[Literal["spot", "onDemand"], ...] = Field(default=("spot", "onDemand"), min_length=1, max_length=2)
    """What it may buy. With both it takes Spot first, and on demand where there is none."""

    limits: Limits
    """What all its nodes together may have."""

    consolidation: Consolidation = Consolidation()
    """When nodes go."""

    expire_after: NodeAge = "720h"
    """A node is replaced by a fresh one at this age."""

    weight: int = Field(default=1, ge=1, le=100)
    """Among several pools that would fit, the heaviest is asked first."""
