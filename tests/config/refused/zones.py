"""Counts that are true of the default number only: quorums and replicas that do not survive the loss of a zone."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config import kafka_mistakes, redis_mistakes
from tests.config.refused.case import Case

_ZONES = (("zones: [us-west-2a, us-west-2b]", "zones: [us-west-2a, us-west-2b, us-west-2c]"),)
_OLD = ("  ai-platform:cluster:\n", '  ai-platform:cluster:\n    version: "1.34"\n    support: EXTENDED\n')
_SENTINEL = "https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/#fundamental-things-to-know-about-sentinel-before-deploying"
_RACK = "https://kafka.apache.org/documentation/#basic_ops_racks"


def redis(old: str, new: str, *lines: str) -> Case:
    """A case of Redis in three zones."""
    return Case((*_ZONES, *redis_mistakes.row(old, new)[0]), lines, _SENTINEL)


def kafka(old: str, new: str, *lines: str, before: tuple[tuple[str, str], ...] = ()) -> Case:
    """A case of Kafka in three zones."""
    return Case((*_ZONES, *before, *kafka_mistakes.row(old, new)[0]), lines, _RACK)


# fmt: off, one row a case
CASES: dict[str, Case] = {
    "four Sentinels in three zones": redis(
        "sentinels: 3\n      quorum: 2",
        "sentinels: 4",
        "32: workloads.redis.sentinels: 4 in 3 zones: the loss of a zone with 2 leaves 2, which is no majority, so there is no failover; set 3 or 5",
    ),
    "a quorum of four of five Sentinels": redis(
        "sentinels: 3\n      quorum: 2",
        "sentinels: 5\n      quorum: 4",
        "33: workloads.redis.quorum: 4 of 5 Sentinels in 3 zones: the loss of a zone with 2 leaves 3, so there is no failover; set 3 or less",
    ),
    "a quorum of five of six Sentinels": redis(
        "sentinels: 3\n      quorum: 2",
        "sentinels: 6\n      quorum: 5",
        "33: workloads.redis.quorum: 5 of 6 Sentinels in 3 zones: the loss of a zone with 2 leaves 4, so there is no failover; set 4 or less",
    ),
    "warning: five brokers that do not know their zones": kafka(
        "      quorum: 3\n",
        "      quorum: 3\n      brokers: 5\n",
        "43: workloads.kafka.brokers: 5 in 3 zones: before Kubernetes 1.35 brokers do not know their zone, so 2 of 3 replicas can be in one, and its loss stops writes; set brokers: 3, or cluster.version to 1.35 or later",
        before=(_OLD,),
    ),
    "warning: six brokers that do not know their zones": kafka(
        "      quorum: 3\n",
        "      quorum: 3\n      brokers: 6\n",
        "43: workloads.kafka.brokers: 6 in 3 zones: before Kubernetes 1.35 brokers do not know their zone, so 2 of 3 replicas can be in one, and its loss stops writes; set brokers: 3, or cluster.version to 1.35 or later",
        before=(_OLD,),
    ),
    "warning: four of five replicas must acknowledge": kafka(
        "      replication: 3\n      minInSyncReplicas: 2\n",
        "      brokers: 5\n      replication: 5\n      minInSyncReplicas: 4\n",
        "43: workloads.kafka.minInSyncReplicas: 4 of 5 replicas in 3 zones: the loss of a zone leaves 3 and stops writes; set 3 or less",
    ),
    "warning: three of four replicas must acknowledge": kafka(
        "      replication: 3\n      minInSyncReplicas: 2\n",
        "      brokers: 6\n      replication: 4\n      minInSyncReplicas: 3\n",
        "43: workloads.kafka.minInSyncReplicas: 3 of 4 replicas in 3 zones: the loss of a zone leaves 2 and stops writes; set 2 or less",
    ),
}
