"""MLflow's secrets: made by AWS, kept in Secrets Manager, brought into its namespace."""

from collections.abc import Mapping
from typing import ClassVar

import pulumi

from components.component import Component
from components.data.database_user import DatabaseUser
from components.data.secret import Secret
from components.identity.secret_access import SecretAccess
from components.workloads.context import WorkloadContext
from components.workloads.mlflow.names import ADMIN, APP, RUNS_DATABASE_SECRET, SERVER_SECRET, USERS_SECRET
from config.workloads.mlflow import Mlflow as MlflowSettings


class MlflowSecrets(Component):
    """The database password, the server's keys with the administrator's password, and one password a user."""

    TOKEN: ClassVar[str] = "ai-platform:workloads:MlflowSecrets"

    def __init__(
        self,
        name: str,
        settings: MlflowSettings,
        *,
        context: WorkloadContext,
        database_user: DatabaseUser,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.server = Secret(
            f"{name}-server",
            secret_name=f"{context.project}/{APP}/server",
            description="MLflow: administrator and keys of the server",
            fixed={"username": ADMIN},
            generated=("password", "sessionKey", "gatewayKey"),
            opts=self.child(),
        )
        self.users = {
            user: Secret(
                f"{name}-user-{user}",
                secret_name=f"{context.project}/{APP}/users/{user}",
                description=f"MLflow: login of {user}",
                fixed={"username": user},
                generated=("password",),
                opts=self.child(),
            )
            for user in settings.users
        }
        access = SecretAccess(
            name,
            role_name=f"{context.project}-{name}",
            namespace=settings.namespace,
            region=context.region,
            provider=context.cluster.identity_provider,
            secret_arns=[
                database_user.secret.arn,
                self.server.arn,
                *(secret.arn for secret in self.users.values()),
            ],
            labels=labels,
            opts=self.child(),
        )
        self.synced: list[pulumi.Resource] = [
            access.external_secret(
                RUNS_DATABASE_SECRET,
                {"password": (database_user.secret.arn, "password")},
                version=database_user.secret.version_id(),
            ),
            access.external_secret(
                SERVER_SECRET,
                {
                    "username": (self.server.arn, "username"),
                    "password": (self.server.arn, "password"),
                    "session-key": (self.server.arn, "sessionKey"),
                    "gateway-key": (self.server.arn, "gatewayKey"),
                },
                version=self.server.version_id(),
            ),
        ]
        if self.users:
            self.synced.append(
                access.external_secret(
                    USERS_SECRET,
                    {user: (secret.arn, "password") for user, secret in self.users.items()},
                    version=self.users_version(),
                )
            )
        self.finish(server_secret_arn=self.server.arn)

    def users_version(self) -> pulumi.Output[str]:
        """Changes with any of the users' passwords."""
        versions = [secret.version_id() for secret in self.users.values()]
        return pulumi.Output.all(*versions).apply(lambda ids: ",".join(map(str, ids)))
