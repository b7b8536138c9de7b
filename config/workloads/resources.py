"""What a container asks for and what it may use."""

from config.model import Model
from config.types import Quantity


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
