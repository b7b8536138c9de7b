"""Every count of Redis and Kafka at 1 to 9: a zone can be lost, or the stack file is refused or warned about."""

from itertools import product

import pytest
from pydantic import ValidationError

from config.rules.stack import Stack
from config.rules.zones import RULES
from config.settings import Settings
from config.workloads.kafka import Kafka
from config.workloads.redis import Redis, majority
from tests.components.base import settings_from, settings_of
from tests.config.base import TODAY

COUNTS = (1, 2, 3, 4, 5, 6, 7, 9)
NAMES = ("us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d")


def told(settings: Settings) -> bool:
    """Whether a rule of zones refuses the settings or warns about them."""
    stack = Stack(settings, {}, {}, TODAY)
    return any(True for rule in RULES for _ in rule(stack))


def with_workload(zones: int, version: str = "1.35", **workloads: object) -> Settings:
    """Settings of a platform in these zones with one workload."""
    base = settings_of("prod")
    return base.model_copy(
        update={
            "network": base.network.model_copy(update={"zones": NAMES[:zones]}),
            "cluster": base.cluster.model_copy(update={"version": version}),
            "workloads": base.workloads.model_copy(update=workloads),
        }
    )


def spread(pods: int, zones: int) -> int:
    """The most pods in one zone, placed one after the other."""
    return max(len(range(zone, pods, zones)) for zone in range(zones))


@pytest.mark.parametrize("zones", [2, 3, 4])
def test_redis_fails_over_after_the_loss_of_a_zone_or_is_refused(zones: int) -> None:
    for sentinels in COUNTS:
        try:
            redis = settings_from(Redis, {"secret": "keys", "sentinels": sentinels})
        except ValidationError:
            assert sentinels < 3
            continue
        left = sentinels - spread(sentinels, zones)
        # Two zones cannot keep a majority: docs/decisions/redis.md.
        holds = left >= majority(sentinels) or zones < 3
        assert told(with_workload(zones, redis=redis)) is not holds, (sentinels, zones)


@pytest.mark.parametrize(("zones", "version"), [(2, "1.35"), (3, "1.35"), (4, "1.35"), (3, "1.34"), (4, "1.34")])
def test_kafka_accepts_writes_after_the_loss_of_a_zone_or_warns(zones: int, version: str) -> None:
    for brokers, replication in product(COUNTS, COUNTS):
        if replication > brokers:
            continue
        kafka = settings_from(Kafka, {"brokers": brokers, "replication": replication})
        # A broker that knows its zone spreads replicas; otherwise all of a zone's brokers can have the same partition.
        in_zone = (
            spread(replication, min(zones, brokers)) if version == "1.35" else min(replication, spread(brokers, zones))
        )
        left = replication - in_zone
        holds = left >= kafka.min_in_sync_replicas or zones < 3 or brokers < 3 or replication == 1
        assert told(with_workload(zones, version, kafka=kafka)) is not holds, (brokers, replication, zones)
