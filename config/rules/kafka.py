"""Kafka: who agrees on its leaders, how many keep what is written, images, ports and memory."""

import re
from collections.abc import Iterator

from catalog.quantities import MEMORY, MIB, amount
from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack
from config.workloads.kafka import NAMESPACE, Kafka, KafkaLoadBalancer, outside_host
from config.workloads.resources import Resources

_KAFKA: Path = ("workloads", "kafka")
_BALANCER: Path = (*_KAFKA, "loadBalancer")
LEAST_MIB = {"resources": 1024, "quorumResources": 512}
"""Half of it is Java's heap, and below that a broker or controller does not start, or not for long."""

LAST_PORT = 65535
WITHOUT_ZOOKEEPER = {"cp-kafka": 8, "kafka": 4}
"""The major version of an image from which on its Kafka is 4, which has no ZooKeeper any more:
https://docs.confluent.io/platform/current/installation/versions-interoperability.html"""


def _found(stack: Stack) -> Iterator[Kafka]:
    if stack.settings.workloads.kafka is not None:
        yield stack.settings.workloads.kafka


def _balancers(stack: Stack) -> Iterator[tuple[Kafka, KafkaLoadBalancer]]:
    for kafka in _found(stack):
        if kafka.load_balancer is not None:
            yield kafka, kafka.load_balancer


def quorum(stack: Stack) -> Iterator[Problem]:
    """Most of those who agree have to be there: with an even number as many may fail as with one less."""
    for kafka in _found(stack):
        if kafka.quorum % 2 == 0:
            yield Problem(
                (*_KAFKA, "quorum"),
                f"{kafka.quorum} is even, and no more of them may fail than of {kafka.quorum - 1}; "
                f"write {kafka.quorum - 1} or {kafka.quorum + 1}",
            )


def replication(stack: Stack) -> Iterator[Problem]:
    """Each copy is on a broker of its own, and a write does not need all of them."""
    for kafka in _found(stack):
        copies, needed = kafka.replication, kafka.min_in_sync_replicas
        if copies > kafka.brokers:
            yield Problem(
                (*_KAFKA, "replication"),
                f"{copies} is more than the {kafka.brokers} brokers that there are, and no topic could be made; "
                f"write {kafka.brokers} or less",
                because=((*_KAFKA, "brokers"),),
            )
        elif needed > copies:
            yield Problem(
                (*_KAFKA, "minInSyncReplicas"),
                f"{needed} is more than replication, {copies}, and nothing could be written; "
                f"write {max(copies - 1, 1)}",
                because=((*_KAFKA, "replication"),),
            )
        elif needed == copies > 1:
            yield Problem(
                (*_KAFKA, "minInSyncReplicas"),
                f"{needed} is all of replication: with one broker lost or renewed nothing can be written; "
                f"write {copies - 1}",
                severity="warning",
                because=((*_KAFKA, "replication"),),
            )


def images(stack: Stack) -> Iterator[Problem]:
    """The image has the start scripts that are relied on, and with ZooKeeper a Kafka that still knows it."""
    for kafka in _found(stack):
        given = [("image", kafka.image)] + ([("zookeeperImage", kafka.zookeeper_image)] if kafka.image else [])
        for key, image in given:
            if image is not None and "/bitnami" in f"/{image}":
                yield Problem(
                    (*_KAFKA, key),
                    "Bitnami's images are mended no more, and start in another way; write Confluent's, or leave it out",
                )
        found = re.search(r"(?:^|/)(cp-kafka|kafka):v?(\d+)\.", kafka.image or "")
        if kafka.controllers == "zookeeper" and found and int(found[2]) >= WITHOUT_ZOOKEEPER[found[1]]:
            yield Problem(
                (*_KAFKA, "image"),
                f"{found[1]} {found[2]} has no ZooKeeper any more; leave it out for Kafka 3.9, "
                "or write controllers: kraft",
                because=((*_KAFKA, "controllers"),),
            )


def ports(stack: Stack) -> Iterator[Problem]:
    """The load balancer has one port to begin at and one for each broker, and a name of its own."""
    for kafka, balancer in _balancers(stack):
        first, last = balancer.broker_port(0), balancer.broker_port(kafka.brokers - 1)
        key = "firstBrokerPort" if balancer.first_broker_port is not None else "port"
        because = ((*_BALANCER, "port"), (*_KAFKA, "brokers"))
        if last > LAST_PORT:
            yield Problem(
                (*_BALANCER, key),
                f"leaves no port for {kafka.brokers} brokers below {LAST_PORT + 1}; write a lower one",
                because=because,
            )
        elif first <= balancer.port <= last:
            yield Problem(
                (*_BALANCER, key),
                f"{balancer.port} is the port of a broker ({first}-{last}) and the one to begin at; "
                f"write firstBrokerPort: {balancer.port + 1}",
                because=because,
            )
        host = outside_host(stack.settings.private_domain())
        for name, server in stack.settings.instances.items():
            if NAMESPACE in (name, *server.names(name)):
                yield Problem(
                    ("instances", name), f"{host} is the name of Kafka's load balancer; rename it", because=(_BALANCER,)
                )


def memory(stack: Stack) -> Iterator[Problem]:
    """Java starts in what it gets."""
    for kafka in _found(stack):
        amounts: tuple[tuple[str, Resources], ...] = (
            ("resources", kafka.resources),
            ("quorumResources", kafka.quorum_resources),
        )
        for key, one in amounts:
            if amount(MEMORY, one.limits.memory) < LEAST_MIB[key] * MIB:
                yield Problem(
                    (*_KAFKA, key, "limits", "memory"),
                    f"{one.limits.memory} is too little for Java; write {LEAST_MIB[key]}Mi or more",
                )


RULES: tuple[Rule, ...] = (quorum, replication, images, ports, memory)
