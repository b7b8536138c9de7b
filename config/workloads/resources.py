"""Requests, limits and replicas of containers."""

from pydantic import Field

from catalog.reading.model import Model, Ordered
from config.types.quantities import Quantity


class Amounts(Model):
    """CPU and memory as Kubernetes quantities."""

    cpu: Quantity | None = None
    """CPU cores, such as 500m or 2."""

    memory: Quantity
    """Memory, such as 512Mi or 4Gi."""


class Resources(Model):
    """Requests and limits of a container. CPU has no limit by default: throttling makes a server slower, not
    cheaper."""

    requests: Amounts
    """Requests, which the scheduler reserves on a node."""

    limits: Amounts
    """Limits; a container that exceeds the memory limit is killed."""


class Replicas(Ordered):
    """The HorizontalPodAutoscaler."""

    min: int = Field(default=2, ge=1, le=50)
    """Minimum replicas."""

    max: int = Field(default=5, ge=1, le=50)
    """Maximum replicas."""

    cpu_percent: int = Field(default=70, ge=10, le=100)
    """Target CPU utilization in percent of the request."""
