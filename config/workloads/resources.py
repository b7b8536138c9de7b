"""What a container asks for and what it may use, and how many of them there are."""

from pydantic import Field

from catalog.reading.model import Model
from config.types.quantities import Quantity


class Amounts(Model):
    """CPU and memory as Kubernetes writes them."""

    cpu: Quantity | None = None
    """Cores, such as 500m or 2."""

    memory: Quantity
    """Memory, such as 512Mi or 4Gi."""


class Resources(Model):
    """Requests and limits of one container. CPU is not limited: a throttled server is slower, not cheaper."""

    requests: Amounts
    """What the scheduler keeps free for it."""

    limits: Amounts
    """Above this memory the container is stopped."""


class Replicas(Model):
    """The HorizontalPodAutoscaler."""

    min: int = Field(default=2, ge=1, le=50)
    """The fewest replicas."""

    max: int = Field(default=5, ge=1, le=50)
    """The most replicas."""

    cpu_percent: int = Field(default=70, ge=10, le=100)
    """Average CPU, in per cent of the request, above which it adds a replica."""
