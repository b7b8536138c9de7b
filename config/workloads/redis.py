"""Redis: one primary, its replicas, and the Sentinels that choose another primary when it is gone."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from catalog.quantities import MEMORY, MIB, amount
from catalog.versions import REDIS_IMAGE
from config.overrides import SECRETS, Override, ParameterValue, Refused
from config.types.names import LabelKey, LabelValue
from config.types.network import Port
from config.types.programs import EnvironmentVariable, Image
from config.types.quantities import Quantity
from config.types.references import EnvironmentRef, GeneratedSecretRef
from config.types.text import matching
from config.workloads.resources import Amounts, Resources
from config.workloads.workload import Served, Workload

NAMESPACE = "redis"
SENTINEL_PORT = 26379
SERVER = "redis"
"""The StatefulSet of the servers; the scripts call its pods redis-0 and so on."""

SENTINEL = "redis-sentinel"
"""The StatefulSet of the Sentinels, and the Service that leads to any of them."""

GROUP = "primary"
"""What clients ask the Sentinels for."""

MEMORY_PERCENT = 60
"""Of the memory limit for data: the rest is for the copy while a snapshot is written, buffers of replicas and clients.
https://redis.io/docs/latest/operate/oss_and_stack/management/admin/#memory"""

Parameters = Annotated[
    dict[
        Annotated[
            str,
            matching(
                r"[a-z]+(?:-[a-z0-9]+)*", "is not a directive of redis.conf; write it like hash-max-listpack-entries"
            ),
        ],
        ParameterValue,
    ],
    Override(
        "parameter",
        (
            Refused(("port", "bind*", "protected-mode", "unixsocket*", "tls-*"), "network policies rely on the port"),
            Refused(
                ("user", "requirepass", "masteruser", "masterauth", "aclfile", "acl-*", "rename-command"),
                "passwords and permissions come from `secret`",
            ),
            Refused(
                (
                    "replicaof",
                    "slaveof",
                    "replica-announce-*",
                    "min-replicas-*",
                    "cluster-*",
                    "replica-serve-stale-data",
                ),
                "the Sentinels decide which server is the primary",
            ),
            Refused(("maxmemory", "maxmemory-policy"), "use resources.limits.memory and eviction"),
            Refused(
                ("appendonly", "appendfsync", "save", "dir", "dbfilename", "append*"), "data would be lost at a restart"
            ),
            Refused(
                ("include", "loadmodule", "daemonize", "supervised", "logfile", "pidfile"), "the container relies on it"
            ),
        ),
    ),
]

Variables = Annotated[
    dict[EnvironmentVariable, str],
    Override(
        "environment variable",
        (
            Refused(
                (
                    "pod_*",
                    "own_port",
                    "server_port",
                    "servers",
                    "servers_domain",
                    "sentinel*",
                    "group",
                    "quorum",
                    "leave_seconds",
                    "caller_rights",
                ),
                "the start scripts rely on it",
            ),
            SECRETS,
        ),
    ),
]


class Redis(Workload):
    """Setting `workloads.redis`."""

    TITLE: ClassVar[str] = "Redis"

    secret: GeneratedSecretRef
    """The password of clients, of servers and Sentinels alike: a key of `secrets`, with `generate: true`."""

    image: Image = REDIS_IMAGE
    """Redis's own image, or one made from it."""

    replicas: int = Field(default=3, ge=3, le=9)
    """How many servers: one primary, and the others its replicas."""

    sentinels: int = Field(default=3, ge=3, le=9)
    """How many Sentinels; most of them have to agree on a new primary."""

    quorum: int | None = Field(default=None, ge=1, le=9)
    """How many Sentinels have to miss the primary; a majority when left out."""

    down_after_seconds: int = Field(default=10, ge=1, le=600)
    """How long a server does not answer before a Sentinel misses it."""

    port: Port = 6379
    """Of the servers. Sentinels listen on 26379."""

    storage: Quantity = "10Gi"
    """The volume of each server: twice the data, for the log of changes is written anew beside the old one."""

    eviction: Literal["noeviction", "allkeys-lru", "allkeys-lfu", "volatile-lru", "volatile-lfu", "volatile-ttl"] = (
        "noeviction"
    )
    """What happens when the memory is full: writes are refused, or keys go."""

    parameters: Parameters = {}
    """Directives of redis.conf on the servers, beside those that the platform sets
    (https://redis.io/docs/latest/operate/oss_and_stack/management/config/)."""

    environment: Variables = {}
    """Environment variables of the servers."""

    callers: tuple[EnvironmentRef, ...] = ()
    """The environments (keys of `environments`) that reach it; nobody else does."""

    resources: Resources = Resources(
        requests=Amounts(cpu="100m", memory="1Gi"),
        limits=Amounts(memory="1Gi"),
    )
    """CPU and memory of one server; 60 % of the memory limit is for data."""

    node_selector: dict[LabelKey, LabelValue] = {}
    """Labels of the nodes it may run on; any without taints when left out."""

    def own_namespace(self) -> str:
        """Return the namespace, which nobody chooses."""
        return NAMESPACE

    def serves(self) -> Iterator[Served]:
        """Yield servers and Sentinels, for the environments that call them."""
        yield Served((self.port, SENTINEL_PORT), environments=self.callers)

    def has_volumes(self) -> bool:
        """Return true: of each server and Sentinel."""
        return True

    def quorums(self) -> Mapping[str, int]:
        """Return its servers and Sentinels."""
        return {SERVER: self.replicas, SENTINEL: self.sentinels}

    def agreeing(self) -> int:
        """How many Sentinels have to miss the primary."""
        return self.quorum if self.quorum is not None else majority(self.sentinels)

    def memory_mib(self) -> int:
        """What data may take of one server's memory."""
        return amount(MEMORY, self.resources.limits.memory) * MEMORY_PERCENT // 100 // MIB


def majority(sentinels: int) -> int:
    """So many Sentinels are most of them."""
    return sentinels // 2 + 1


def sentinel_address() -> str:
    """Where any Sentinel answers inside the cluster."""
    return f"{SENTINEL}.{NAMESPACE}.svc.cluster.local:{SENTINEL_PORT}"
