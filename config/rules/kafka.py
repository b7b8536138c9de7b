"""Kafka: controller quorum, replication, images, ports and memory."""

import re
from collections.abc import Iterator

from catalog.quantities import GIB, MEMORY, MIB, amount
from catalog.reading.problems import Path, Problem, nearest
from config.rules.stack import Rule, Stack
from config.workloads.kafka import (
    MESSAGE_BYTES,
    NAMESPACE,
    SEGMENT_BYTES,
    SEGMENT_PARAMETER,
    Kafka,
    KafkaLoadBalancer,
    Topic,
    outside_host,
)
from config.workloads.resources import Resources

_KAFKA: Path = ("workloads", "kafka")
_BALANCER: Path = (*_KAFKA, "loadBalancer")
LEAST_MIB = {"resources": 1024, "quorumResources": 512}
"""Minimum memory limit in MiB: half of it is the Java heap, and with less a broker or controller does not run."""

LAST_PORT = 65535
USABLE_PERCENT = 90
"""Percent of a volume for the retention of topics; the rest is for the file system, indexes and consumer offsets."""

REQUESTS = 8
"""Requests that a broker handles at the same time, each with a message in its heap:
https://kafka.apache.org/documentation/#brokerconfigs_num.io.threads"""

WITHOUT_ZOOKEEPER = {"cp-kafka": 8, "kafka": 4}
"""First major version of each image with Kafka 4, which does not support ZooKeeper:
https://docs.confluent.io/platform/current/installation/versions-interoperability.html"""


def _found(stack: Stack) -> Iterator[Kafka]:
    if stack.settings.workloads.kafka is not None:
        yield stack.settings.workloads.kafka


def _balancers(stack: Stack) -> Iterator[tuple[Kafka, KafkaLoadBalancer]]:
    for kafka in _found(stack):
        if kafka.load_balancer is not None:
            yield kafka, kafka.load_balancer


def quorum(stack: Stack) -> Iterator[Problem]:
    """The quorum is odd: an even number tolerates no more failures than the odd number below it."""
    for kafka in _found(stack):
        if kafka.quorum % 2 == 0:
            yield Problem(
                (*_KAFKA, "quorum"),
                f"{kafka.quorum} is even and tolerates no more failures than {kafka.quorum - 1}; "
                f"set {kafka.quorum - 1} or {kafka.quorum + 1}",
            )


def replication(stack: Stack) -> Iterator[Problem]:
    """There is a broker for each replica, and a write does not require every replica."""
    for kafka in _found(stack):
        copies, needed = kafka.replication, kafka.min_in_sync_replicas
        if copies > kafka.brokers:
            yield Problem(
                (*_KAFKA, "replication"),
                f"{copies} replicas exceed the {kafka.brokers} brokers, so that no topic can be created; "
                f"set {kafka.brokers} or less",
                because=((*_KAFKA, "brokers"),),
            )
        elif needed > copies:
            yield Problem(
                (*_KAFKA, "minInSyncReplicas"),
                f"{needed} exceeds replication, {copies}, so that nothing can be written; set {max(copies - 1, 1)}",
                because=((*_KAFKA, "replication"),),
            )
        elif needed == copies > 1:
            yield Problem(
                (*_KAFKA, "minInSyncReplicas"),
                f"{needed} equals replication, so that nothing can be written while a broker is unavailable; "
                f"set {copies - 1}",
                severity="warning",
                because=((*_KAFKA, "replication"),),
            )


def images(stack: Stack) -> Iterator[Problem]:
    """The image has the start scripts of Confluent or Apache, and with ZooKeeper a Kafka version that supports it."""
    for kafka in _found(stack):
        given = [("image", kafka.image)] + ([("zookeeperImage", kafka.zookeeper_image)] if kafka.image else [])
        for key, image in given:
            if image is not None and "/bitnami" in f"/{image}":
                yield Problem(
                    (*_KAFKA, key),
                    "Bitnami images are no longer maintained and have other start scripts; use a Confluent image, or "
                    "remove it",
                )
        found = re.search(r"(?:^|/)(cp-kafka|kafka):v?(\d+)\.", kafka.image or "")
        if kafka.controllers == "zookeeper" and found and int(found[2]) >= WITHOUT_ZOOKEEPER[found[1]]:
            yield Problem(
                (*_KAFKA, "image"),
                f"{found[1]} {found[2]} does not support ZooKeeper; remove it for Kafka 3.9, or set controllers: kraft",
                because=((*_KAFKA, "controllers"),),
            )


def ports(stack: Stack) -> Iterator[Problem]:
    """The load balancer has a bootstrap port, a port for each broker, and a host name of its own."""
    for kafka, balancer in _balancers(stack):
        first, last = balancer.broker_port(0), balancer.broker_port(kafka.brokers - 1)
        key = "firstBrokerPort" if balancer.first_broker_port is not None else "port"
        because = ((*_BALANCER, "port"), (*_KAFKA, "brokers"))
        if last > LAST_PORT:
            yield Problem(
                (*_BALANCER, key),
                f"leaves no port for {kafka.brokers} brokers below {LAST_PORT + 1}; set a lower port",
                because=because,
            )
        elif first <= balancer.port <= last:
            yield Problem(
                (*_BALANCER, key),
                f"{balancer.port} is both the bootstrap port and a broker's port ({first}-{last}); "
                f"set firstBrokerPort: {balancer.port + 1}",
                because=because,
            )
        host = outside_host(stack.settings.private_domain())
        for name, server in stack.settings.instances.items():
            if NAMESPACE in (name, *server.names(name)):
                yield Problem(
                    ("instances", name),
                    f"{host} is the host name of Kafka's load balancer; rename the instance",
                    because=(_BALANCER,),
                )


def memory(stack: Stack) -> Iterator[Problem]:
    """The memory limit is enough for Java."""
    for kafka in _found(stack):
        amounts: tuple[tuple[str, Resources], ...] = (
            ("resources", kafka.resources),
            ("quorumResources", kafka.quorum_resources),
        )
        for key, one in amounts:
            if amount(MEMORY, one.limits.memory) < LEAST_MIB[key] * MIB:
                yield Problem(
                    (*_KAFKA, key, "limits", "memory"),
                    f"{one.limits.memory} is too little for Java; set {LEAST_MIB[key]}Mi or more",
                )


def topic_replication(stack: Stack) -> Iterator[Problem]:
    """A topic has a broker for each replica, and as many replicas as a write requires."""
    for kafka in _found(stack):
        for name, topic in kafka.topics.items():
            copies, here = topic.replication, (*_KAFKA, "topics", name, "replication")
            if copies is not None and copies > kafka.brokers:
                yield Problem(
                    here,
                    f"{copies} replicas exceed the {kafka.brokers} brokers; set {kafka.brokers} or less",
                    because=((*_KAFKA, "brokers"),),
                )
            elif copies is not None and copies < kafka.min_in_sync_replicas:
                yield Problem(
                    here,
                    f"{copies} is below minInSyncReplicas, {kafka.min_in_sync_replicas}, so that nothing can be "
                    f"written with acks=all; set {kafka.min_in_sync_replicas} or more",
                    because=((*_KAFKA, "minInSyncReplicas"),),
                )
            elif copies is not None and copies == kafka.min_in_sync_replicas > 1:
                yield Problem(
                    here,
                    f"{copies} equals minInSyncReplicas, so that nothing can be written while a broker is unavailable; "
                    f"set {copies + 1}",
                    severity="warning",
                    because=((*_KAFKA, "minInSyncReplicas"),),
                )


def _segment(kafka: Kafka) -> int:
    stated = kafka.parameters.get(SEGMENT_PARAMETER, "")
    return int(stated) if stated.isdigit() else SEGMENT_BYTES


def message_size(stack: Stack) -> Iterator[Problem]:
    """A message fits into a segment, and the heap holds one for each request."""
    for kafka in _found(stack):
        largest, heap = kafka.largest_message(), amount(MEMORY, kafka.resources.limits.memory) // 2
        holder = next((name for name, one in kafka.topics.items() if one.max_message_bytes == largest), None)
        here: Path = (*_KAFKA, "maxMessageBytes") if holder is None else (*_KAFKA, "topics", holder, "maxMessageBytes")
        if largest > _segment(kafka):
            yield Problem(
                (*_KAFKA, "parameters", SEGMENT_PARAMETER),
                f"a segment of {_segment(kafka)} bytes holds no message of {largest} bytes; set {largest} or more",
                because=(here,),
            )
        elif largest > MESSAGE_BYTES and REQUESTS * largest > heap:
            yield Problem(
                here,
                f"{REQUESTS} requests at the same time with {largest} bytes each ({REQUESTS * largest // MIB} MiB) "
                f"exceed the Java heap, half of resources.limits.memory ({heap // MIB} MiB); decrease it to "
                f"{heap // REQUESTS}, or set resources.limits.memory: {-(-2 * REQUESTS * largest // GIB)}Gi",
                because=((*_KAFKA, "resources", "limits", "memory"),),
            )


def retention(stack: Stack) -> Iterator[Problem]:
    """The retention of all topics in bytes, and an open segment of each partition, fits into the volume of a broker.

    The broker with most replicas of a topic has one more than the others, if they cannot be divided.
    """
    for kafka in _found(stack):
        # Without a list, at least one topic with the defaults is expected.
        topics = kafka.topics or {"": Topic()}
        limited = {name: size for name, one in topics.items() if (size := kafka.topic_bytes(one)) is not None}
        replicas = {
            name: -(-kafka.topic_partitions(topics[name]) * kafka.topic_replication(topics[name]) // kafka.brokers)
            for name in limited
        }
        needed = sum(replicas[name] * (size + _segment(kafka)) for name, size in limited.items())
        usable = amount(MEMORY, kafka.storage) * USABLE_PERCENT // 100
        if needed <= usable:
            continue
        told = ", ".join(
            f"{f'{name}: ' if name else ''}{replicas[name]} replicas of up to {size + _segment(kafka)} bytes"
            for name, size in limited.items()
        )
        first = next(iter(limited))
        own = bool(first) and topics[first].retention_bytes is not None
        yield Problem(
            (*_KAFKA, "topics", first, "retentionBytes") if own else (*_KAFKA, "retentionBytes"),
            f"a broker stores {needed / GIB:.1f} GiB ({told}; retention and an open segment each), but "
            f"{USABLE_PERCENT} % of its volume of {kafka.storage} are {usable / GIB:.1f} GiB; decrease retentionBytes "
            f"or parameters.{SEGMENT_PARAMETER}, or set storage: {-(-needed * 100 // USABLE_PERCENT // GIB)}Gi",
            because=((*_KAFKA, "storage"),),
        )


def topic_names(stack: Stack) -> Iterator[Problem]:
    """Topics differ in more than dots and underscores, which are the same in the names of metrics.

    https://kafka.apache.org/documentation/#basic_ops_add_topic
    """
    for kafka in _found(stack):
        seen: dict[str, str] = {}
        for name in kafka.topics:
            other = seen.setdefault(name.replace(".", "_"), name)
            if other != name:
                yield Problem(
                    (*_KAFKA, "topics", name),
                    f"{name} differs from {other} only in dots and underscores, and Kafka creates one of them only; "
                    "rename it",
                )
            if not name.strip("."):
                yield Problem((*_KAFKA, "topics", name), f"{name!r} is not a topic; choose another name")


JAVA = ("KAFKA_JVM_PERFORMANCE_OPTS", "KAFKA_OPTS", "KAFKA_JMX_OPTS", "KAFKA_GC_LOG_OPTS")
"""Variables with options of Java."""

REMOVED = ("-XX:+UseConcMarkSweepGC", "-XX:+UseParNewGC", "-XX:MaxPermSize", "-XX:+CMS", "-XX:+PrintGCDetails")
"""Beginnings of options that Java 17 does not know: https://openjdk.org/jeps/363"""

OF_IMAGE = (*JAVA, "KAFKA_LOG4J_OPTS", "KAFKA_LOG4J_LOGGERS", "KAFKA_LOG4J_ROOT_LOGLEVEL", "KAFKA_TOOLS_LOG4J_LOGLEVEL")


def java(stack: Stack) -> Iterator[Problem]:
    """Java knows its options, and its memory and ports are those of the platform."""
    for kafka in _found(stack):
        for name, value in kafka.environment.items():
            path: Path = (*_KAFKA, "environment", name)
            words = value.split() if name in JAVA else []
            removed = next((word for word in words if word.startswith(REMOVED)), None)
            memory = next((word for word in words if word.startswith(("-Xmx", "-Xms", "-XX:MaxRAM"))), None)
            if removed is not None:
                yield Problem(path, f"Java 17 does not start with {removed}; remove it, or use -XX:+UseG1GC")
            if memory is not None:
                yield Problem(
                    path, f"{memory} conflicts with Java's memory, half of resources.limits.memory; set that limit"
                )
            if name in ("KAFKA_JMX_PORT", "JMX_PORT"):
                yield Problem(
                    path,
                    "every command in the container, such as kafka-topics in a Job or `kubectl exec`, would open the "
                    "port again and end; remove it",
                )
            elif name.startswith("KAFKA_") and name not in OF_IMAGE and not name.startswith("KAFKA_JMX"):
                near = nearest(name, OF_IMAGE)
                yield Problem(
                    path,
                    f"the start scripts do not know {name}; did you mean {near}?" if near else "is unknown",
                    severity="warning",
                )


RULES: tuple[Rule, ...] = (
    topic_names,
    java,
    quorum,
    replication,
    images,
    ports,
    memory,
    topic_replication,
    message_size,
    retention,
)
