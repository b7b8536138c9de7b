"""Kafka as rendered, with its own controllers and with ZooKeeper: three real brokers, both listeners."""

import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from catalog.versions import KAFKA_IMAGE, KAFKA_WITH_ZOOKEEPER_IMAGE, ZOOKEEPER_IMAGE
from tests.parts import kafka
from tests.parts.counts import proven
from tests.running.brokers import ZONES, Cluster, cluster
from tests.running.pods import stack

CONFLUENT_AHEAD = 4
"""https://docs.confluent.io/platform/current/installation/versions-interoperability.html"""

INSIDE = "kafka-bootstrap.kafka.svc.cluster.local:9092"
PRODUCER = {kafka.WITH_ZOOKEEPER: "kafka.tools.ConsoleProducer", kafka.ALONE: "org.apache.kafka.tools.ConsoleProducer"}
CONFIGURED = {kafka.WITH_ZOOKEEPER: ("--producer.config", "--consumer.config"), kafka.ALONE: ("--command-config",) * 2}
CONSUMER = "org.apache.kafka.tools.consumer.ConsoleConsumer"
TOPICS = "org.apache.kafka.tools.TopicCommand"


class Clients:
    """Kafka's own clients, inside of the cluster and outside of it."""

    def __init__(self, kafka_cluster: Cluster, version: str, outside: str) -> None:
        self.cluster = kafka_cluster
        self.version = version
        self.outside = outside
        self.login: tuple[str, str] | None = None
        self.trusted = True
        """Whether clients have the certificate of the stores' authority."""

        self.printed = ""
        """Output of the last producer."""

        self._groups = itertools.count()

    def _where(self, *, inside: bool) -> tuple[str, Mapping[str, str] | None]:
        # A client outside finds the name of the load balancer and no other.
        return (INSIDE, None) if inside else (self.outside, self.cluster.outside)

    def options(self, *, inside: bool, **more: str) -> str:
        """Write a file of properties and return its path."""
        lines = {
            # Fail within the test's patience.
            "default.api.timeout.ms": "30000",
            "request.timeout.ms": "10000",
            **(dict(line.split("=", 1) for line in self.cluster.client().splitlines()) if self.trusted else {}),
            **more,
        }
        if not inside and self.login is not None:
            user, password = self.login
            lines |= {
                "security.protocol": "SASL_SSL",
                "sasl.mechanism": "SCRAM-SHA-512",
                "sasl.jaas.config": "org.apache.kafka.common.security.scram.ScramLoginModule required "
                f'username="{user}" password="{password}";',
            }
        file = self.cluster.folder / f"client-{next(self._groups)}.properties"
        file.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
        return str(file)

    def produce(self, topic: str, *messages: str, inside: bool, size: int = 1048576) -> bool:
        """Write with acks=all, to the partitions in turn; whether all brokers that have to had it."""
        servers, hosts = self._where(inside=inside)
        patience = {"max.block.ms": "20000", "delivery.timeout.ms": "25000", "linger.ms": "0"}
        turns = {"partitioner.class": "org.apache.kafka.clients.producer.RoundRobinPartitioner"}
        options = self.options(inside=inside, acks="all", **patience, **turns, **{"max.request.size": str(size)})
        done = self.cluster.tool(
            PRODUCER[self.version],
            *("--bootstrap-server", servers, "--topic", topic, CONFIGURED[self.version][0], options, "--sync"),
            hosts=hosts,
            given="".join(f"{message}\n" for message in messages),
        )
        self.printed = done.stdout + done.stderr
        failed = done.returncode != 0 or "ERROR" in done.stderr or "Exception" in done.stderr + done.stdout
        if not failed:
            proven("messages that three brokers took", len(messages))
        return not failed

    def consume(self, topic: str, count: int, *, inside: bool, seconds: int = 60) -> set[str]:
        """Read so many messages from the beginning, or those that come in time, by a group of its own."""
        servers, hosts = self._where(inside=inside)
        options = self.options(inside=inside)
        done = self.cluster.tool(
            CONSUMER,
            *(
                "--bootstrap-server",
                servers,
                "--topic",
                topic,
                CONFIGURED[self.version][1],
                options,
                "--from-beginning",
            ),
            *(
                "--group",
                f"group-{next(self._groups)}",
                "--max-messages",
                str(count),
                "--timeout-ms",
                str(seconds * 1000),
            ),
            hosts=hosts,
        )
        found = set(done.stdout.split())
        proven("messages read by either listener", len(found))
        return found

    def topics(self, *arguments: str) -> str:
        """Ask about topics."""
        options = self.options(inside=True)
        done = self.cluster.tool(TOPICS, "--bootstrap-server", INSIDE, "--command-config", options, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def make(self, topic: str) -> None:
        """Make a topic as the settings say that one is."""
        self.topics("--create", "--topic", topic)


@pytest.fixture(scope="module")
def ensemble(kafka_jars: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clients]:
    """Kafka with ZooKeeper, without a login."""
    folder = tmp_path_factory.mktemp("ensemble")
    with cluster(stack("zookeeper"), kafka_jars[kafka.WITH_ZOOKEEPER], folder) as made:
        yield Clients(made, kafka.WITH_ZOOKEEPER, "kafka.ensemble.internal:9094")


@pytest.fixture(scope="module")
def streams(kafka_jars: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clients]:
    """Kafka alone, with logins."""
    with cluster(stack("streams"), kafka_jars[kafka.ALONE], tmp_path_factory.mktemp("streams")) as made:
        clients = Clients(made, kafka.ALONE, "kafka.streams.internal:9094")
        assert made.job("kafka-users").splitlines() == ["predictor: password set", "trainer: password set"]
        clients.login = ("predictor", password(clients, "predictor"))
        yield clients


def password(clients: Clients, user: str) -> str:
    """The one that the secret of the stack file has, which the server beside the cluster reads too."""
    vault = clients.cluster.stack.vault
    (found,) = {value for (key, _), value in vault.values.items() if f":secret:streams/kafka-{user}-" in key}
    return found


@pytest.fixture
def both(request: pytest.FixtureRequest) -> Clients:
    """Either cluster."""
    found: Clients = request.getfixturevalue(request.param)
    return found


EITHER = pytest.mark.parametrize("both", ["ensemble", "streams"], indirect=True)


def until(check: Callable[[], bool], what: str, *, seconds: float = 60) -> None:
    """Return once the check holds."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, what
        time.sleep(0.5)


def test_parts_have_the_versions_of_the_stacks() -> None:
    for image, version in ((KAFKA_WITH_ZOOKEEPER_IMAGE, kafka.WITH_ZOOKEEPER), (KAFKA_IMAGE, kafka.ALONE)):
        major, minor, _ = map(int, image.rpartition(":")[2].split("."))
        assert f"{major - CONFLUENT_AHEAD}.{minor}" == version
        assert kafka.release(version).startswith(f"{version}.")
    assert KAFKA_WITH_ZOOKEEPER_IMAGE.rpartition(":")[2] == ZOOKEEPER_IMAGE.rpartition(":")[2]


@EITHER
def test_topic_has_three_replicas_and_two_in_sync(both: Clients) -> None:
    both.make("orders")
    told = both.topics("--describe", "--topic", "orders")
    partitions = [line for line in told.splitlines() if "Partition: " in line]
    settings = both.cluster.stack.recording.settings.workloads.kafka
    assert settings is not None
    assert len(partitions) == settings.partitions
    for line in partitions:
        replicas = line.partition("Replicas: ")[2].split()[0].split(",")
        assert {int(broker) % ZONES for broker in replicas} == {0, 1, 2}, "each replica is in another zone"
    assert "min.insync.replicas=2" in told


@EITHER
def test_record_written_to_one_listener_is_read_from_the_other(both: Clients) -> None:
    both.make("ways")
    assert both.produce("ways", "from-inside", inside=True)
    assert both.produce("ways", "from-outside", inside=False)
    assert both.consume("ways", 2, inside=False) == {"from-inside", "from-outside"}
    assert both.consume("ways", 2, inside=True) == {"from-inside", "from-outside"}


@EITHER
def test_external_clients_reach_each_broker_by_its_own_port(both: Clients) -> None:
    made = both.cluster
    (address,) = made.outside.values()
    ports = {port: one for (where, port), one in made.forwarders.items() if where == address}
    brokers = made.sets["kafka"].inputs["spec"]["replicas"]
    assert {9095 + number: [made.pods[f"kafka-{number}"][1]] for number in range(brokers)} == {
        port: [where for where, _ in one.targets] for port, one in ports.items() if port != 9094
    }
    both.make("spread")
    # To each partition, and so to each leader.
    assert both.produce("spread", *(f"message-{number}" for number in range(12)), inside=False)
    assert len(both.consume("spread", 12, inside=False)) == 12
    assert all(one.taken for one in ports.values()), {port: one.taken for port, one in ports.items()}
    proven("ports of the load balancer that clients used", len(ports))


def test_external_client_without_the_password_is_refused(streams: Clients) -> None:
    streams.make("closed")
    good = streams.login
    try:
        for login in (("predictor", "wrong"), ("nobody", "wrong"), None):
            streams.login = login
            assert not streams.produce("closed", "intruder", inside=False)
        streams.login = ("trainer", password(streams, "trainer"))
        assert streams.produce("closed", "trained", inside=False)
    finally:
        streams.login = good
    assert streams.consume("closed", 1, inside=True) == {"trained"}


def test_user_removed_from_the_stack_file_is_refused(streams: Clients) -> None:
    options = streams.options(inside=True)
    tool = ("kafka.admin.ConfigCommand", "--bootstrap-server", INSIDE, "--command-config", options)
    tool = (*tool, "--entity-type", "users")
    former = "SCRAM-SHA-512=[iterations=8192,password=known]"
    added = streams.cluster.tool(*tool, "--alter", "--entity-name", "former", "--add-config", former)
    assert added.returncode == 0, added.stderr
    assert streams.cluster.job("kafka-users").splitlines() == [
        "predictor: password set",
        "trainer: password set",
        "former: login taken",
    ]
    told = streams.cluster.tool(*tool, "--describe").stdout
    assert "'predictor'" in told
    assert "'former'" not in told


def test_missing_topic_is_created_only_where_settings_allow_it(ensemble: Clients, streams: Clients) -> None:
    assert ensemble.produce("ordres", "lost", inside=True)
    assert not streams.produce("ordres", "lost", inside=True)


def test_zookeeper_is_ready_with_a_majority(ensemble: Clients) -> None:
    made = ensemble.cluster
    made.kill("zookeeper-0")
    assert not made.ready("zookeeper-0")
    until(lambda: made.ready("zookeeper-1") and made.ready("zookeeper-2"), "two of three are most")
    made.kill("zookeeper-1")
    until(lambda: not made.ready("zookeeper-2"), "one of three accepts connections and serves nobody")
    made.start("zookeeper-0")
    made.wait("zookeeper-0")
    made.start("zookeeper-1")
    made.wait("zookeeper-1")
    proven("ensembles that lost most of their members and came back")
    assert ensemble.produce("ways", "after-the-ensemble-was-gone", inside=True)


@EITHER
def test_one_lost_zone_keeps_both_listeners_and_two_refuse_writes(
    both: Clients,
) -> None:
    made = both.cluster
    both.make("safe")
    assert both.produce("safe", "one", inside=True)
    # The topic of consumer groups is created with the first, and needs all replicas.
    assert both.consume("safe", 1, inside=True) == {"one"}
    decider = "controller-0" if "controller" in made.sets else "zookeeper-0"
    # All of a zone: with more brokers than zones, some have several.
    zone = [pod for pod in made.pods if pod.startswith("kafka-") and int(pod.rpartition("-")[2]) % ZONES == 0]
    assert len(zone) == made.sets["kafka"].inputs["spec"]["replicas"] - ZONES + 1
    for pod in (*zone, decider):
        made.kill(pod)
    try:
        assert both.produce("safe", "two", inside=True)
        assert both.produce("safe", "three", inside=False)
        assert both.consume("safe", 3, inside=False) == {"one", "two", "three"}
        proven("brokers lost while both listeners went on", len(zone))
        made.kill("kafka-2")
        try:
            assert not both.produce("safe", "unsafe", inside=True)
        finally:
            made.start("kafka-2")
            made.wait("kafka-2")
    finally:
        # Pods with the former certificate and with a renewed one trust each other.
        made.renew()
        for pod in (decider, *zone):
            made.start(pod)
        for pod in zone:
            made.wait(pod)
    until(
        lambda: "Topic: safe" not in both.topics("--describe", "--under-replicated-partitions"),
        "brokers that came back have caught up",
        seconds=120,
    )
    # The refused one may be there too: its sender was told that it is not safe, and nobody took it back.
    found = both.consume("safe", 4, inside=True, seconds=20)
    assert {"one", "two", "three"} <= found <= {"one", "two", "three", "unsafe"}


def test_job_creates_topics_and_adds_partitions(streams: Clients) -> None:
    made = streams.cluster
    assert made.job("kafka-topics").splitlines() == ["films: ready"]
    told = streams.topics("--describe", "--topic", "films")
    assert "PartitionCount: 4" in told
    for setting in ("retention.ms=86400000", "retention.bytes=4294967296", "max.message.bytes=3145728"):
        assert setting in told
    assert made.job("kafka-topics", TOPICS="films 6 3 retention.ms=3600000").splitlines() == ["films: ready"]
    told = streams.topics("--describe", "--topic", "films")
    assert "PartitionCount: 6" in told
    assert "retention.ms=3600000" in told
    proven("topics that a Job created and changed", 2)


BATCH_BYTES = 88
"""What a producer adds to a message without key, at most: 61 bytes of the batch, 21 and the lengths of a record.
https://github.com/apache/kafka/blob/4.2/clients/src/main/java/org/apache/kafka/common/record/DefaultRecord.java"""


def test_message_of_the_maximum_size_is_replicated_and_a_larger_one_refused(streams: Clients) -> None:
    settings = streams.cluster.stack.recording.settings.workloads.kafka
    assert settings is not None
    limit = settings.topics["films"].max_message_bytes
    assert limit == settings.largest_message() > settings.max_message_bytes
    topic = ("--config", f"max.message.bytes={limit}")
    streams.topics("--create", "--topic", "large", *topic)
    fits = "m" * (limit - BATCH_BYTES)
    assert not streams.produce("large", f"{fits}+", inside=False, size=limit)
    assert f"{limit + 1} bytes when serialized which is larger than {limit}" in streams.printed
    assert streams.produce("large", fits, inside=False, size=limit)
    # What no client refuses, a broker does.
    assert not streams.produce("large", f"{fits}{'+' * BATCH_BYTES}", inside=False, size=2 * limit)
    assert "RecordTooLargeException" in streams.printed
    assert streams.consume("large", 1, inside=False) == {fits}
    assert "Topic: large" not in streams.topics("--describe", "--under-replicated-partitions")
    proven("messages of the maximum size, and a byte more", 3)


def test_client_without_the_authority_is_refused(streams: Clients) -> None:
    streams.make("sealed")
    trust, streams.trusted = streams.trusted, False
    try:
        assert not streams.produce("sealed", "unverified", inside=False)
        assert "SSL handshake failed" in streams.printed
    finally:
        streams.trusted = trust
