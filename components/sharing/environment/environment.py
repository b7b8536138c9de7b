"""One environment: its namespace, and the resources in it that its services require."""

from __future__ import annotations

from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.identity.access import bucket_statements
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from components.ingress.readiness import READINESS_LABEL
from components.kubernetes.namespace import ENVIRONMENT_LABEL, Namespace
from components.kubernetes.pods import CONFIGURATION_ANNOTATION, configuration_hash
from components.sharing.environment.cache import cache_settings
from components.sharing.environment.connections import connection_settings
from components.sharing.environment.context import EnvironmentContext
from components.sharing.environment.limits import Limits
from components.sharing.environment.names import CACHE_CONFIGURATION, CONNECTIONS, labels
from components.sharing.environment.network_policies import boundaries
from components.sharing.environment.secrets import EnvironmentSecrets
from components.sharing.environment.volumes import Volumes
from config.environments import Environment as EnvironmentSettings


class Environment(Component):
    """Namespace, limits, network, identity, secrets, settings and claims; pods depend on `ready`."""

    TOKEN: ClassVar[str] = "ai-platform:environments:Environment"

    def __init__(
        self,
        name: str,
        settings: EnvironmentSettings,
        *,
        environment: str,
        context: EnvironmentContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.settings = settings
        self.environment = environment
        self._context = context
        platform = context.platform
        self.namespace = Namespace(
            f"{name}-namespace",
            namespace=platform.settings.namespace(environment),
            labels={
                **(READINESS_LABEL if any(service.host for service in settings.services.values()) else {}),
                **settings.labels,
                ENVIRONMENT_LABEL: environment,
            },
            opts=self.child(),
        )
        inside = self.child(depends_on=[self.namespace])
        where = self.namespace.namespace
        limits = Limits(f"{name}-limits", settings, environment=environment, namespace=where, opts=inside)
        policies = boundaries(platform.settings, environment, self.namespace, opts=inside)
        self.identity = self._identity(f"{name}-{settings.service_account}")
        self.service_account = settings.service_account
        self.secrets = EnvironmentSecrets(
            f"{name}-secrets", settings, environment=environment, namespace=where, context=context, opts=inside
        )
        self.database_secret = self.secrets.database
        self.cache_configuration: kubernetes.core.v1.ConfigMap | None = None
        self.connections: kubernetes.core.v1.ConfigMap | None = None
        self.pod_annotations: dict[str, pulumi.Input[str]] = {}
        """Annotations with digests of passwords and settings: pods restart when those change."""
        self._annotate()
        self._cache(inside)
        self._connect(inside)
        self.ready: list[pulumi.Resource] = [
            self.namespace,
            *limits.enforced,
            *policies,
            self.identity,
            *self.secrets.synced(),
            *self._configurations(),
            *(user for key in settings.connections.databases for user in platform.database_users.get(key, ())),
            *self._volumes(),
        ]
        """Dependencies of every pod of the environment."""
        if settings.database is not None:
            # The Job sets the user's password: logins fail before it has run.
            self.ready.append(context.schemas[settings.database.cluster].job)
        self.finish(namespace=where)

    @property
    def priority_class(self) -> str:
        """Return the PriorityClass of pods without a class of their own."""
        return self.settings.priority_classes[0]

    @property
    def region(self) -> str:
        """Return the AWS region."""
        return self._context.platform.region

    def _annotate(self) -> None:
        secrets = self.secrets
        for kind, secret in (("database", secrets.database), ("cache", secrets.cache), ("models", secrets.models)):
            if secret is not None and secret.version is not None:
                self.pod_annotations[f"ai-platform/{kind}-secret-version"] = secret.version

    def _cache(self, opts: pulumi.ResourceOptions) -> None:
        settings = self.settings.cache
        if settings is None:
            return
        data = cache_settings(settings, self._context.platform.caches[settings.cache], environment=self.environment)
        self.cache_configuration = kubernetes.core.v1.ConfigMap(
            f"{self.name}-{CACHE_CONFIGURATION}",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=CACHE_CONFIGURATION, namespace=self.namespace.namespace, labels=labels(self.environment)
            ),
            data=data,
            opts=opts,
        )
        self.pod_annotations[CONFIGURATION_ANNOTATION] = configuration_hash(data)

    def _configurations(self) -> list[pulumi.Resource]:
        return [one for one in (self.cache_configuration, self.connections) if one is not None]

    def _connect(self, opts: pulumi.ResourceOptions) -> None:
        """Create the settings and secrets of its databases and models."""
        data = connection_settings(self.environment, self.settings, self._context.platform)
        if not data:
            return
        self.connections = kubernetes.core.v1.ConfigMap(
            f"{self.name}-{CONNECTIONS}",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=CONNECTIONS, namespace=self.namespace.namespace, labels=labels(self.environment)
            ),
            data=data,
            opts=opts,
        )
        self.pod_annotations["ai-platform/connections"] = configuration_hash(data)

    def _identity(self, name: str) -> WorkloadIdentity:
        settings, platform = self.settings, self._context.platform
        return WorkloadIdentity(
            name,
            role_name=settings.role_name or f"{platform.project}-{self.environment}-app",
            account=ServiceAccount(self.namespace.namespace, settings.service_account),
            provider=platform.cluster.identity_provider,
            statements=bucket_statements(
                "Objects", *((platform.buckets[key].objects, right) for key, right in settings.buckets.items())
            ),
            labels=labels(self.environment),
            opts=self.child(depends_on=[self.namespace]),
        )

    def _volumes(self) -> list[pulumi.Resource]:
        if not self.settings.volumes:
            return []
        file_systems = self._context.file_systems
        used = {volume.file_system for volume in self.settings.volumes.values()}
        targets = [target for key in sorted(used) for target in file_systems[key].mount_targets]
        return Volumes(
            f"{self.name}-volumes",
            self.settings.volumes,
            project=self._context.platform.project,
            environment=self.environment,
            namespace=self.namespace.namespace,
            file_systems=file_systems,
            opts=self.child(depends_on=[self.namespace, *targets]),
        ).claims
