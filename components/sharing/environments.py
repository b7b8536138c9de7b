"""All environments of a platform."""

from collections.abc import Mapping
from typing import ClassVar

import pulumi

from components.base.component import Component
from components.context.context import WorkloadContext
from components.data.file_system import FileSystem
from components.database_setup.migration import migration_job
from components.database_setup.schemas import SchemaOwner, Schemas
from components.kubernetes.pods import labels
from components.operations.backup.backup import DatabaseBackup
from components.sharing.applications.application import Application
from components.sharing.environment.context import EnvironmentContext
from components.sharing.environment.environment import Environment
from components.sharing.environment.names import DATABASE_SECRET
from components.sharing.environment.priority_classes import PriorityClasses
from config.applications import Application as ApplicationSettings
from config.settings import Settings


class Environments(Component):
    """Priority classes and schemas, then the namespace, migration, backup and services of each environment."""

    TOKEN: ClassVar[str] = "ai-platform:environments:Environments"

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        platform: WorkloadContext,
        file_systems: Mapping[str, FileSystem],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.outputs: dict[str, pulumi.Input[str]] = {}
        self._settings = settings
        classes = PriorityClasses("priority-classes", settings.priority_classes, opts=self.child())
        self._context = EnvironmentContext(
            platform=platform,
            schemas=self._schemas(platform),
            file_systems=file_systems,
        )
        self.environments = {
            key: Environment(
                key,
                environment,
                environment=key,
                context=self._context,
                opts=self.child(depends_on=[classes]),
            )
            for key, environment in settings.environments.items()
        }
        for environment in self.environments.values():
            self._applications(environment, self._migrate(environment))
            self._back_up(environment)
        self.finish()

    def _schemas(self, platform: WorkloadContext) -> dict[str, Schemas]:
        """Create one Job for each server, which sets up the schemas of its environments."""
        owners: dict[str, list[SchemaOwner]] = {}
        for key, environment in self._settings.environments.items():
            if environment.database is not None:
                database = environment.database
                owner = SchemaOwner(key, database.user, database.schema_name, database.restore_database())
                owners.setdefault(database.cluster, []).append(owner)
        return {
            server: Schemas(
                f"{server}-schemas",
                project=platform.project,
                region=platform.region,
                server=platform.databases[server],
                owners=found,
                namespace=platform.database_setup,
                identity_provider=platform.cluster.identity_provider,
                database_cidrs=self._settings.network.data_cidrs(),
                opts=self.child(),
            )
            for server, found in owners.items()
        }

    def _migrate(self, environment: Environment) -> list[pulumi.Resource]:
        """Run the migration, and return the dependencies of services."""
        key, database = environment.environment, environment.settings.database
        if database is None or database.migration is None:
            return []
        migration = database.migration
        name = f"{key}-migration"
        return [
            migration_job(
                name,
                migration,
                application=self._application_of(key, migration.application),
                environment_name=key,
                namespace=environment.namespace.namespace,
                labels=labels(name, "migration"),
                secret_name=DATABASE_SECRET,
                priority_class=environment.priority_class,
                annotations=environment.pod_annotations,
                opts=self.child(depends_on=environment.ready),
            )
        ]

    def _back_up(self, environment: Environment) -> None:
        key, database = environment.environment, environment.settings.database
        if database is None or database.backup is None:
            return
        backup, platform = database.backup, self._context.platform
        DatabaseBackup(
            f"{key}-backup",
            backup,
            project=platform.project,
            region=platform.region,
            environment=key,
            namespace=environment.namespace.namespace,
            restore_database=database.restore_database(),
            bucket=platform.buckets[backup.bucket],
            secret_name=DATABASE_SECRET,
            identity_provider=platform.cluster.identity_provider,
            priority_class=environment.priority_class,
            opts=self.child(depends_on=environment.ready),
        )

    def _application_of(self, environment: str, application: str) -> ApplicationSettings:
        """Return an application with the environment's settings, even if the environment does not run it."""
        return self._settings.services(environment).get(application, self._settings.applications[application])

    def _applications(self, environment: Environment, migrated: list[pulumi.Resource]) -> None:
        key = environment.environment
        services = self._settings.services(key)
        # The longer of two paths of a host has precedence: `/` would also match requests for `/search`.
        for application in sorted(services, key=lambda name: -len(environment.settings.services[name].path)):
            settings = services[application]
            built = Application(
                f"{key}-{application}",
                settings,
                application=application,
                service=environment.settings.services[application],
                environment=environment,
                context=self._context,
                opts=self.child(depends_on=migrated),
            )
            if built.url is not None:
                self.outputs[f"{key}_{application}_url".replace("-", "_")] = built.url
