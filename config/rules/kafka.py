"""Kafka: controller quorum, replication, images, ports and memory."""

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
"""Minimum memory limit in MiB: half of it is the Java heap, and with less a broker or controller does not run."""

LAST_PORT = 65535
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


RULES: tuple[Rule, ...] = (quorum, replication, images, ports, memory)
