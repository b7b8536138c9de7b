"""Credentials of an environment's services: created in Secrets Manager and synced to its namespace."""

from collections.abc import Mapping
from typing import ClassVar

import pulumi

from components.base.component import Component
from components.data.aurora import AuroraCluster
from components.data.secret import Secret, versions
from components.data.server import DatabaseServer
from components.identity.secret_access import SecretAccess, SyncedSecret
from components.sharing.environment.connections import api_keys
from components.sharing.environment.context import EnvironmentContext
from components.sharing.environment.names import CACHE_SECRET, DATABASE_SECRET, MODELS_SECRET, labels
from config.environments import Environment as EnvironmentSettings
from config.environments import EnvironmentDatabase
from config.secrets import SecretKey


class EnvironmentSecrets(Component):
    """One SecretStore, whose role reads the secrets of this environment only.

    A value that is set in Secrets Manager later (`applications.*.secrets`) is synced within one hour.
    """

    TOKEN: ClassVar[str] = "ai-platform:environments:EnvironmentSecrets"

    def __init__(
        self,
        name: str,
        settings: EnvironmentSettings,
        *,
        environment: str,
        namespace: str,
        context: EnvironmentContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.database: SyncedSecret | None = None
        self.cache: SyncedSecret | None = None
        self.models: SyncedSecret | None = None
        """The API keys of the environment's models and of the gateway."""
        self.of_applications: dict[str, SyncedSecret] = {}
        """Secrets of applications, by the application's key."""
        platform = context.platform
        login = context.schemas[settings.database.cluster].secrets[environment] if settings.database else None
        cache = platform.caches[settings.cache.cache].secrets[environment] if settings.cache else None
        applications = {
            key: application.secrets
            for key, application in platform.settings.services(environment).items()
            if application.secrets
        }
        named = {key.secret: platform.secrets[key.secret] for keys in applications.values() for key in keys.values()}
        models = api_keys(settings, platform)
        given = [*(secret for secret in (login, cache) if secret), *(secret for secret, _ in models.values())]
        arns = [secret.arn for secret in (*given, *named.values())]
        if not arns:
            self.finish()
            return
        access = SecretAccess(
            name,
            role_name=f"{platform.project}-{name}",
            namespace=namespace,
            region=platform.region,
            provider=platform.cluster.identity_provider,
            secret_arns=arns,
            labels=labels(environment),
            opts=self.child(),
        )
        if settings.database is not None and login is not None:
            self.database = self._database(
                access, settings.database, login, platform.databases[settings.database.cluster]
            )
        if cache is not None:
            self.cache = self._cache(access, cache)
        if models:
            self.models = self._models(access, models)
        for key, keys in applications.items():
            self.of_applications[key] = self._application(access, key, keys, named)
        self.finish()

    def _database(
        self, access: SecretAccess, settings: EnvironmentDatabase, login: Secret, server: DatabaseServer
    ) -> SyncedSecret:
        """Return the database's URL for programs, and the variables of libpq for tools. Both search the schema only.

        The host is the server's writer endpoint, not the endpoint of one instance.
        """
        options = f"options=-c%20search_path%3D{settings.schema_name}&sslmode=require"

        def url(host: pulumi.Input[str]) -> pulumi.Output[str]:
            user = "{{ .username | urlquery }}:{{ .password | urlquery }}"
            return pulumi.Output.concat(
                f"postgresql://{user}@", host, f":{server.port}/{server.database_name}?{options}"
            )

        template: dict[str, pulumi.Input[str]] = {
            "DATABASE_URL": url(server.address),
            "DB_SCHEMA": settings.schema_name,
            "PGHOST": server.address,
            "PGPORT": str(server.port),
            "PGDATABASE": server.database_name,
            "PGUSER": "{{ .username }}",
            "PGPASSWORD": "{{ .password }}",
            "PGSSLMODE": "require",
        }
        if isinstance(server, AuroraCluster) and server.settings.readers:
            template["DATABASE_READER_URL"] = url(server.reader_address)
        return access.fixed_secret(
            DATABASE_SECRET,
            {"username": (login.arn, "username"), "password": (login.arn, "password")},
            version=login.version_id(),
            template=template,
        )

    def _cache(self, access: SecretAccess, cache: Secret) -> SyncedSecret:
        return access.fixed_secret(
            CACHE_SECRET,
            {"REDIS_USERNAME": (cache.arn, "username"), "REDIS_PASSWORD": (cache.arn, "password")},
            version=cache.version_id(),
        )

    def _models(self, access: SecretAccess, models: Mapping[str, tuple[Secret, str]]) -> SyncedSecret:
        return access.fixed_secret(
            MODELS_SECRET,
            {variable: (secret.arn, key) for variable, (secret, key) in models.items()},
            version=versions(secret for secret, _ in models.values()),
        )

    def _application(
        self, access: SecretAccess, application: str, keys: Mapping[str, SecretKey], secrets: Mapping[str, Secret]
    ) -> SyncedSecret:
        kept = [secrets[key.secret].version_id() for key in keys.values()]
        return access.external_secret(
            application,
            {variable: (secrets[key.secret].arn, key.property) for variable, key in keys.items()},
            version=pulumi.Output.all(*kept).apply(lambda found: ",".join(map(str, found))),
        )

    def synced(self) -> list[pulumi.Resource]:
        """Return the dependencies of pods with these secrets."""
        found = [self.database, self.cache, self.models, *self.of_applications.values()]
        return [secret.resource for secret in found if secret is not None]
