"""TLS of the stores in the cluster."""

from datetime import date, timedelta

from pydantic import Field

from catalog.reading.model import Model
from config.types.times import Day


class Tls(Model):
    """Section `ai-platform:tls`: connections to the stores that run in the cluster.

    RDS, Aurora, ElastiCache and the tenants' PostgreSQL accept connections with TLS only, whatever this section says.
    """

    stores: bool = False
    """Whether Kafka and Redis accept connections with TLS only. `workloads.*.tls` overrides it for one store."""

    days: int = Field(default=3650, ge=30, le=7300)
    """Validity of a server's certificate in days, from the `pulumi up` that creates it."""

    renewed: Day | None = None
    """Date of the last renewal. Another date renews the certificates and restarts the stores' pods one by one; the plan
    warns in the last quarter of `days`. Default: the certificates of the first `pulumi up`, without a warning."""

    def expires(self) -> date | None:
        """Return the day on which the certificates expire at the earliest; None if their date is not set."""
        return None if self.renewed is None else date.fromisoformat(self.renewed) + timedelta(days=self.days)

    def due(self) -> date | None:
        """Return the day from which the certificates should be renewed."""
        expires = self.expires()
        return None if expires is None else expires - timedelta(days=self.days // 4)
