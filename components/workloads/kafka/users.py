"""Kafka users outside the cluster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pulumi

from components.base.component import Component
from components.context.context import WorkloadContext
from components.data.secret import versions
from components.identity.secret_access import SecretAccess
from components.kubernetes.jobs import job
from components.kubernetes.pods import environment, resources
from components.workloads.kafka.servers import SCRIPTS, USER_ID
from config.workloads.kafka import NAMESPACE, Kafka, KafkaLoadBalancer, internal_servers
from config.workloads.resources import Amounts, Resources

DEADLINE_SECONDS = 900
AMOUNTS = Resources(requests=Amounts(cpu="100m", memory="256Mi"), limits=Amounts(memory="512Mi"))
"""Resources of Kafka's command line tool, a Java program."""


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
                *environment({"SERVERS": internal_servers(), "USERS": " ".join(balancer.users), "LOG_DIR": "/tmp"}),  # noqa: S108, its own volume
                *passwords.environment(variables),
            ],
            resources=resources(AMOUNTS),
            user=USER_ID,
            deadline_seconds=DEADLINE_SECONDS,
            opts=self.child(depends_on=[passwords.resource]),
        )
        self.finish()
