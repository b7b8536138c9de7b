"""Open WebUI's secrets: generated, stored in Secrets Manager, and synced to its namespace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.context.context import WorkloadContext
from components.context.endpoints import Endpoint
from components.data.secret import Secret
from components.database_setup.database_user import DatabaseUser
from components.identity.secret_access import SecretAccess
from components.workloads.open_webui.names import APP
from config.workloads.open_webui import NAMESPACE
from config.workloads.open_webui import OpenWebui as OpenWebuiSettings


class OpenWebuiSecrets(Component):
    """The database password, the cache's user, the session key, the administrator, and the key for models."""

    TOKEN: ClassVar[str] = "ai-platform:workloads:OpenWebuiSecrets"

    def __init__(
        self,
        name: str,
        settings: OpenWebuiSettings,
        *,
        context: WorkloadContext,
        models: Endpoint,
        database_user: DatabaseUser,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.administrator = Secret(
            f"{name}-administrator",
            secret_name=f"{context.project}/{APP}/administrator",
            description="Open WebUI: login of the first administrator",
            fixed={"email": settings.administrator},
            generated=("password",),
            opts=self.child(),
        )
        # One for all replicas: with separate keys each would reject the sessions of the others. It also encrypts the
        # credentials of users' tools, so it is separate from the administrator's password, which can be replaced.
        server = Secret(
            f"{name}-server",
            secret_name=f"{context.project}/{APP}/server",
            description="Open WebUI: signs sessions and encrypts what it keeps",
            generated=("secretKey",),
            opts=self.child(),
        )
        cache = context.caches[settings.cache].secrets[APP]
        access = SecretAccess(
            name,
            role_name=f"{context.project}-{name}",
            namespace=NAMESPACE,
            region=context.region,
            provider=context.cluster.identity_provider,
            secret_arns=[
                secret.arn for secret in (database_user.secret, cache, self.administrator, server, models.secret)
            ],
            labels=labels,
            opts=self.child(),
        )
        self._sync(access, database_user.secret, cache, server, models)
        self.finish(administrator_secret_arn=self.administrator.arn)

    def _sync(self, access: SecretAccess, database: Secret, cache: Secret, server: Secret, models: Endpoint) -> None:
        self.database_login = access.external_secret(
            "open-webui-database", {"password": (database.arn, "password")}, version=database.version_id()
        )
        self._cache_login = access.external_secret(
            "open-webui-cache",
            {"username": (cache.arn, "username"), "password": (cache.arn, "password")},
            version=cache.version_id(),
        )
        self._administrator = access.external_secret(
            "open-webui-administrator",
            {"email": (self.administrator.arn, "email"), "password": (self.administrator.arn, "password")},
            version=self.administrator.version_id(),
        )
        self.server_key = access.external_secret(
            "open-webui-server", {"secret-key": (server.arn, "secretKey")}, version=server.version_id()
        )
        self._models = access.external_secret(
            "open-webui-models", {"api-key": (models.secret.arn, models.key)}, version=models.secret.version_id()
        )

    def environment(self, *, embeddings: bool) -> list[kubernetes.core.v1.EnvVarArgs]:
        """Return the variables that contain secrets, except the database's, which precede its URL.

        The model for `embeddings` has a variable of its own: Open WebUI takes OPENAI_API_KEY for it only if the URL is
        OpenAI's.
        """
        keys = ("OPENAI_API_KEY", *(("RAG_OPENAI_API_KEY",) if embeddings else ()))
        return [
            *self._cache_login.environment({"REDIS_USERNAME": "username", "REDIS_PASSWORD": "password"}),
            *self._administrator.environment({"WEBUI_ADMIN_EMAIL": "email", "WEBUI_ADMIN_PASSWORD": "password"}),
            *self.server_key.environment({"WEBUI_SECRET_KEY": "secret-key"}),
            *self._models.environment(dict.fromkeys(keys, "api-key")),
        ]

    def synced(self) -> list[pulumi.Resource]:
        """Return the dependencies of pods with these secrets."""
        secrets = [self.database_login, self._cache_login, self._administrator, self.server_key, self._models]
        return [secret.resource for secret in secrets]
