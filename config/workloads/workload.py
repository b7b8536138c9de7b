"""The base of the settings of every workload."""

from catalog.reading.model import Model


class Workload(Model):
    """A setting of `workloads`."""

    def own_namespace(self) -> str:
        """Return the Kubernetes namespace that is created for it."""
        raise NotImplementedError

    def public_hosts(self) -> tuple[str, ...]:
        """Return the public host names that the load balancer routes to it."""
        return ()

    def needs_entrance(self) -> bool:
        """Return whether it is reachable through the load balancer."""
        return bool(self.public_hosts())

    def needs_database(self) -> bool:
        """Return whether a Job must create its user in a database."""
        return False

    def has_volumes(self) -> bool:
        """Return whether it has volumes, which must be deleted before the driver that provisions them."""
        return False
