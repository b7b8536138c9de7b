"""MLflow's secrets: generated, stored in Secrets Manager, and synced to its namespace."""

from collections.abc import Mapping
from typing import ClassVar

import pulumi

from components.base.component import Component
from components.context.context import WorkloadContext
from components.data.secret import Secret
from components.database_setup.database_user import DatabaseUser
from components.identity.secret_access import SecretAccess, SyncedSecret
from components.workloads.mlflow.names import ADMIN
from config.workloads.mlflow import APP
from config.workloads.mlflow import Mlflow as MlflowSettings


class MlflowSecrets(Component):
    """The database password, the logins of the administrator and of each user, and the keys of the servers."""

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
        # Separate from the server's keys: replacing those would make stored gateway secrets unreadable.
        self.admin = Secret(
            f"{name}-admin",
            secret_name=f"{context.project}/{APP}/admin",
            description="MLflow: login of the administrator",
            fixed={"username": ADMIN},
            generated=("password",),
            opts=self.child(),
        )
        server = Secret(
            f"{name}-server",
            secret_name=f"{context.project}/{APP}/server",
            description="MLflow: keys that all replicas share",
            generated=("sessionKey", "gatewayKey"),
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
                self.admin.arn,
                server.arn,
                *(secret.arn for secret in self.users.values()),
            ],
            labels=labels,
            opts=self.child(),
        )
        self._sync(access, database_user.secret, server)
        self.finish(admin_secret_arn=self.admin.arn)

    def _sync(self, access: SecretAccess, database: Secret, server: Secret) -> None:
        self.database_login = access.external_secret(
            "mlflow-database", {"password": (database.arn, "password")}, version=database.version_id()
        )
        self.admin_login = access.external_secret(
            "mlflow-admin",
            {"username": (self.admin.arn, "username"), "password": (self.admin.arn, "password")},
            version=self.admin.version_id(),
        )
        self.server_keys = access.external_secret(
            "mlflow-server",
            {"session-key": (server.arn, "sessionKey"), "gateway-key": (server.arn, "gatewayKey")},
            version=server.version_id(),
        )
        self.user_passwords: SyncedSecret | None = None
        if self.users:
            versions = [secret.version_id() for secret in self.users.values()]
            self.user_passwords = access.external_secret(
                "mlflow-users",
                {user: (secret.arn, "password") for user, secret in self.users.items()},
                version=pulumi.Output.all(*versions).apply(lambda ids: ",".join(map(str, ids))),
            )

    def synced(self) -> list[pulumi.Resource]:
        """Return the dependencies of pods with these secrets."""
        secrets = [self.database_login, self.admin_login, self.server_keys, self.user_passwords]
        return [secret.resource for secret in secrets if secret is not None]
