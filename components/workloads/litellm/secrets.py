"""LiteLLM's secrets: generated or set by an administrator, stored in Secrets Manager, and synced to its namespace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.context.context import WorkloadContext
from components.data.secret import Secret, versions
from components.database_setup.database_user import DatabaseUser
from components.identity.secret_access import SecretAccess, SyncedSecret
from components.workloads.litellm.configuration import MASTER_KEY, SALT_KEY, variable
from components.workloads.litellm.names import APP, KEY_PREFIX
from config.workloads.litellm import API_KEY, NAMESPACE
from config.workloads.litellm import Litellm as LitellmSettings


class LitellmSecrets(Component):
    """The database password, the cache's user, the master key, the salt, and the keys of models and API clients."""

    TOKEN: ClassVar[str] = "ai-platform:workloads:LitellmSecrets"

    def __init__(
        self,
        name: str,
        settings: LitellmSettings,
        *,
        context: WorkloadContext,
        database_user: DatabaseUser,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.master = self._generated("master", "master-key", "key of the administrator", context.project)
        # Separate from the master key: data that LiteLLM encrypted can be decrypted with the original salt only. It is
        # never replaced: https://docs.litellm.ai/docs/proxy/prod#8-set-litellm-salt-key
        salt = self._generated(
            "salt", "salt-key", "encrypts what it keeps; never change it", context.project, key="saltKey"
        )
        self.callers = {
            caller: self._generated(f"caller-{caller}", f"callers/{caller}", f"key of {caller}", context.project)
            for caller in settings.virtual_keys
        }
        cache = context.caches[settings.cache].secrets[APP]
        keys = {provider: one.key for provider, one in settings.providers.items() if one.key is not None}
        outside = {provider: context.secrets[key.secret] for provider, key in keys.items()}
        models = {name: endpoint.secret for name, endpoint in context.endpoints.items()}
        every = [database_user.secret, cache, self.master, salt, *self.callers.values(), *outside.values()]
        arns = {secret.secret_name: secret.arn for secret in (*every, *models.values())}
        access = SecretAccess(
            name,
            role_name=f"{context.project}-{name}",
            namespace=NAMESPACE,
            region=context.region,
            provider=context.cluster.identity_provider,
            secret_arns=list(arns.values()),
            labels=labels,
            opts=self.child(),
        )
        self._sync(access, database_user.secret, cache, salt)
        self._wanted = {
            **{
                variable("vllm", name): (endpoint.secret.arn, endpoint.key)
                for name, endpoint in context.endpoints.items()
            },
            **{variable("provider", provider): (outside[provider].arn, key.property) for provider, key in keys.items()},
        }
        self.models = self._sync_models(access, [*models.values(), *outside.values()])
        self.virtual_key_names = self._sync_virtual_keys(access)
        self.finish(master_secret_arn=self.master.arn)

    def _generated(self, name: str, path: str, purpose: str, project: str, *, key: str = API_KEY) -> Secret:
        """Create a generated secret of LiteLLM with one key."""
        return Secret(
            f"{self.name}-{name}",
            secret_name=f"{project}/{APP}/{path}",
            description=f"LiteLLM: {purpose}",
            generated=(key,),
            prefix=KEY_PREFIX,
            opts=self.child(),
        )

    def _sync(self, access: SecretAccess, database: Secret, cache: Secret, salt: Secret) -> None:
        """Sync the secrets of every gateway."""
        self.database_login = access.external_secret(
            "litellm-database", {"password": (database.arn, "password")}, version=database.version_id()
        )
        self.cache_login = access.external_secret(
            "litellm-cache",
            {"username": (cache.arn, "username"), "password": (cache.arn, "password")},
            version=cache.version_id(),
        )
        self.keys = access.external_secret(
            "litellm-keys",
            {MASTER_KEY: (self.master.arn, API_KEY), SALT_KEY: (salt.arn, "saltKey")},
            version=versions([self.master, salt]),
        )

    def _sync_models(self, access: SecretAccess, secrets: Sequence[Secret]) -> SyncedSecret | None:
        """Sync the keys of the stack's models and of providers."""
        if not self._wanted:
            return None
        return access.external_secret("litellm-models", self._wanted, version=versions(secrets))

    def _sync_virtual_keys(self, access: SecretAccess) -> SyncedSecret | None:
        """Sync the virtual keys that the Job registers in LiteLLM."""
        if not self.callers:
            return None
        return access.external_secret(
            "litellm-callers",
            {caller: (secret.arn, API_KEY) for caller, secret in self.callers.items()},
            version=versions(self.callers.values()),
        )

    def environment(self) -> list[kubernetes.core.v1.EnvVarArgs]:
        """Return the variables that contain secrets."""
        return [
            *self.database_login.environment({"DATABASE_PASSWORD": "password"}),
            *self.cache_login.environment({"REDIS_USERNAME": "username", "REDIS_PASSWORD": "password"}),
            *self.keys.environment({MASTER_KEY: MASTER_KEY, SALT_KEY: SALT_KEY}),
            *(self.models.environment({name: name for name in self._wanted}) if self.models else []),
        ]

    def synced(self) -> list[pulumi.Resource]:
        """Return the dependencies of pods with these secrets."""
        secrets = [self.database_login, self.cache_login, self.keys, self.models, self.virtual_key_names]
        return [secret.resource for secret in secrets if secret is not None]
