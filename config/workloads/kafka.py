"""Kafka: brokers that keep topics, and the nodes that agree on who leads them."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from catalog.reading.model import Model
from catalog.versions import KAFKA_IMAGE, KAFKA_WITH_ZOOKEEPER_IMAGE, ZOOKEEPER_IMAGE
from config.nodes import Nodes
from config.overrides import SECRETS, Override, ParameterValue, Refused
from config.types.names import LabelKey, LabelValue
from config.types.network import Port
from config.types.programs import EnvironmentVariable, Image
from config.types.quantities import Quantity
from config.types.references import EnvironmentRef, GeneratedSecretRef, InstanceRef
from config.types.text import matching
from config.workloads.resources import Amounts, Resources
from config.workloads.workload import Need, Served, Workload

NAMESPACE = "kafka"
BROKERS, ZOOKEEPERS, CONTROLLERS = "kafka", "zookeeper", "controller"
"""The StatefulSets: their pods are called kafka-0, kafka-1 and so on."""

BROKER_PODS, ZOOKEEPER_PODS, CONTROLLER_PODS = "kafka-brokers", "zookeeper-servers", "kafka-controllers"
"""The headless Services, in which each pod has a name."""

BOOTSTRAP = "kafka-bootstrap"
"""The Service where clients of the cluster begin. Never `kafka`: Kubernetes would tell pods a KAFKA_PORT, which ends
the image's start script with `port is deprecated`."""

PORT = 9092
"""Where brokers answer each other and the clients of the cluster."""

CONTROLLER_PORT = 9093
ZOOKEEPER_PORT = 2181
ZOOKEEPER_PEER_PORTS = (2888, 3888)
OUTSIDE_POD_PORT = 9094
"""Where brokers answer those outside of the cluster, whatever the load balancer's ports are."""

Parameters = Annotated[
    dict[
        Annotated[
            str, matching(r"[a-z]+(?:\.[a-z0-9]+)*", "is not a property of a broker; write it like message.max.bytes")
        ],
        ParameterValue,
    ],
    Override(
        "parameter",
        (
            Refused(
                ("listener*", "advertised.*", "inter.broker.*", "port", "host.name", "control.plane.*"),
                "network policies and the load balancer rely on the listeners",
            ),
            Refused(
                ("broker.id*", "node.id", "process.roles", "controller.*", "zookeeper.*", "cluster.*", "broker.rack"),
                "the platform forms the cluster",
            ),
            Refused(("log.dir", "log.dirs", "metadata.log.dir"), "topics are stored in the broker's volume"),
            Refused(
                ("sasl.*", "ssl.*", "security.*", "authorizer.*", "super.users", "principal.*"),
                "use loadBalancer.users",
            ),
            Refused(
                ("default.replication.factor", "offsets.topic.replication.factor", "transaction.state.log.*"),
                "use replication and minInSyncReplicas",
            ),
            Refused(("min.insync.replicas", "unclean.leader.election.enable"), "use minInSyncReplicas"),
            Refused(("num.partitions",), "use partitions"),
            Refused(("log.retention.hours",), "use retentionHours"),
            Refused(("auto.create.topics.enable",), "use autoCreateTopics"),
            SECRETS,
        ),
    ),
]

Variables = Annotated[
    dict[EnvironmentVariable, str],
    Override(
        "environment variable",
        (
            Refused(("kafka_heap_opts",), "Java's memory is half of resources.limits.memory"),
            Refused(("kafka_[!ojp]*", "kafka_process_*", "kafka_o[!p]*", "kafka_principal*"), "use parameters"),
            Refused(
                ("cluster_id", "peers", "outside", "first_*", "pod_*", "zookeeper_*"), "the platform forms the cluster"
            ),
            SECRETS,
        ),
    ),
]

KafkaUser = Annotated[
    str,
    matching(
        r"[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?",
        "is no name of a user; write 1-40 lower-case letters, digits and hyphens, beginning with a letter",
    ),
]


class User(Model):
    """Named in `workloads.kafka.loadBalancer.users`: who logs in from outside."""

    secret: GeneratedSecretRef
    """The key of `secrets` with the password, which has `generate: true`; the clients' containers name it too."""


class KafkaLoadBalancer(Model):
    """An internal network load balancer for clients beside the cluster: one port to begin at, and one a broker."""

    port: Port = 9094
    """Where clients begin: any broker answers, and tells them the ports of all."""

    first_broker_port: Port | None = None
    """The port of broker 0; those of the others follow. The one after `port` when left out."""

    instances: tuple[InstanceRef, ...] = Field(min_length=1)
    """The instances (keys of `instances`) that get through. Nobody else does."""

    users: dict[KafkaUser, User] = {}
    """Who logs in there, by SCRAM-SHA-512. Without one nobody is asked, and the security groups are all that keeps
    others out."""

    def broker_port(self, number: int) -> int:
        """The port that leads to one broker, counted from 0."""
        return (self.first_broker_port or self.port + 1) + number


class Kafka(Workload):
    """Setting `workloads.kafka`."""

    TITLE: ClassVar[str] = "Kafka"
    HAS_SECRETS: ClassVar[bool] = False

    brokers: int = Field(default=3, ge=1, le=50)
    """How many brokers."""

    controllers: Literal["kraft", "zookeeper"] = "kraft"
    """Who agrees on the leaders of topics: Kafka's own controllers, or a ZooKeeper ensemble, which Kafka 4 has no more.
    A cluster never changes from one to the other by this setting: its topics would be gone."""

    quorum: int = Field(default=3, ge=1, le=7)
    """How many of these: an odd number, of which less than half may fail."""

    image: Image | None = None
    """Confluent's cp-kafka, or one made from it: of Kafka 4, or with ZooKeeper of Kafka 3.9, when left out."""

    zookeeper_image: Image = ZOOKEEPER_IMAGE
    """Confluent's cp-zookeeper, or one made from it."""

    storage: Quantity = "50Gi"
    """The encrypted gp3 volume of each broker."""

    quorum_storage: Quantity = "10Gi"
    """The volume of each controller or ZooKeeper."""

    replication: int = Field(default=3, ge=1, le=50)
    """How many brokers keep each topic, where it says nothing else."""

    min_in_sync_replicas: int = Field(default=2, ge=1, le=50)
    """How many of them must have what is written with acks=all. With 2 of 3 a broker may fail, and nothing is lost."""

    partitions: int = Field(default=3, ge=1, le=1000)
    """Of a topic that says nothing else."""

    retention_hours: int = Field(default=168, ge=1, le=87600)
    """How long messages stay. Nothing else frees the volumes: the rate of writing times this must fit them."""

    auto_create_topics: bool = True
    """Makes a topic when somebody asks for it, as Kafka does by itself; a mistyped name makes one, too."""

    parameters: Parameters = {}
    """Properties of the brokers, such as `message.max.bytes`, beside those that the platform sets
    (https://kafka.apache.org/documentation/#brokerconfigs)."""

    environment: Variables = {}
    """Environment variables of the brokers, such as KAFKA_OPTS and KAFKA_JVM_PERFORMANCE_OPTS."""

    callers: tuple[EnvironmentRef, ...] = ()
    """The environments whose pods reach the brokers."""

    load_balancer: KafkaLoadBalancer | None = None
    """The way in for instances beside the cluster; none when left out."""

    resources: Resources = Resources(requests=Amounts(cpu="500m", memory="2Gi"), limits=Amounts(memory="2Gi"))
    """CPU and memory of a broker; half of its memory is Java's heap, the rest is left to the files' cache."""

    quorum_resources: Resources = Resources(
        requests=Amounts(cpu="100m", memory="768Mi"), limits=Amounts(memory="768Mi")
    )
    """CPU and memory of a controller or ZooKeeper."""

    node_selector: dict[LabelKey, LabelValue] = {}
    """Labels of the nodes they may run on; any without taints when left out."""

    def own_namespace(self) -> str:
        """Return the namespace, which nobody chooses."""
        return NAMESPACE

    def serves(self) -> Iterator[Served]:
        """Yield the brokers, for the environments that call them."""
        yield Served((PORT,), environments=self.callers)

    def has_volumes(self) -> bool:
        """Return true: for topics, and for who leads them."""
        return True

    def needs(self, nodes: Mapping[str, Nodes]) -> Iterator[Need]:
        """Yield what the load balancer needs beside the rest."""
        yield from super().needs(nodes)
        if self.load_balancer is not None:
            here = ("loadBalancer",)
            yield Need("loadBalancerController", "connects Kafka's brokers with their load balancer", here)
            if self.load_balancer.users:
                yield Need("externalSecrets", "brings the users' passwords to Kafka", (*here, "users"))

    def quorums(self) -> Mapping[str, int]:
        """Return its brokers, and who decides which of them leads."""
        return {BROKERS: self.brokers, ZOOKEEPERS if self.controllers == "zookeeper" else CONTROLLERS: self.quorum}

    def broker_image(self) -> str:
        """The image of brokers, and of Kafka's own controllers."""
        return self.image or (KAFKA_WITH_ZOOKEEPER_IMAGE if self.controllers == "zookeeper" else KAFKA_IMAGE)


def internal_servers() -> str:
    """Where clients inside the cluster begin, as `bootstrap.servers` wants it."""
    return f"{BOOTSTRAP}.{NAMESPACE}.svc.cluster.local:{PORT}"


def outside_host(private_domain: str) -> str:
    """The load balancer's name in the private zone."""
    return f"{NAMESPACE}.{private_domain}"
