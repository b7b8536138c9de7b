"""The interface of a workload's settings, over which rules, network policies, monitoring, cost and `verify` iterate."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal, NamedTuple, Protocol

from catalog.reading.model import Model
from catalog.reading.problems import Path
from config.nodes import Nodes
from config.timeouts import RESPONSE_SECONDS
from config.types.references import RefersTo
from config.walk import each, marked
from config.workloads.resources import Replicas


class Host(NamedTuple):
    """A public host name, the path of its setting, and the URL path that is routed to the workload."""

    path: Path
    name: str
    below: str = "/"


class Need(NamedTuple):
    """An add-on that the workload requires."""

    addon: str
    """Key of the add-on in `addons`, as in YAML."""

    why: str
    of: Path = ()
    """The setting that requires it, relative to the workload's. Default: the workload as a whole."""


class Connections(Protocol):
    """The connections of an environment to workloads."""

    @property
    def models(self) -> tuple[str, ...]:
        """Names of models."""

    @property
    def gateway(self) -> str | None:
        """The name of an API client of the gateway."""


class Served(NamedTuple):
    """Ports of the workload, and the clients that can connect."""

    ports: tuple[int, ...]
    pods: tuple[str, str] | None = None
    """App and component labels of the pods with these ports. Default: every pod of the namespace."""

    environments: tuple[str, ...] = ()
    """Environments that can connect, independent of their connections."""

    connection: Literal["models", "gateway"] | None = None
    """Connection of an environment that allows it to connect."""

    name: str = ""
    """Name in `connections.models`."""

    tenants: bool = False
    """Whether pods of tenants can connect."""

    def reached_by(self, environment: str, connections: Connections) -> bool:
        """Return whether the pods of an environment can connect."""
        return (
            environment in self.environments
            or (self.connection == "models" and self.name in connections.models)
            or (self.connection == "gateway" and connections.gateway is not None)
        )


class Spending(NamedTuple):
    """What a client of the workload can spend on models of external providers."""

    client: str
    budget: float | None
    """USD in a period; None for a client without a limit."""

    days: int
    """Days of the period."""


class Probe(NamedTuple):
    """A pod with Python from which `verify` checks access to a database or bucket with the pod's identity."""

    store: Literal["database", "bucket"]
    app: str
    component: str
    argument: str
    """The environment variable with the SQLAlchemy URL of the database, or the key of the bucket."""


class Workload(Model):
    """A setting of `workloads`."""

    TITLE: ClassVar[str]
    """Display name."""

    HAS_SECRETS: ClassVar[bool] = True
    """Whether its pods use secrets that External Secrets synchronizes."""

    CACHE_CHANNELS: ClassVar[tuple[str, ...]] = ()
    """Prefixes of its pub/sub channels in caches, in addition to its key prefix."""

    def own_namespace(self) -> str:
        """Return the Kubernetes namespace that is created for it."""
        raise NotImplementedError

    def hosts(self) -> Iterator[Host]:
        """Yield the public hosts that the load balancer routes to it."""
        yield from ()

    def needs_ingress(self) -> bool:
        """Return whether it is reachable through the load balancer."""
        return any(True for _ in self.hosts())

    RESPONSE_SETTING: ClassVar[Path] = ()
    """The setting of its longest response, relative to the workload's."""

    def response_seconds(self) -> int:
        """Return its longest response in seconds, streams included. Default: pages and short answers."""
        return RESPONSE_SECONDS

    def asks(self) -> tuple[str, ...]:
        """Return the fields of `Workloads` whose responses it passes on, and so waits for."""
        return ()

    def spends(self) -> Iterator[Spending]:
        """Yield the clients that can use models of external providers, whose bill is not from AWS."""
        yield from ()

    def database_connections(self, surge: int) -> int:
        """Return its connections to `database` at most; a rollout starts `surge` replicas in addition."""
        del surge
        return 0

    def serves(self) -> Iterator[Served]:
        """Yield its ports for clients in the cluster."""
        yield from ()

    def client_variables(self) -> dict[str, str]:
        """Return the variables of clients in environments that verify its certificate; empty without TLS."""
        return {}

    def scraped_ports(self) -> tuple[int, ...]:
        """Return the ports of its pods with metrics."""
        return ()

    def has_volumes(self) -> bool:
        """Return whether it has volumes, which must be deleted before the driver that provisions them."""
        return False

    def needs(self, nodes: Mapping[str, Nodes]) -> Iterator[Need]:
        """Yield the add-ons that it requires; `nodes` are all node groups and pools by name."""
        del nodes
        yield Need("vpcCni", "assigns addresses to pods")
        yield Need("coredns", "resolves names in the cluster")
        yield Need("kubeProxy", "routes requests to Services")
        if self.HAS_SECRETS:
            yield Need("externalSecrets", "copies its passwords and keys to the cluster")
        if self.needs_ingress():
            yield Need("loadBalancerController", "registers its pods with the load balancer")
        if any(True for _ in each(self, Replicas)):
            yield Need("metricsServer", "provides the metrics of its autoscaler")
        if self.has_volumes():
            yield Need("ebsCsi", "provisions the volumes of its pods")

    def uses(self, section: str) -> tuple[str, ...]:
        """Return the keys of a section of the stack file that it refers to."""
        return tuple(dict.fromkeys(name for _, name, to in marked(self, RefersTo) if section in to.sections))

    def quorums(self) -> Mapping[str, int]:
        """Return the number of pods of each StatefulSet that requires a majority, by name."""
        return {}

    def probes(self) -> Iterator[Probe]:
        """Yield the pods from which `aiplatform verify` checks access to stores."""
        yield from ()
