"""LiteLLM's secrets: made by AWS or filled by a person, kept in Secrets Manager, brought into its namespace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.component import Component
from components.data.database_user import DatabaseUser
from components.data.secret import Secret, versions
from components.identity.secret_access import SecretAccess, SyncedSecret
from components.workloads.context import WorkloadContext
from components.workloads.litellm.configuration import MASTER_KEY, SALT_KEY, variable
from components.workloads.litellm.names import APP, KEY_PREFIX
from config.workloads.litellm import API_KEY, NAMESPACE
from config.workloads.litellm import Litellm as LitellmSettings


class LitellmSecrets(Component):
    """The database password, the cache's user, the master key, the salt, the models' keys and those of callers."""

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
        self.master = Secret(
            f"{name}-master",
            secret_name=f"{context.project}/{APP}/master-key",
            description="LiteLLM: key of the administrator",
            generated=(API_KEY,),
            prefix=KEY_PREFIX,
            opts=self.child(),
        )
        # Apart from the master key: what LiteLLM keeps encrypted can be read with the first salt alone. It is never
        # made anew: https://docs.litellm.ai/docs/proxy/prod#8-set-litellm-salt-key
        salt = Secret(
            f"{name}-salt",
            secret_name=f"{context.project}/{APP}/salt-key",
            description="LiteLLM: encrypts what it keeps; never change it",
            generated=("saltKey",),
            prefix=KEY_PREFIX,
            opts=self.child(),
        )
        self.callers = {
            caller: Secret(
                f"{name}-caller-{caller}",
                secret_name=f"{context.project}/{APP}/callers/{caller}",
                description=f"LiteLLM: key of {caller}",
                generated=(API_KEY,),
                prefix=KEY_PREFIX,
                opts=self.child(),
            )
            for caller in settings.callers
        }
        cache = context.caches[settings.cache].secrets[APP]
        outside = {provider: context.secrets[one.key.secret] for provider, one in settings.providers.items()}
        models = {endpoint.name: endpoint.secret for endpoint in context.endpoints.values()}
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
        self.database_login = access.external_secret(
            "litellm-database",
            {"password": (database_user.secret.arn, "password")},
            version=database_user.secret.version_id(),
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
        self.models: SyncedSecret | None = None
        self._wanted = {
            **{
                variable("vllm", endpoint.name): (endpoint.secret.arn, endpoint.key)
                for endpoint in context.endpoints.values()
            },
            **{
                variable("provider", provider): (outside[provider].arn, one.key.property)
                for provider, one in settings.providers.items()
            },
        }
        if self._wanted:
            self.models = access.external_secret(
                "litellm-models", self._wanted, version=versions([*models.values(), *outside.values()])
            )
        self.caller_keys: SyncedSecret | None = None
        if self.callers:
            self.caller_keys = access.external_secret(
                "litellm-callers",
                {caller: (secret.arn, API_KEY) for caller, secret in self.callers.items()},
                version=versions(self.callers.values()),
            )
        self.finish(master_secret_arn=self.master.arn)

    def environment(self) -> list[kubernetes.core.v1.EnvVarArgs]:
        """The variables that hold secrets."""
        return [
            *self.database_login.environment({"DATABASE_PASSWORD": "password"}),
            *self.cache_login.environment({"REDIS_USERNAME": "username", "REDIS_PASSWORD": "password"}),
            *self.keys.environment({MASTER_KEY: MASTER_KEY, SALT_KEY: SALT_KEY}),
            *(self.models.environment({name: name for name in self._wanted}) if self.models else []),
        ]

    def synced(self) -> list[pulumi.Resource]:
        """What pods with these secrets wait for."""
        secrets = [self.database_login, self.cache_login, self.keys, self.models, self.caller_keys]
        return [secret.resource for secret in secrets if secret is not None]
