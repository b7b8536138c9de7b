"""The gateway: Deployment, Service, autoscaler and disruption budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.data.cache import Cache
from components.database_setup.database_user import DatabaseUser
from components.kubernetes.pods import (
    CONFIGURATION_ANNOTATION,
    configuration_hash,
    container_security,
    environment,
    in_order,
    mount,
    pod_security,
    probe,
    resources,
    sleep_first,
    tolerate,
    volume,
)
from components.kubernetes.scaling import scaled_deployment, served, spread
from components.workloads.counters import SCRIPT, counters, scraped
from components.workloads.litellm.names import (
    APP,
    CONFIG,
    CONFIG_FILE,
    CONFIG_FOLDER,
    DATABASE,
    SCRATCH,
    USER_ID,
)
from components.workloads.litellm.secrets import LitellmSecrets
from config.timeouts import PRE_STOP_SECONDS, Timeouts
from config.variables import references
from config.workloads.litellm import METRICS_PORT, NAMESPACE, PORT, SERVICE
from config.workloads.litellm import Litellm as LitellmSettings

ALIVE = "/health/liveliness"
READY = "/health/readiness"
"""It checks the database as well."""

PROMETHEUS_FOLDER = "/counters"
"""A volume, which is mounted before either container starts."""

SCRATCH_SIZE = "512Mi"
"""The admin UI's files; requested from the disk of the node."""

COUNTERS_SIZE = "64Mi"

DATABASE_URL = "postgresql://{0}:$(DATABASE_PASSWORD)@{1}:{2}/{3}?sslmode=require"
NAMED = {"DATABASE_URL": references(DATABASE_URL)}
"""The variables that the URL refers to; its address is known after the database is created."""


def database_environment(user: DatabaseUser) -> dict[str, pulumi.Input[str]]:
    """Return the variable with the database's URL; TLS is required."""
    url = pulumi.Output.format(DATABASE_URL, user.user, user.database.address, user.database.port, DATABASE)
    return {"DATABASE_URL": url}


class LitellmServer(Component):
    """Two or more gateways across zones, which share keys through PostgreSQL and budgets through Redis."""

    TOKEN: ClassVar[str] = "ai-platform:workloads:LitellmServer"

    def __init__(
        self,
        name: str,
        settings: LitellmSettings,
        *,
        configuration: str,
        service_account: str | None,
        cache: Cache,
        database_user: DatabaseUser,
        secrets: LitellmSecrets,
        timeouts: Timeouts,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._labels = dict(labels)
        self._timeouts = timeouts
        self._service_account = service_account
        data: dict[str, pulumi.Input[str]] = {CONFIG_FILE: configuration, **SCRIPT}
        config = kubernetes.core.v1.ConfigMap(name, metadata=self._metadata(CONFIG), data=data, opts=self.child())
        plain = self._environment(database_user, cache)
        env = [*secrets.environment(), *environment(plain)]
        self.deployment = self._deployment(env, {CONFIGURATION_ANNOTATION: configuration_hash(data)}, [config])
        self.service = served(
            self.deployment,
            name,
            app=APP,
            service=SERVICE,
            namespace=NAMESPACE,
            labels=self._labels,
            port=PORT,
            replicas=settings.replicas,
            opts=self.child(),
        )
        self.finish()

    def _metadata(self, object_name: str) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(name=object_name, namespace=NAMESPACE, labels=self._labels)

    def _environment(self, database_user: DatabaseUser, cache: Cache) -> dict[str, pulumi.Input[str]]:
        """Return the variables without secrets."""
        return {
            **database_environment(database_user),
            "REDIS_HOST": cache.address,
            "REDIS_PORT": str(cache.port),
            "REDIS_SSL": "True",
            # The migration Job manages the schema, not the replica that starts first.
            "DISABLE_SCHEMA_UPDATE": "true",
            # Prices are those of its version, not those on GitHub at startup.
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "LITELLM_MODE": "PRODUCTION",
            "LITELLM_LOG": "ERROR",
            "DISABLE_ADMIN_UI": str(not self._settings.admin_ui),
            "LITELLM_NON_ROOT": "true",
            "LITELLM_UI_PATH": f"{SCRATCH}/ui",
            "LITELLM_ASSETS_PATH": f"{SCRATCH}/assets",
            "PROMETHEUS_MULTIPROC_DIR": PROMETHEUS_FOLDER,
            "KEEPALIVE_TIMEOUT": str(self._timeouts.keep_alive),
            # By default it ends streams after 30 seconds: https://github.com/BerriAI/litellm/issues/14334
            "GRACEFUL_SHUTDOWN_TIMEOUT": str(self._timeouts.drain),
            "HOME": SCRATCH,
            **self._settings.environment,
        }

    def _server(self, env: Sequence[kubernetes.core.v1.EnvVarArgs]) -> kubernetes.core.v1.ContainerArgs:
        return kubernetes.core.v1.ContainerArgs(
            name="server",
            image=self._settings.image,
            command=[
                "litellm",
                "--config",
                f"{CONFIG_FOLDER}/{CONFIG_FILE}",
                "--host",
                "0.0.0.0",  # noqa: S104, a pod's own address; the NetworkPolicy says who reaches it
                "--port",
                str(PORT),
                *self._settings.arguments,
            ],
            env=in_order(env, named=NAMED),
            ports=[kubernetes.core.v1.ContainerPortArgs(name="http", container_port=PORT)],
            resources=resources(self._settings.resources, scratch=SCRATCH_SIZE),
            startup_probe=probe(READY, period=5, failures=60),
            readiness_probe=probe(READY, period=10, failures=3),
            liveness_probe=probe(ALIVE, period=20, failures=6),
            lifecycle=sleep_first(PRE_STOP_SECONDS),
            security_context=container_security(),
            volume_mounts=[
                mount("scratch", SCRATCH),
                mount("counters", PROMETHEUS_FOLDER),
                mount("config", CONFIG_FOLDER, read_only=True),
            ],
        )

    def _metrics(self) -> kubernetes.core.v1.ContainerArgs:
        """Return the metrics container.

        LiteLLM can start such a server itself, but fails to start if that takes more than half a minute.
        """
        return counters(
            self._settings.image,
            folder=PROMETHEUS_FOLDER,
            scripts=CONFIG_FOLDER,
            port=METRICS_PORT,
            home=SCRATCH,
            mounts=[
                mount("scratch", SCRATCH),
                mount("counters", PROMETHEUS_FOLDER),
                mount("config", CONFIG_FOLDER, read_only=True),
            ],
        )

    def _deployment(
        self,
        env: Sequence[kubernetes.core.v1.EnvVarArgs],
        annotations: Mapping[str, pulumi.Input[str]],
        depends_on: Sequence[pulumi.Resource],
    ) -> kubernetes.apps.v1.Deployment:
        settings = self._settings
        return scaled_deployment(
            self.name,
            metadata=self._metadata(APP),
            labels=self._labels,
            annotations={**scraped(METRICS_PORT), **annotations},
            pod=kubernetes.core.v1.PodSpecArgs(
                service_account_name=self._service_account,
                automount_service_account_token=False,
                # Kubernetes would set the variables LITELLM_PORT and, for a Service named redis, REDIS_PORT.
                enable_service_links=False,
                termination_grace_period_seconds=self._timeouts.grace_period,
                security_context=pod_security(USER_ID),
                node_selector=dict(settings.node_selector) or None,
                tolerations=tolerate(settings.tolerations),
                topology_spread_constraints=spread(self._labels, strict=settings.replicas.min > 1),
                containers=[self._server(env), self._metrics()],
                volumes=[
                    volume(
                        "scratch",
                        empty_dir=kubernetes.core.v1.EmptyDirVolumeSourceArgs(size_limit=SCRATCH_SIZE),
                    ),
                    volume(
                        "counters",
                        empty_dir=kubernetes.core.v1.EmptyDirVolumeSourceArgs(size_limit=COUNTERS_SIZE),
                    ),
                    volume("config", config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=CONFIG)),
                ],
            ),
            opts=self.child(depends_on=depends_on),
        )
