"""The loss of a zone: what is left of a quorum and of replicas, in platforms with three zones or more.

With two zones no quorum survives the loss of the zone with more of its pods: docs/decisions/redis.md.
"""

from collections.abc import Iterator
from math import ceil

from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack
from config.workloads.kafka import Kafka, knows_zones
from config.workloads.redis import majority

LEAST = 3
"""Minimum zones in which the loss of one can leave a majority."""


def _zones(stack: Stack) -> int:
    try:
        return len({subnet.zone for subnet in stack.settings.network.tiers().private})
    except ValueError:
        return 0


def sentinels(stack: Stack) -> Iterator[Problem]:
    """A majority of the Sentinels, and their quorum, survive the loss of a zone."""
    redis, zones = stack.settings.workloads.redis, _zones(stack)
    if redis is None or zones < LEAST:
        return
    number, lost = redis.sentinels, ceil(redis.sentinels / zones)
    path: Path = ("workloads", "redis")
    if number - lost < majority(number):
        yield Problem(
            (*path, "sentinels"),
            f"{number} in {zones} zones: the loss of a zone with {lost} leaves {number - lost}, which is no majority, "
            f"so there is no failover; set {number - 1} or {number + 1}",
            because=(("network", "zones"),),
        )
    elif number - lost < redis.agreeing():
        yield Problem(
            (*path, "quorum"),
            f"{redis.agreeing()} of {number} Sentinels in {zones} zones: the loss of a zone with {lost} leaves "
            f"{number - lost}, so there is no failover; set {number - lost} or less",
            because=((*path, "sentinels"), ("network", "zones")),
        )


def topics(stack: Stack) -> Iterator[Problem]:
    """Enough replicas of a partition survive the loss of a zone for writes with acks=all."""
    kafka, zones = stack.settings.workloads.kafka, _zones(stack)
    if kafka is None or zones < LEAST or kafka.brokers < LEAST:
        return
    aware = knows_zones(stack.settings.cluster.version)
    lost = _replicas_of_a_zone(kafka, zones, aware=aware)
    left = kafka.replication - lost
    if left >= kafka.min_in_sync_replicas or kafka.replication == kafka.min_in_sync_replicas:
        return
    path: Path = ("workloads", "kafka")
    if _replicas_of_a_zone(kafka, zones, aware=True) < lost:
        yield Problem(
            (*path, "brokers"),
            f"{kafka.brokers} in {zones} zones: before Kubernetes 1.35 brokers do not know their zone, so {lost} of "
            f"{kafka.replication} replicas can be in one, and its loss stops writes; set brokers: {zones}, or "
            "cluster.version to 1.35 or later",
            severity="warning",
            because=(("cluster", "version"), ("network", "zones")),
        )
    else:
        yield Problem(
            (*path, "minInSyncReplicas"),
            f"{kafka.min_in_sync_replicas} of {kafka.replication} replicas in {zones} zones: the loss of a zone leaves "
            f"{left} and stops writes; set {max(left, 1)} or less",
            severity="warning",
            because=((*path, "replication"), ("network", "zones")),
        )


def _replicas_of_a_zone(kafka: Kafka, zones: int, *, aware: bool) -> int:
    """Return the maximum replicas of a partition in one zone; `aware` brokers spread them evenly."""
    if aware:
        return ceil(kafka.replication / min(zones, kafka.brokers))
    return min(kafka.replication, ceil(kafka.brokers / zones))


RULES: tuple[Rule, ...] = (sentinels, topics)
