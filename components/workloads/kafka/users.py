"""Kafka users outside the cluster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.context.context import WorkloadContext
from components.data.certificates import ServerCertificate, certificate_mount
from components.data.secret import versions
from components.identity.secret_access import SecretAccess
from components.kubernetes.jobs import job
from components.kubernetes.pods import environment, resources
from components.workloads.kafka.environment import client
from components.workloads.kafka.servers import SCRIPTS, USER_ID
from config.workloads.kafka import NAMESPACE, Kafka, KafkaLoadBalancer, internal_servers
from config.workloads.resources import Amounts, Resources

DEADLINE_SECONDS = 900
AMOUNTS = Resources(requests=Amounts(cpu="100m", memory="256Mi"), limits=Amounts(memory="512Mi"))
"""Resources of Kafka's command line tool, a Java program."""


def connection(settings: Kafka) -> list[kubernetes.core.v1.EnvVarArgs]:
    """Return the variables with which a Job's script connects to the brokers."""
    encrypted = {"CLIENT": client(settings)} if settings.tls else {}
    return environment({"SERVERS": internal_servers(), **encrypted, "LOG_DIR": "/tmp"})  # noqa: S108, its own volume


class KafkaUsers(Component):
    """A Job that sets the password of each user from its secret, and removes the logins of users that are not listed.

    It connects to the brokers inside the cluster, where no password is required.
    """

    TOKEN: ClassVar[str] = "ai-platform:workloads:KafkaUsers"

    def __init__(
        self,
        name: str,
        settings: Kafka,
        *,
        balancer: KafkaLoadBalancer,
        context: WorkloadContext,
        labels: Mapping[str, str],
        certificate: ServerCertificate | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        secrets = {user: context.secrets[one.secret] for user, one in balancer.users.items()}
        access = SecretAccess(
            name,
            role_name=f"{context.project}-{NAMESPACE}-secrets",
            namespace=NAMESPACE,
            region=context.region,
            provider=context.cluster.identity_provider,
            secret_arns=[one.arn for one in dict.fromkeys(secrets.values())],
            labels=labels,
            opts=self.child(),
        )
        passwords = access.external_secret(
            name,
            {user: (secret.arn, "password") for user, secret in secrets.items()},
            version=versions(secrets.values()),
        )
        variables = {f"PASSWORD_{number}": user for number, user in enumerate(balancer.users)}
        job(
            name,
            namespace=NAMESPACE,
            labels=labels,
            image=settings.broker_image(),
            command=["bash", "-euo", "pipefail", "-c", SCRIPTS["users.sh"]],
            env=[
                *connection(settings),
                *environment({"USERS": " ".join(balancer.users)}),
                *passwords.environment(variables),
            ],
            resources=resources(AMOUNTS),
            user=USER_ID,
            deadline_seconds=DEADLINE_SECONDS,
            volumes=[certificate.volume()] if certificate else [],
            mounts=[certificate_mount()] if certificate else [],
            opts=self.child(depends_on=[passwords.resource]),
        )
        self.finish()
