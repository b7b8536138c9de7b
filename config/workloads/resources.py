"""What a container asks for and what it may use."""

from config.model import Model
from config.types import Quantity


class Amounts(Model):
    """CPU and memory as Kubernetes writes them."""

    cpu: Quantity | None = None
    memory: Quantity


class Resources(Model):
    """Requests and limits of one container. CPU is not limited: a throttled server is slower, not cheaper."""

    requests: Amounts
    limits: Amounts
