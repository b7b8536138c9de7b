"""What a route leads to."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Destination:
    """A Service's pods, and how the load balancer sees that they live."""

    namespace: str
    service: str
    port: int
    """Of the Service."""

    health_path: str
    labels: Mapping[str, str]
    pod_port: int | None = None
    """Where the pods listen, if not on the Service's port."""

    health_port: int | None = None
    """Where they answer health checks, if not where they listen."""

    @property
    def reached(self) -> int:
        """Where requests arrive at a pod."""
        return self.pod_port or self.port
