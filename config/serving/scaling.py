"""Autoscaling of a model."""

from pydantic import Field

from catalog.reading.model import Ordered
from config.types.references import ScheduleRef


class ModelScaling(Ordered):
    """Autoscaling by KEDA, based on waiting requests."""

    min: int = Field(default=1, ge=0, le=50)
    """Minimum replicas. 0 requires `schedule` or `wakeQuery`, because a model without replicas has no waiting
    requests."""

    max: int = Field(ge=1, le=50)
    """Maximum replicas."""

    waiting_requests: int = Field(default=5, ge=1, le=10000)
    """Waiting requests of each replica above which a replica is added."""

    schedule: ScheduleRef | None = None
    """Schedule (a key of `schedules`) of start and stop: at least one replica from start to stop, none otherwise."""

    wake_query: str | None = Field(default=None, min_length=1, max_length=1000)
    """Prometheus query that starts the model when its value is above zero, for example on requests to LiteLLM. A
    counter that the first request creates does not increase: add `or count(<counter> unless <counter> offset 5m)`."""

    cooldown_minutes: int = Field(default=10, ge=1, le=1440)
    """Minutes without waiting requests after which replicas are removed."""
