"""Topics of the stack file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pulumi

from components.base.component import Component
from components.data.certificates import ServerCertificate, certificate_mount
from components.kubernetes.jobs import job
from components.kubernetes.pods import environment, resources
from components.workloads.kafka.servers import SCRIPTS, USER_ID
from components.workloads.kafka.users import AMOUNTS, DEADLINE_SECONDS, connection
from config.workloads.kafka import NAMESPACE, Kafka, Topic

HOUR_MS = 3_600_000


class KafkaTopics(Component):
    """A Job that creates topics and sets their retention and message size. It deletes no topic."""

    TOKEN: ClassVar[str] = "ai-platform:workloads:KafkaTopics"

    def __init__(
        self,
        name: str,
        settings: Kafka,
        *,
        labels: Mapping[str, str],
        certificate: ServerCertificate | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        listed = "\n".join(line(topic, stated, settings) for topic, stated in settings.topics.items())
        job(
            name,
            namespace=NAMESPACE,
            labels=labels,
            image=settings.broker_image(),
            command=["bash", "-euo", "pipefail", "-c", SCRIPTS["topics.sh"]],
            env=[*connection(settings), *environment({"TOPICS": listed})],
            resources=resources(AMOUNTS),
            user=USER_ID,
            deadline_seconds=DEADLINE_SECONDS,
            volumes=[certificate.volume()] if certificate else [],
            mounts=[certificate_mount()] if certificate else [],
            opts=self.child(),
        )
        self.finish()


def line(name: str, topic: Topic, settings: Kafka) -> str:
    """Return a topic's name, partitions, replication factor and properties, for the Job's script."""
    size = settings.topic_bytes(topic)
    properties = {
        "retention.ms": (topic.retention_hours or settings.retention_hours) * HOUR_MS,
        "retention.bytes": -1 if size is None else size,
        "max.message.bytes": topic.max_message_bytes or settings.max_message_bytes,
    }
    told = ",".join(f"{key}={value}" for key, value in properties.items())
    return f"{name} {settings.topic_partitions(topic)} {settings.topic_replication(topic)} {told}"
