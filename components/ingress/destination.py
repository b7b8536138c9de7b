"""The destination of a route."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from config.timeouts import Timeouts


@dataclass(frozen=True, kw_only=True)
class Destination:
    """The pods of a Service, and the health check of the load balancer."""

    namespace: str
    service: str
    port: int
    """The port of the Service."""

    health_path: str
    labels: Mapping[str, str]
    pod_port: int | None = None
    """The port of the pods, if it differs from the port of the Service."""

    health_port: int | None = None
    """The health check port of the pods, if it differs from the port for requests."""

    timeouts: Timeouts = field(default_factory=Timeouts)
    """The time limits of the pods' server."""

    @property
    def reached(self) -> int:
        """Return the port at which a pod receives requests."""
        return self.pod_port or self.port
