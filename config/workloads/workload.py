"""What every workload's settings tell the platform."""

from catalog.reading.model import Model


class Workload(Model):
    """A section of `workloads`."""

    def own_namespace(self) -> str:
        """The Kubernetes namespace that is made for it."""
        raise NotImplementedError

    def public_hosts(self) -> tuple[str, ...]:
        """The names that the load balancer leads to it."""
        return ()

    def needs_entrance(self) -> bool:
        """Whether requests come to it by the load balancer."""
        return bool(self.public_hosts())

    def needs_database(self) -> bool:
        """Whether a job has to make it a user in a database."""
        return False

    def has_volumes(self) -> bool:
        """Whether it keeps volumes, which go before what makes them."""
        return False
