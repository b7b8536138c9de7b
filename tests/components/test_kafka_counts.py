"""Kafka's properties for any number of brokers and controllers, and any size of messages."""

import pytest

from components.workloads.kafka.environment import broker, controller
from config.workloads.kafka import Kafka
from tests.running.confluent import kafka_properties


@pytest.mark.parametrize(
    ("size", "properties"),
    [
        (1_048_588, set()),
        (2_000_000, {"replica.fetch.max.bytes"}),
        (20_000_000, {"replica.fetch.max.bytes", "replica.fetch.response.max.bytes"}),
        (60_000_000, {"replica.fetch.max.bytes", "replica.fetch.response.max.bytes", "fetch.max.bytes"}),
    ],
)
def test_limits_of_fetches_follow_the_message_size(size: int, properties: set[str]) -> None:
    told = broker(Kafka(max_message_bytes=size), project="streams", private_domain="streams.internal")
    found = kafka_properties({**told, "KAFKA_ADVERTISED_LISTENERS": "x"})
    assert {name for name in found if "fetch" in name} == properties
    assert {found[name] for name in properties} <= {str(size)}


@pytest.mark.parametrize(
    ("brokers", "replicas", "in_sync"), [(1, 1, 1), (2, 2, 1), (3, 3, 2), (5, 3, 2), (6, 3, 2), (50, 3, 2)]
)
def test_replicas_follow_any_number_of_brokers(brokers: int, replicas: int, in_sync: int) -> None:
    told = broker(Kafka(brokers=brokers), project="streams", private_domain="streams.internal")
    for name in ("DEFAULT", "OFFSETS_TOPIC", "TRANSACTION_STATE_LOG"):
        assert told[f"KAFKA_{name}_REPLICATION_FACTOR"] == str(replicas)
    assert told["KAFKA_MIN_INSYNC_REPLICAS"] == told["KAFKA_TRANSACTION_STATE_LOG_MIN_ISR"] == str(in_sync)


@pytest.mark.parametrize("quorum", [1, 3, 5, 7])
def test_every_controller_of_any_quorum_votes(quorum: int) -> None:
    told = controller(Kafka(quorum=quorum), project="streams")["KAFKA_CONTROLLER_QUORUM_VOTERS"].split(",")
    assert [voter.partition("@")[0] for voter in told] == [str(1000 + number) for number in range(quorum)]
