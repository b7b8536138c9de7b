"""TLS of the stores in the cluster."""

from pydantic import Field

from catalog.reading.model import Model


class Tls(Model):
    """Section `ai-platform:tls`: connections to the stores that run in the cluster.

    RDS, Aurora, ElastiCache and the tenants' PostgreSQL accept connections with TLS only, whatever this section says.
    """

    stores: bool = False
    """Whether Kafka and Redis accept connections with TLS only. `workloads.*.tls` overrides it for one store."""

    days: int = Field(default=730, ge=30, le=3650)
    """Validity of a server's certificate in days. The first `pulumi up` in its second half renews it and restarts the
    store's pods one by one."""
