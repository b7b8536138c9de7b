"""Redis: a primary, its replicas, and Sentinels, which promote a replica when the primary fails."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from catalog.quantities import MEMORY, MIB, amount
from catalog.versions import REDIS_IMAGE
from config.overrides import SECRETS, Override, ParameterValue, Program, Refused
from config.types.names import LabelKey, LabelValue
from config.types.network import Port
from config.types.programs import EnvironmentVariable, Image
from config.types.quantities import EbsSize, Quantity
from config.types.references import EnvironmentRef, GeneratedSecretRef
from config.types.text import matching
from config.workloads.resources import Amounts, Resources
from config.workloads.workload import Served, Workload

NAMESPACE = "redis"
SENTINEL_PORT = 26379
SERVER = "redis"
"""Name of the StatefulSet of the servers; scripts refer to its pods as redis-0 and so on."""

SENTINEL = "redis-sentinel"
"""Name of the StatefulSet and of the Service of the Sentinels."""

GROUP = "primary"
"""Name of the master group, which clients request from the Sentinels."""

MEMORY_PERCENT = 60
"""Percent of the memory limit for data; the rest is for copies during a snapshot, and buffers of replicas and clients.
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
            Refused(("port", "bind*", "protected-mode", "unixsocket*"), "network policies depend on the port"),
            Refused(("tls-*",), "use tls"),
            Refused(
                ("user", "requirepass", "masteruser", "masterauth", "aclfile", "acl-*", "rename-command"),
                "passwords and permissions are derived from `secret`",
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
            Refused(("maxmemory", "maxmemory-policy"), "use maxMemory and eviction"),
            Refused(("save", "append*"), "use persistence and synchronization"),
            Refused(("dir", "dbfilename"), "data would be lost at a restart"),
            Refused(
                ("include", "loadmodule", "daemonize", "supervised", "logfile", "pidfile"),
                "the container depends on it",
            ),
        ),
        Program("Redis", "redis", "which does not start with it"),
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
                    "tls_options",
                ),
                "the start scripts depend on it",
            ),
            SECRETS,
        ),
    ),
]


class Redis(Workload):
    """Setting `workloads.redis`."""

    TITLE: ClassVar[str] = "Redis"

    secret: GeneratedSecretRef
    """Secret (a key of `secrets` with `generate: true`) with the password of clients, servers and Sentinels."""

    image: Image = REDIS_IMAGE
    """Redis's image, or an image based on it."""

    replicas: int = Field(default=3, ge=3, le=9)
    """Number of servers: a primary and its replicas."""

    sentinels: int = Field(default=3, ge=3, le=9)
    """Number of Sentinels; a majority must agree on a failover."""

    quorum: int | None = Field(default=None, ge=1, le=9)
    """Number of Sentinels that must consider the primary down. Default: a majority."""

    down_after_seconds: int = Field(default=10, ge=1, le=600)
    """Seconds without a response after which a Sentinel considers a server down."""

    port: Port = 6379
    """Port of the servers; the port of Sentinels is 26379."""

    storage: EbsSize = "10Gi"
    """Size of the volume of each server: at least twice the data, because the append-only file is rewritten to a new
    file."""

    use: Literal["queue", "cache"] = "queue"
    """A queue, a session store or a database loses no keys; a cache can fill again. It decides the defaults of
    `eviction` and `persistence`."""

    eviction: Literal["noeviction", "allkeys-lru", "allkeys-lfu", "volatile-lru", "volatile-lfu", "volatile-ttl"] = (
        "noeviction"
    )
    """Eviction policy when the memory is full: writes are rejected (noeviction), or keys are evicted. Default:
    noeviction, or allkeys-lru for a cache."""

    persistence: Literal["appendonly", "snapshots", "none"] = "appendonly"
    """What is stored in the volume: each write, a snapshot after an hour with a change (five minutes with a hundred,
    one minute with ten thousand), or nothing. Only with `appendonly` does a primary whose container restarts keep its
    role; otherwise a replica takes over. Default: appendonly, or none for a cache."""

    synchronization: Literal["everysec", "always"] = "everysec"
    """When the append-only file is synchronized to disk: each second, or before the response to each write."""

    max_memory: Quantity | None = None
    """Memory for data of a server. Default: 60 % of the memory limit."""

    tls: bool | None = None
    """Whether servers, Sentinels and clients connect with TLS only (`rediss://`). Default: `tls.stores`. A change
    interrupts a running Redis until all its pods have restarted."""

    parameters: Parameters = {}
    """Directives of redis.conf on the servers, in addition to those that the platform sets
    (https://redis.io/docs/latest/operate/oss_and_stack/management/config/)."""

    environment: Variables = {}
    """Environment variables of the servers."""

    environments: tuple[EnvironmentRef, ...] = ()
    """Environments (keys of `environments`) whose pods can connect; no others can."""

    resources: Resources = Resources(
        requests=Amounts(cpu="100m", memory="1Gi"),
        limits=Amounts(memory="1Gi"),
    )
    """CPU and memory of a server; `max_memory` of the memory limit is for data."""

    node_selector: dict[LabelKey, LabelValue] = {}
    """Node labels that its pods require. Default: any node without taints."""

    @model_validator(mode="after")
    def _by_use(self) -> Self:
        if self.use == "cache" and "eviction" not in self.model_fields_set:
            self.follow(eviction="allkeys-lru")
        if self.use == "cache" and "persistence" not in self.model_fields_set:
            self.follow(persistence="none")
        return self

    def own_namespace(self) -> str:
        """Return the namespace, which is fixed."""
        return NAMESPACE

    def serves(self) -> Iterator[Served]:
        """Yield the ports of servers and Sentinels, for the environments in `environments`."""
        yield Served((self.port, SENTINEL_PORT), environments=self.environments)

    def has_volumes(self) -> bool:
        """Return True: servers and Sentinels have volumes."""
        return True

    def client_variables(self) -> dict[str, str]:
        """Return the variables of clients in environments that connect with TLS."""
        return {"REDIS_TLS": "true"} if self.tls else {}

    def quorums(self) -> Mapping[str, int]:
        """Return the number of servers and Sentinels."""
        return {SERVER: self.replicas, SENTINEL: self.sentinels}

    def agreeing(self) -> int:
        """Return the quorum, set or default."""
        return self.quorum if self.quorum is not None else majority(self.sentinels)

    def memory_mib(self) -> int:
        """Return the memory for data of a server in MiB."""
        if self.max_memory is not None:
            return amount(MEMORY, self.max_memory) // MIB
        return amount(MEMORY, self.resources.limits.memory) * MEMORY_PERCENT // 100 // MIB


def majority(sentinels: int) -> int:
    """Return the number of Sentinels that is a majority."""
    return sentinels // 2 + 1


def sentinel_address() -> str:
    """Return host and port of the Sentinels inside the cluster."""
    return f"{SENTINEL}.{NAMESPACE}.svc.cluster.local:{SENTINEL_PORT}"
