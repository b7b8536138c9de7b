"""Kafka: brokers, and a quorum of KRaft controllers or ZooKeeper."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from catalog.reading.model import Model
from catalog.versions import KAFKA_IMAGE, KAFKA_WITH_ZOOKEEPER_IMAGE, ZOOKEEPER_IMAGE
from config.nodes import Nodes
from config.overrides import SECRETS, Override, ParameterValue, Program, Refused
from config.types.names import LabelKey, LabelValue
from config.types.network import Port
from config.types.programs import EnvironmentVariable, Image
from config.types.quantities import EbsSize
from config.types.references import EnvironmentRef, GeneratedSecretRef, InstanceRef
from config.types.text import matching
from config.workloads.resources import Amounts, Resources
from config.workloads.workload import Need, Served, Workload

NAMESPACE = "kafka"
BROKERS, ZOOKEEPERS, CONTROLLERS = "kafka", "zookeeper", "controller"
"""Names of the StatefulSets: their pods are named kafka-0, kafka-1 and so on."""

BROKER_PODS, ZOOKEEPER_PODS, CONTROLLER_PODS = "kafka-brokers", "zookeeper-servers", "kafka-controllers"
"""Names of the headless Services, in which each pod has a DNS name."""

BOOTSTRAP = "kafka-bootstrap"
"""Name of the bootstrap Service. Not `kafka`: Kubernetes would set the environment variable KAFKA_PORT in pods, with
which the image's start script exits with `port is deprecated`."""

PORT = 9092
"""Port of brokers for each other and for clients in the cluster."""

CONTROLLER_PORT = 9093
ZOOKEEPER_PORT = 2181
ZOOKEEPER_PEER_PORTS = (2888, 3888)
OUTSIDE_POD_PORT = 9094
"""Port of brokers for clients outside the cluster, independent of the load balancer's ports."""

MESSAGE_BYTES = 1_048_588
"""Kafka's default of `message.max.bytes`: https://kafka.apache.org/documentation/#brokerconfigs_message.max.bytes"""

FETCH_BYTES = {
    "replica.fetch.max.bytes": 1_048_576,
    "replica.fetch.response.max.bytes": 10_485_760,
    "fetch.max.bytes": 57_671_680,
}
"""Defaults of what replicas and consumers fetch at once: a larger message would slow every partition down to one batch
a request. https://kafka.apache.org/documentation/#brokerconfigs"""

MOST_MESSAGE_BYTES = 90 * 1024**2
"""Below the largest request of a broker, 100 MiB:
https://kafka.apache.org/documentation/#brokerconfigs_socket.request.max.bytes"""

SEGMENT_BYTES = 1024**3
SEGMENT_PARAMETER = "log.segment.bytes"
"""Kafka deletes whole segments, and never the one that it writes to, so that each partition has one above its
retention: https://kafka.apache.org/documentation/#brokerconfigs_log.segment.bytes"""

Parameters = Annotated[
    dict[
        Annotated[
            str, matching(r"[a-z]+(?:\.[a-z0-9]+)*", "is not a broker property; write it like log.segment.bytes")
        ],
        ParameterValue,
    ],
    Override(
        "parameter",
        (
            Refused(
                ("listener*", "advertised.*", "inter.broker.*", "port", "host.name", "control.plane.*"),
                "network policies and the load balancer depend on the listeners",
            ),
            Refused(
                ("broker.id*", "node.id", "process.roles", "controller.*", "zookeeper.*", "cluster.*", "broker.rack"),
                "the platform forms the cluster",
            ),
            Refused(("log.dir", "log.dirs", "metadata.log.dir"), "topics are stored in the broker's volume"),
            Refused(
                ("sasl.*", "ssl.*", "security.*", "authorizer.*", "super.users", "principal.*"),
                "use loadBalancer.users and tls",
            ),
            Refused(
                ("default.replication.factor", "offsets.topic.replication.factor", "transaction.state.log.*"),
                "use replication and minInSyncReplicas",
            ),
            Refused(("min.insync.replicas", "unclean.leader.election.enable"), "use minInSyncReplicas"),
            Refused(("num.partitions",), "use partitions"),
            Refused(("log.retention.hours", "log.retention.minutes", "log.retention.ms"), "use retentionHours"),
            Refused(("log.retention.bytes",), "use retentionBytes"),
            Refused(
                ("message.max.bytes", *FETCH_BYTES, "socket.request.max.bytes"),
                "use maxMessageBytes, by which brokers and replicas agree",
            ),
            Refused(("auto.create.topics.enable",), "use autoCreateTopics"),
            SECRETS,
        ),
        Program("Kafka 4.2", "kafka", "which ignores it", others=("confluent.*",)),
        # The brokers with ZooKeeper are Kafka 3.9, with properties of their own.
        chooses=("controllers", {"zookeeper": None}),
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
        "is not a user name; write 1-40 lower-case letters, digits and hyphens, beginning with a letter",
    ),
]


TopicName = Annotated[
    str,
    matching(
        r"(?!__)[A-Za-z0-9._-]{1,249}",
        "is not a topic; write 1-249 letters, digits, dots, underscores and hyphens, and no two underscores first",
    ),
]
MessageBytes = Annotated[int, Field(ge=1024, le=MOST_MESSAGE_BYTES)]
RetentionBytes = Annotated[int, Field(ge=1024**2, le=2**50)]
RetentionHours = Annotated[int, Field(ge=1, le=87600)]

ZONE_LABELS = (1, 35)
"""Kubernetes version that copies the zone of a node to the labels of its pods."""


class User(Model):
    """An entry of `workloads.kafka.loadBalancer.users`: a SASL user."""

    secret: GeneratedSecretRef
    """A key of `secrets` with `generate: true` for the password; containers of clients refer to it, too."""


class KafkaLoadBalancer(Model):
    """An internal Network Load Balancer for clients outside the cluster: a bootstrap port, and a port for each
    broker."""

    port: Port = 9094
    """Bootstrap port: any broker answers with the ports of all brokers."""

    first_broker_port: Port | None = None
    """Port of broker 0; those of the others follow. Default: the port after `port`."""

    instances: tuple[InstanceRef, ...] = Field(min_length=1)
    """Instances (keys of `instances`) that can connect; no others can."""

    users: dict[KafkaUser, User] = {}
    """Users by name, authenticated by SCRAM-SHA-512. Without users there is no authentication, and only security groups
    restrict access."""

    def broker_port(self, number: int) -> int:
        """Return the load balancer's port of a broker by its number, from 0."""
        return (self.first_broker_port or self.port + 1) + number


class Topic(Model):
    """An entry of `workloads.kafka.topics`. A setting that is left out is that of `workloads.kafka`."""

    partitions: int | None = Field(default=None, ge=1, le=1000)
    """Partitions. They can be increased, which moves keys to other partitions; Kafka cannot decrease them."""

    replication: int | None = Field(default=None, ge=1, le=50)
    """Replication factor of a new topic."""

    retention_hours: RetentionHours | None = None
    """Retention of messages in hours."""

    retention_bytes: RetentionBytes | None = None
    """Retention of each partition in bytes."""

    max_message_bytes: MessageBytes | None = None
    """Maximum size of a message, or of a compressed batch of messages, in bytes."""


class Kafka(Workload):
    """Setting `workloads.kafka`."""

    TITLE: ClassVar[str] = "Kafka"
    HAS_SECRETS: ClassVar[bool] = False

    brokers: int = Field(default=3, ge=1, le=50)
    """Number of brokers."""

    controllers: Literal["kraft", "zookeeper"] = "kraft"
    """Metadata quorum: KRaft controllers, or a ZooKeeper ensemble, which Kafka 4 does not support. Do not change it for
    an existing cluster: its topics would be lost."""

    quorum: int = Field(default=3, ge=1, le=7)
    """Number of controllers or ZooKeeper servers: odd, of which less than half can fail."""

    image: Image | None = None
    """Confluent's cp-kafka, or an image based on it. Default: Kafka 4, or Kafka 3.9 with ZooKeeper."""

    zookeeper_image: Image = ZOOKEEPER_IMAGE
    """Confluent's cp-zookeeper, or an image based on it."""

    storage: EbsSize = "50Gi"
    """Size of the encrypted gp3 volume of each broker."""

    quorum_storage: EbsSize = "10Gi"
    """Size of the volume of each controller or ZooKeeper server."""

    replication: int = Field(default=3, ge=1, le=50)
    """Default replication factor of topics. Default: 3, or the number of brokers if there are fewer."""

    min_in_sync_replicas: int = Field(default=2, ge=1, le=50)
    """Minimum in-sync replicas of a write with acks=all. Default: 2, or one less than `replication`. With 2 of 3, one
    broker can fail without data loss."""

    partitions: int = Field(default=3, ge=1, le=1000)
    """Default partitions of topics."""

    retention_hours: RetentionHours = 168
    """Retention of messages in hours. The volumes must have room for what is written in this time."""

    retention_bytes: RetentionBytes | None = None
    """Retention of each partition in bytes, whatever is reached first. Default: no limit, so that the volumes must have
    room for what is written in `retention_hours`."""

    max_message_bytes: MessageBytes = MESSAGE_BYTES
    """Maximum size of a message, or of a compressed batch of messages, in bytes; replicas fetch as much. Producers set
    `max.request.size` to the same, and consumers `max.partition.fetch.bytes` to as much or more."""

    topics: dict[TopicName, Topic] = {}
    """Topics by name, which a Job creates, and whose settings it keeps. Topics that are left out remain."""

    auto_create_topics: bool = True
    """Whether brokers create a topic when a client uses it, which is Kafka's default; a mistyped name creates one,
    too."""

    tls: bool | None = None
    """Whether brokers, KRaft controllers and clients inside and outside the cluster connect with TLS only: SSL, and
    SASL_SSL for `loadBalancer.users`. Default: `tls.stores`. A change interrupts a running cluster until all its pods
    have restarted."""

    parameters: Parameters = {}
    """Properties of the brokers, such as `log.segment.bytes`, in addition to those that the platform sets
    (https://kafka.apache.org/documentation/#brokerconfigs)."""

    environment: Variables = {}
    """Environment variables of the brokers, such as KAFKA_OPTS and KAFKA_JVM_PERFORMANCE_OPTS."""

    environments: tuple[EnvironmentRef, ...] = ()
    """Environments (keys of `environments`) whose pods can connect to the brokers."""

    load_balancer: KafkaLoadBalancer | None = None
    """Load balancer for instances outside the cluster; none by default."""

    resources: Resources = Resources(requests=Amounts(cpu="500m", memory="2Gi"), limits=Amounts(memory="2Gi"))
    """CPU and memory of a broker; half of the memory is the Java heap, the rest is for the page cache."""

    quorum_resources: Resources = Resources(
        requests=Amounts(cpu="100m", memory="768Mi"), limits=Amounts(memory="768Mi")
    )
    """CPU and memory of a controller or ZooKeeper server."""

    node_selector: dict[LabelKey, LabelValue] = {}
    """Node labels that the pods require. Default: any node without taints."""

    @model_validator(mode="after")
    def _copies_on_brokers(self) -> Self:
        if "replication" not in self.model_fields_set:
            self.follow(replication=min(self.replication, self.brokers))
        if "min_in_sync_replicas" not in self.model_fields_set:
            self.follow(min_in_sync_replicas=max(1, min(self.min_in_sync_replicas, self.replication - 1)))
        return self

    def own_namespace(self) -> str:
        """Return the namespace, which is fixed."""
        return NAMESPACE

    def serves(self) -> Iterator[Served]:
        """Yield the port of brokers, for the environments in `environments`."""
        yield Served((PORT,), environments=self.environments)

    def has_volumes(self) -> bool:
        """Return True: brokers and controllers have volumes."""
        return True

    def needs(self, nodes: Mapping[str, Nodes]) -> Iterator[Need]:
        """Yield required add-ons, with those of the load balancer."""
        yield from super().needs(nodes)
        if self.tls:
            yield Need("externalSecrets", "copies the key of its certificate to the cluster", ("tls",))
        if self.load_balancer is not None:
            here = ("loadBalancer",)
            yield Need("loadBalancerController", "registers Kafka's brokers with their load balancer", here)
            if self.load_balancer.users:
                yield Need("externalSecrets", "copies the users' passwords to the cluster", (*here, "users"))

    def quorums(self) -> Mapping[str, int]:
        """Return the number of brokers, and of controllers or ZooKeeper servers."""
        return {BROKERS: self.brokers, ZOOKEEPERS if self.controllers == "zookeeper" else CONTROLLERS: self.quorum}

    def client_variables(self) -> dict[str, str]:
        """Return the variables of clients in environments that connect with TLS."""
        return {"KAFKA_SECURITY_PROTOCOL": "SSL"} if self.tls else {}

    def topic_partitions(self, topic: Topic) -> int:
        """Return the partitions of a topic, its own or the default."""
        return topic.partitions or self.partitions

    def topic_replication(self, topic: Topic) -> int:
        """Return the replication factor of a topic, its own or the default."""
        return topic.replication or self.replication

    def topic_bytes(self, topic: Topic) -> int | None:
        """Return the retention of a partition in bytes, its own or the default; None without a limit."""
        return topic.retention_bytes if topic.retention_bytes is not None else self.retention_bytes

    def largest_message(self) -> int:
        """Return the maximum size of a message of any topic in bytes, which brokers fetch from each other."""
        return max(self.max_message_bytes, *(topic.max_message_bytes or 0 for topic in self.topics.values()), 0)

    def broker_image(self) -> str:
        """Return the image of brokers and KRaft controllers."""
        return self.image or (KAFKA_WITH_ZOOKEEPER_IMAGE if self.controllers == "zookeeper" else KAFKA_IMAGE)


def knows_zones(kubernetes_version: str) -> bool:
    """Return whether pods have the label of their zone, from which a broker takes its rack.

    https://www.kubernetes.dev/resources/keps/4742/
    """
    return tuple(map(int, kubernetes_version.split("."))) >= ZONE_LABELS


def internal_servers() -> str:
    """Return `bootstrap.servers` of clients in the cluster."""
    return f"{BOOTSTRAP}.{NAMESPACE}.svc.cluster.local:{PORT}"


def outside_host(private_domain: str) -> str:
    """Return the load balancer's host name in the private hosted zone."""
    return f"{NAMESPACE}.{private_domain}"
