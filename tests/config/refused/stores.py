"""Kafka and Redis: sizes of messages, retention, memory and persistence that contradict each other."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config import kafka_mistakes, redis_mistakes
from tests.config.refused.case import Case

_BROKER = "https://kafka.apache.org/documentation/#brokerconfigs"
_SIZE = "https://github.com/apache/kafka/pull/6442"
_DISK = "https://github.com/getsentry/self-hosted/issues/3691"
_REDIS_MEMORY = "https://redis.io/docs/latest/operate/oss_and_stack/management/admin/#memory"
_OOM = "https://github.com/redis/redis/issues/2136"
_EVICTION = "https://github.com/sidekiq/sidekiq/issues/2883"
_RENEWAL = "https://github.com/pulumi/pulumi-tls/issues/39"
_TLS = "https://github.com/redis/redis/issues/9952"
_PERSISTENCE = "https://redis.io/docs/latest/operate/oss_and_stack/management/replication/#safety-of-replication-when-master-has-persistence-turned-off"


def kafka(settings: str, *lines: str, source: str = _BROKER) -> Case:
    """Kafka with these settings in place of `quorum: 3`, which is the default."""
    return Case(*kafka_mistakes.row("      quorum: 3\n", settings, *lines), source)


def redis(settings: str, *lines: str, source: str = _REDIS_MEMORY) -> Case:
    """Redis with these settings in place of `port: 6379`, which is the default."""
    return Case(*redis_mistakes.row("      port: 6379\n", settings, *lines), source)


def certified(settings: str, *lines: str) -> Case:
    """Redis with the section `tls`."""
    edits, _ = redis_mistakes.row("      port: 6379\n", "      port: 6379\n")
    return Case((*edits, ("", f"  ai-platform:tls: {settings}\n")), lines, _RENEWAL)


# fmt: off, one row a case
CASES: dict[str, Case] = {
    "a message size that replicas do not know": kafka(
        '      parameters: {message.max.bytes: "2097152"}\n',
        "40: workloads.kafka.parameters.message.max.bytes: the parameter message.max.bytes cannot be overridden: use maxMessageBytes, by which brokers and replicas agree",
        source=_SIZE,
    ),
    "what replicas fetch": kafka(
        '      parameters: {replica.fetch.max.bytes: "2097152"}\n',
        "40: workloads.kafka.parameters.replica.fetch.max.bytes: the parameter replica.fetch.max.bytes cannot be overridden: use maxMessageBytes, by which brokers and replicas agree",
        source=_SIZE,
    ),
    "retention in milliseconds beside hours": kafka(
        '      parameters: {log.retention.ms: "60000"}\n',
        "40: workloads.kafka.parameters.log.retention.ms: the parameter log.retention.ms cannot be overridden: use retentionHours",
    ),
    "retention by bytes as a parameter": kafka(
        '      parameters: {log.retention.bytes: "60000"}\n',
        "40: workloads.kafka.parameters.log.retention.bytes: the parameter log.retention.bytes cannot be overridden: use retentionBytes",
    ),
    "a message above the largest request": kafka(
        "      maxMessageBytes: 104857600\n",
        "40: workloads.kafka.maxMessageBytes: 104857600 is too large; the maximum is 94371840",
        source=_SIZE,
    ),
    "messages above the heap": kafka(
        "      maxMessageBytes: 94371840\n      resources: {requests: {memory: 1Gi}, limits: {memory: 1Gi}}\n",
        "40: workloads.kafka.maxMessageBytes: 8 requests at the same time with 94371840 bytes each (720 MiB) exceed the Java heap, half of resources.limits.memory (512 MiB); decrease it to 67108864, or set resources.limits.memory: 2Gi",
    ),
    "a topic's messages above the heap": kafka(
        "      topics: {films: {maxMessageBytes: 94371840}}\n      resources: {requests: {memory: 1Gi}, limits: {memory: 1Gi}}\n",
        "40: workloads.kafka.topics.films.maxMessageBytes: 8 requests at the same time with 94371840 bytes each (720 MiB) exceed the Java heap, half of resources.limits.memory (512 MiB); decrease it to 67108864, or set resources.limits.memory: 2Gi",
    ),
    "a message above the segment": kafka(
        '      topics: {films: {maxMessageBytes: 4194304}}\n      parameters: {log.segment.bytes: "2097152"}\n',
        "41: workloads.kafka.parameters.log.segment.bytes: a segment of 2097152 bytes holds no message of 4194304 bytes; set 4194304 or more",
    ),
    "retention above the volume": kafka(
        "      retentionBytes: 21474836480\n",
        "40: workloads.kafka.retentionBytes: a broker stores 63.0 GiB (3 replicas of up to 22548578304 bytes; retention and an open segment each), but 90 % of its volume of 50Gi are 45.0 GiB; decrease retentionBytes or parameters.log.segment.bytes, or set storage: 70Gi",
        source=_DISK,
    ),
    "retention of many partitions above the volume": kafka(
        "      partitions: 60\n      retentionBytes: 1048576\n",
        "41: workloads.kafka.retentionBytes: a broker stores 60.1 GiB (60 replicas of up to 1074790400 bytes; retention and an open segment each), but 90 % of its volume of 50Gi are 45.0 GiB; decrease retentionBytes or parameters.log.segment.bytes, or set storage: 67Gi",
        source=_DISK,
    ),
    "retention of all topics above the volume": kafka(
        "      retentionBytes: 5368709120\n      topics: {orders: {}, films: {partitions: 6, retentionBytes: 5368709120}}\n",
        "41: workloads.kafka.topics.films.retentionBytes: a broker stores 54.0 GiB (films: 6 replicas of up to 6442450944 bytes, orders: 3 replicas of up to 6442450944 bytes; retention and an open segment each), but 90 % of its volume of 50Gi are 45.0 GiB; decrease retentionBytes or parameters.log.segment.bytes, or set storage: 60Gi",
        source=_DISK,
    ),
    "one topic's retention above the volume": kafka(
        "      topics: {orders: {}, films: {partitions: 12, retentionBytes: 5368709120}}\n",
        "40: workloads.kafka.topics.films.retentionBytes: a broker stores 72.0 GiB (films: 12 replicas of up to 6442450944 bytes; retention and an open segment each), but 90 % of its volume of 50Gi are 45.0 GiB; decrease retentionBytes or parameters.log.segment.bytes, or set storage: 80Gi",
        source=_DISK,
    ),
    "more brokers for a topic than there are": kafka(
        "      topics: {orders: {replication: 4}}\n",
        "40: workloads.kafka.topics.orders.replication: 4 replicas exceed the 3 brokers; set 3 or less",
    ),
    "a topic without a replica to spare": kafka(
        "      topics: {orders: {replication: 1}}\n",
        "40: workloads.kafka.topics.orders.replication: 1 is below minInSyncReplicas, 2, so that nothing can be written with acks=all; set 2 or more",
    ),
    "warning: a topic that stops with a broker": kafka(
        "      topics: {orders: {replication: 2}}\n",
        "40: workloads.kafka.topics.orders.replication: 2 equals minInSyncReplicas, so that nothing can be written while a broker is unavailable; set 3",
    ),
    "a topic of Kafka's own": kafka(
        "      topics: {__consumer_offsets: {}}\n",
        "40: workloads.kafka.topics.__consumer_offsets: '__consumer_offsets' is not a topic; write 1-249 letters, digits, dots, underscores and hyphens, and no two underscores first",
    ),
    "memory for data above the limit": redis(
        "      maxMemory: 1Gi\n",
        "34: workloads.redis.maxMemory: 1024 MiB of the memory limit, 1024 MiB, leave too little for buffers, so that the kernel kills Redis before it evicts keys or rejects writes; set 614Mi, and 870Mi at most",
        source=_OOM,
    ),
    "warning: memory for data without room for copies": redis(
        "      maxMemory: 800Mi\n",
        "34: workloads.redis.maxMemory: 800 MiB is more than 60 % of the memory limit, 1024 MiB: pages that change while appendonly files are written need the rest; set 614Mi",
        source=_OOM,
    ),
    "memory for data in a wrong unit": redis(
        "      maxMemory: 6Mi\n", "34: workloads.redis.maxMemory: 6Mi leaves 6 MiB for data; set 128Mi or more"
    ),
    "a volume below two files": redis(
        "      storage: 1Gi\n",
        "34: workloads.redis.storage: 1Gi is less than 2 files of the data, 614 MiB each, while one is written again; set 2Gi or more",
    ),
    "maxmemory as a parameter": redis(
        "      parameters: {maxmemory: 100mb}\n",
        "34: workloads.redis.parameters.maxmemory: the parameter maxmemory cannot be overridden: use maxMemory and eviction",
    ),
    "a save point as a parameter": redis(
        '      parameters: {save: "60 1"}\n',
        "34: workloads.redis.parameters.save: the parameter save cannot be overridden: use persistence and synchronization",
        source=_PERSISTENCE,
    ),
    "the log as a parameter": redis(
        '      parameters: {appendonly: "no"}\n',
        "34: workloads.redis.parameters.appendonly: the parameter appendonly cannot be overridden: use persistence and synchronization",
        source=_PERSISTENCE,
    ),
    "synchronization without a log": redis(
        "      persistence: snapshots\n      synchronization: always\n",
        "35: workloads.redis.synchronization: has no effect with persistence: snapshots; remove it, or set persistence: appendonly",
        source=_PERSISTENCE,
    ),
    "warning: a queue that loses messages": redis(
        "      eviction: allkeys-lru\n",
        "34: workloads.redis.eviction: allkeys-lru evicts queued messages and sessions when the memory is full; set noeviction, or use: cache",
        source=_EVICTION,
    ),
    "certificates of a day to come": certified(
        '{stores: true, renewed: "2027-01-01"}',
        "37: tls.renewed: 2027-01-01 is in the future; set 2026-11-21 or an earlier date",
    ),
    "a day that does not exist": certified(
        '{stores: true, renewed: "2026-02-30"}',
        "37: tls.renewed: '2026-02-30' is not a date; write it in quotes like \"2026-11-30\"",
    ),
    "a renewal of nothing": certified(
        '{renewed: "2026-01-01"}', "37: tls.renewed: no store uses TLS; set stores: true, or remove it"
    ),
    "warning: certificates that expire soon": certified(
        '{stores: true, days: 365, renewed: "2026-01-01"}',
        "37: tls.renewed: the certificates of Kafka and Redis expire on 2027-01-01; set 2026-11-21, which renews them and restarts the pods one by one",
    ),
    "warning: certificates that have expired": certified(
        '{stores: true, days: 30, renewed: "2026-01-01"}',
        "37: tls.renewed: the certificates of Kafka and Redis expired on 2026-01-31; set 2026-11-21, which renews them and restarts the pods one by one",
    ),
    "an authority without a store": Case(
        (
            (
                "  ai-platform:databases:\n",
                "  ai-platform:secrets: {ca: {description: Authority, authority: true}}\n  ai-platform:databases:\n",
            ),
        ),
        ("15: secrets.ca.authority: no store uses TLS, so there is no authority; set tls.stores: true, or remove it",),
        _RENEWAL,
    ),
    "a password that is an authority": Case(
        redis_mistakes.row(
            "generate: true}",
            "generate: true, authority: true}",
            "x",
        )[0],
        (
            "15: secrets.keys.authority: a secret has a generated password or the certificate of the authority; remove one of generate and authority",
        ),
        _RENEWAL,
    ),
    "the certificate of Redis as a parameter": redis(
        "      parameters: {tls-auth-clients: 'yes'}\n",
        "34: workloads.redis.parameters.tls-auth-clients: the parameter tls-auth-clients cannot be overridden: use tls",
        source=_TLS,
    ),
    "the certificate of Kafka as a parameter": kafka(
        "      parameters: {ssl.client.auth: required}\n",
        "40: workloads.kafka.parameters.ssl.client.auth: the parameter ssl.client.auth cannot be overridden: use loadBalancer.users and tls",
        source=_BROKER,
    ),
}
