"""What the settings of a workload tell the rest of the platform: the one interface that rules, policies, monitoring and
`verify` iterate over."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal, NamedTuple, Protocol

from catalog.reading.model import Model
from catalog.reading.problems import Path
from config.nodes import Nodes
from config.types.references import RefersTo
from config.walk import each, marked
from config.workloads.resources import Replicas


class Host(NamedTuple):
    """A public name, where it is set, and the path below it that leads to the workload."""

    path: Path
    name: str
    below: str = "/"


class Need(NamedTuple):
    """An add-on without which the workload does not work."""

    addon: str
    """Its key in `addons`, as in YAML."""

    why: str
    of: Path = ()
    """The setting that needs it, below the workload's own; the workload as a whole when left out."""


class Connections(Protocol):
    """The connections of an environment that end at workloads."""

    @property
    def models(self) -> tuple[str, ...]:
        """Names of models."""

    @property
    def gateway(self) -> str | None:
        """The name of an API client of the gateway."""


class Served(NamedTuple):
    """Ports that the workload serves, and to whom."""

    ports: tuple[int, ...]
    pods: tuple[str, str] | None = None
    """App and component of the pods that listen there; every pod of the namespace when left out."""

    environments: tuple[str, ...] = ()
    """The environments that reach them whatever their connections are."""

    connection: Literal["models", "gateway"] | None = None
    """The connection of an environment that leads there."""

    name: str = ""
    """What `connections.models` calls it."""

    tenants: bool = False
    """Whether pods of tenants reach them."""

    def reached_by(self, environment: str, connections: Connections) -> bool:
        """Whether the pods of an environment reach them."""
        return (
            environment in self.environments
            or (self.connection == "models" and self.name in connections.models)
            or (self.connection == "gateway" and connections.gateway is not None)
        )


class Probe(NamedTuple):
    """A pod with Python that shows by its own identity whether a store can be reached."""

    store: Literal["database", "bucket"]
    app: str
    component: str
    argument: str
    """The environment variable with the URL of the database for SQLAlchemy, or the key of the bucket."""


class Workload(Model):
    """A section of `workloads`."""

    TITLE: ClassVar[str]
    """What users call it."""

    HAS_SECRETS: ClassVar[bool] = True
    """Whether External Secrets brings something into its pods."""

    CACHE_CHANNELS: ClassVar[tuple[str, ...]] = ()
    """What channels in its caches begin with, beside its own prefix."""

    def own_namespace(self) -> str:
        """Return the Kubernetes namespace that is made for it."""
        raise NotImplementedError

    def hosts(self) -> Iterator[Host]:
        """Yield the names that the load balancer leads to it."""
        yield from ()

    def needs_entrance(self) -> bool:
        """Return whether requests come to it by the load balancer."""
        return any(True for _ in self.hosts())

    def serves(self) -> Iterator[Served]:
        """Yield the ports on which others in the cluster reach it."""
        yield from ()

    def scraped_ports(self) -> tuple[int, ...]:
        """Return the ports where its pods have metrics."""
        return ()

    def has_volumes(self) -> bool:
        """Return whether it claims volumes, which are deleted before what makes them."""
        return False

    def needs(self, nodes: Mapping[str, Nodes]) -> Iterator[Need]:
        """Yield the add-ons that it does not work without; `nodes` are all node groups and pools."""
        del nodes
        yield Need("vpcCni", "gives pods their addresses")
        yield Need("coredns", "resolves names in the cluster")
        if self.HAS_SECRETS:
            yield Need("externalSecrets", "brings passwords and keys into its pods")
        if self.needs_entrance():
            yield Need("loadBalancerController", "connects its pods with the load balancer")
        if any(True for _ in each(self, Replicas)):
            yield Need("metricsServer", "measures what its autoscaler needs")
        if self.has_volumes():
            yield Need("ebsCsi", "makes the volumes of its pods")

    def uses(self, section: str) -> tuple[str, ...]:
        """Return the keys of a section of the stack file that it refers to."""
        return tuple(dict.fromkeys(name for _, name, to in marked(self, RefersTo) if section in to.sections))

    def quorums(self) -> Mapping[str, int]:
        """Return how many pods each of its StatefulSets has, of which a majority has to agree."""
        return {}

    def probes(self) -> Iterator[Probe]:
        """Yield the pods that `aiplatform verify` asks what they reach."""
        yield from ()
