"""Environment variables of Confluent's images: each variable KAFKA_A_B is the setting a.b of Kafka.

https://docs.confluent.io/platform/current/installation/docker/config-reference.html
"""

import base64
import hashlib
from collections.abc import Iterable

from catalog.quantities import MEMORY, MIB, amount
from components.data.certificates import AUTHORITY, KEYSTORE, MOUNT
from config.workloads.kafka import (
    BROKER_PODS,
    CONTROLLER_PODS,
    CONTROLLER_PORT,
    CONTROLLERS,
    FETCH_BYTES,
    MESSAGE_BYTES,
    NAMESPACE,
    OUTSIDE_POD_PORT,
    PORT,
    ZOOKEEPER_PEER_PORTS,
    ZOOKEEPER_PODS,
    ZOOKEEPER_PORT,
    ZOOKEEPERS,
    Kafka,
    outside_host,
)
from config.workloads.resources import Resources

FIRST_CONTROLLER = 1000
"""Brokers are numbered from 0, and a controller must not have the ID of a broker."""

DATA = "/var/lib/kafka/data"
TOPICS = f"{DATA}/topics"
"""A subfolder of the volume: Kafka would treat the folders of the file system at its top level as broken topics."""

MECHANISM = "SCRAM-SHA-512"
TRUST = {"ssl.truststore.type": "PEM", "ssl.truststore.location": f"{MOUNT}/{AUTHORITY}"}


def heap(resources: Resources) -> str:
    """Return the options of Java's heap: half of the container's memory."""
    half = amount(MEMORY, resources.limits.memory) // 2 // MIB
    return f"-Xms{half}m -Xmx{half}m"


def pod_name(app: str, number: int, service: str) -> str:
    """Return the DNS name of a pod."""
    return f"{app}-{number}.{domain(service)}"


def domain(service: str) -> str:
    """Return the domain of the pods of a headless Service."""
    return f"{service}.{NAMESPACE}.svc.cluster.local"


def cluster_id(project: str) -> str:
    """Return the cluster ID, which is the same for every pod and never changes.

    Brokers reject volumes of another cluster.
    """
    digest = hashlib.sha256(f"{project}/{NAMESPACE}".encode()).digest()
    # Never with a leading hyphen, which a command line would parse as an option.
    return base64.urlsafe_b64encode(bytes([digest[0] & 0x7F]) + digest[1:16]).decode().rstrip("=")


def broker(settings: Kafka, *, project: str, private_domain: str) -> dict[str, str]:
    """Return the variables of a broker. Its start script adds its ID and its advertised listeners."""
    replication = str(settings.replication)
    in_sync = str(settings.min_in_sync_replicas)
    outside = settings.load_balancer is not None
    return {
        **(_with_zookeeper(settings) if settings.controllers == "zookeeper" else _kraft(settings, project, "broker")),
        "KAFKA_HEAP_OPTS": heap(settings.resources),
        "KAFKA_LOG_DIRS": TOPICS,
        "KAFKA_LISTENERS": f"INTERNAL://:{PORT}" + (f",EXTERNAL://:{OUTSIDE_POD_PORT}" if outside else ""),
        "KAFKA_INTER_BROKER_LISTENER_NAME": "INTERNAL",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": _protocols(settings),
        **_logins(settings),
        **{variable(name): value for name, value in tls(settings).items()},
        "KAFKA_DEFAULT_REPLICATION_FACTOR": replication,
        "KAFKA_MIN_INSYNC_REPLICAS": in_sync,
        "KAFKA_NUM_PARTITIONS": str(settings.partitions),
        # The topics of consumer offsets and transactions are as durable as the data.
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": replication,
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": replication,
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": in_sync,
        "KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE": "false",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": str(settings.auto_create_topics).lower(),
        "KAFKA_LOG_RETENTION_HOURS": str(settings.retention_hours),
        **{variable(name): value for name, value in _sizes(settings).items()},
        "PEERS": domain(BROKER_PODS),
        **_outside(settings, private_domain),
        **{variable(name): value for name, value in settings.parameters.items()},
        **settings.environment,
    }


def _sizes(settings: Kafka) -> dict[str, str]:
    """Return the properties of sizes that differ from Kafka's defaults."""
    largest = settings.largest_message()
    return {
        **({"log.retention.bytes": str(settings.retention_bytes)} if settings.retention_bytes is not None else {}),
        **(
            {"message.max.bytes": str(settings.max_message_bytes)}
            if settings.max_message_bytes != MESSAGE_BYTES
            else {}
        ),
        **{name: str(largest) for name, default in FETCH_BYTES.items() if largest > max(default, MESSAGE_BYTES)},
    }


def variable(name: str) -> str:
    """Return the image's variable of a broker's property: KAFKA_MESSAGE_MAX_BYTES for message.max.bytes."""
    return f"KAFKA_{name.replace('.', '_').upper()}"


def _outside(settings: Kafka, private_domain: str) -> dict[str, str]:
    balancer = settings.load_balancer
    if balancer is None:
        return {}
    return {"OUTSIDE": outside_host(private_domain), "FIRST_PORT": str(balancer.broker_port(0))}


def _protocols(settings: Kafka) -> str:
    inside = "SSL" if settings.tls else "PLAINTEXT"
    outside = inside if settings.load_balancer is None or not settings.load_balancer.users else f"SASL_{inside}"
    return f"CONTROLLER:{inside},INTERNAL:{inside},EXTERNAL:{outside}"


def tls(settings: Kafka) -> dict[str, str]:
    """Return the properties of a server's certificate, with which it also trusts the others."""
    if not settings.tls:
        return {}
    return {
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": f"{MOUNT}/{KEYSTORE}",
        **TRUST,
    }


def client(settings: Kafka) -> str:
    """Return the properties of a client in the cluster, one a line."""
    lines = {"security.protocol": "SSL", **TRUST} if settings.tls else {}
    return "\n".join(f"{key}={value}" for key, value in lines.items())


def _logins(settings: Kafka) -> dict[str, str]:
    if settings.load_balancer is None or not settings.load_balancer.users:
        return {}
    # Three underscores encode a hyphen.
    mechanism = MECHANISM.replace("-", "___")
    return {
        "KAFKA_LISTENER_NAME_EXTERNAL_SASL_ENABLED_MECHANISMS": MECHANISM,
        f"KAFKA_LISTENER_NAME_EXTERNAL_{mechanism}_SASL_JAAS_CONFIG": (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        ),
    }


def controller(settings: Kafka, *, project: str) -> dict[str, str]:
    """Return the variables of a KRaft controller."""
    return {
        **_kraft(settings, project, "controller"),
        "KAFKA_HEAP_OPTS": heap(settings.quorum_resources),
        "KAFKA_LOG_DIRS": TOPICS,
        "KAFKA_LISTENERS": f"CONTROLLER://:{CONTROLLER_PORT}",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": _protocols(settings),
        **{variable(name): value for name, value in tls(settings).items()},
        # Controllers create topics, with their own defaults for settings that a request does not set.
        "KAFKA_DEFAULT_REPLICATION_FACTOR": str(settings.replication),
        "KAFKA_MIN_INSYNC_REPLICAS": str(settings.min_in_sync_replicas),
        "KAFKA_NUM_PARTITIONS": str(settings.partitions),
        "FIRST_NUMBER": str(FIRST_CONTROLLER),
        **({"PEERS": domain(CONTROLLER_PODS)} if settings.tls else {}),
    }


def _kraft(settings: Kafka, project: str, role: str) -> dict[str, str]:
    voters = (
        f"{FIRST_CONTROLLER + number}@{pod_name(CONTROLLERS, number, CONTROLLER_PODS)}:{CONTROLLER_PORT}"
        for number in range(settings.quorum)
    )
    return {
        "CLUSTER_ID": cluster_id(project),
        "KAFKA_PROCESS_ROLES": role,
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": _listed(voters),
    }


def _with_zookeeper(settings: Kafka) -> dict[str, str]:
    servers = (f"{pod_name(ZOOKEEPERS, number, ZOOKEEPER_PODS)}:{ZOOKEEPER_PORT}" for number in range(settings.quorum))
    return {
        "KAFKA_ZOOKEEPER_CONNECT": _listed(servers),
        # The image's script has a shorter default; draining a node can also terminate its ZooKeeper.
        "KAFKA_CUB_ZK_TIMEOUT": "120",
    }


def _listed(parts: Iterable[str]) -> str:
    return ",".join(parts)


def zookeeper(settings: Kafka) -> dict[str, str]:
    """Return the variables of a ZooKeeper of the ensemble."""
    peers, elections = ZOOKEEPER_PEER_PORTS
    servers = (
        f"{pod_name(ZOOKEEPERS, number, ZOOKEEPER_PODS)}:{peers}:{elections}" for number in range(settings.quorum)
    )
    return {
        "KAFKA_HEAP_OPTS": heap(settings.quorum_resources),
        "ZOOKEEPER_CLIENT_PORT": str(ZOOKEEPER_PORT),
        "ZOOKEEPER_TICK_TIME": "2000",
        "ZOOKEEPER_INIT_LIMIT": "10",
        "ZOOKEEPER_SYNC_LIMIT": "5",
        "ZOOKEEPER_SERVERS": ";".join(servers),
        # A pod's own name may not resolve yet when it starts.
        "ZOOKEEPER_QUORUM_LISTEN_ON_ALL_IPS": "true",
        "ZOOKEEPER_AUTOPURGE_SNAP_RETAIN_COUNT": "3",
        "ZOOKEEPER_AUTOPURGE_PURGE_INTERVAL": "24",
        "ZOOKEEPER_ADMIN_ENABLE_SERVER": "false",
    }
