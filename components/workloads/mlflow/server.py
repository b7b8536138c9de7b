"""The MLflow server: Deployment, Service, autoscaler and disruption budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.database_setup.database_user import DatabaseUser
from components.kubernetes.pods import (
    CONFIGURATION_ANNOTATION,
    configuration_hash,
    container_security,
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
from components.workloads.mlflow.artifacts import app_arguments, limited, plugin_data, plugin_mount, plugin_volume
from components.workloads.mlflow.environment import (
    AUTH_FILE,
    AUTH_FOLDER,
    auth_configuration,
    server_environment,
)
from components.workloads.mlflow.names import SCRATCH, SERVICE, USER_ID, USERS_DATABASE
from components.workloads.mlflow.secrets import MlflowSecrets
from config.timeouts import PRE_STOP_SECONDS, Timeouts
from config.workloads.mlflow import APP, METRICS_PORT, PORT
from config.workloads.mlflow import Mlflow as MlflowSettings

CONFIG = "mlflow-config"
WORKER_SECONDS = 60
"""Seconds after which uvicorn ends a worker that does not answer. After its default of 5 s, requests would be lost on a
busy processor: https://www.uvicorn.org/settings/#timeouts"""

HEALTH = "/health"
"""It accepts any host name and requires no login."""

PROMETHEUS_FOLDER = f"{SCRATCH}/prometheus"


class MlflowServer(Component):
    """Two or more servers across zones, which share all data through PostgreSQL and S3."""

    TOKEN: ClassVar[str] = "ai-platform:workloads:MlflowServer"

    def __init__(
        self,
        name: str,
        settings: MlflowSettings,
        *,
        region: str,
        bucket_name: pulumi.Input[str],
        runs_database: str,
        database_user: DatabaseUser,
        allowed_hosts: pulumi.Input[str],
        origins: pulumi.Input[str],
        secrets: MlflowSecrets,
        timeouts: Timeouts,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._labels = dict(labels)
        self._timeouts = timeouts
        configuration = auth_configuration(database_user, USERS_DATABASE, settings.default_permission)
        data: dict[str, pulumi.Input[str]] = {
            AUTH_FILE: configuration,
            **SCRIPT,
            **(plugin_data() if limited(settings) else {}),
        }
        config = kubernetes.core.v1.ConfigMap(
            name,
            metadata=self._metadata(CONFIG),
            data=data,
            opts=self.child(),
        )
        command = self._command(bucket_name, allowed_hosts, origins)
        self.deployment = self._deployment(
            self._server(command, server_environment(database_user, secrets, runs_database, region, settings)),
            {CONFIGURATION_ANNOTATION: configuration_hash(data)},
            [config],
        )
        self.service = served(
            self.deployment,
            name,
            app=APP,
            service=SERVICE,
            namespace=settings.namespace,
            labels=self._labels,
            port=PORT,
            replicas=settings.replicas,
            opts=self.child(),
        )
        self.finish()

    def _metadata(self, object_name: str) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(
            name=object_name, namespace=self._settings.namespace, labels=self._labels
        )

    def _command(
        self, bucket_name: pulumi.Input[str], allowed_hosts: pulumi.Input[str], origins: pulumi.Input[str]
    ) -> list[pulumi.Input[str]]:
        return [
            "mlflow",
            "server",
            "--host",
            "0.0.0.0",  # noqa: S104, a pod's own address; the NetworkPolicy says who reaches it
            # Set explicitly, because a Service named mlflow may set MLFLOW_PORT=tcp://... in the environment.
            "--port",
            str(PORT),
            *app_arguments(self._settings, "basic-auth"),
            "--serve-artifacts",
            "--artifacts-destination",
            pulumi.Output.format("s3://{0}", bucket_name),
            "--allowed-hosts",
            allowed_hosts,
            "--cors-allowed-origins",
            origins,
            *(["--enable-workspaces"] if self._settings.workspaces else []),
            "--workers",
            str(self._settings.workers),
            "--expose-prometheus",
            PROMETHEUS_FOLDER,
            "--uvicorn-opts",
            # Without a limit the server would wait for its uploads indefinitely.
            f"--timeout-keep-alive {self._timeouts.keep_alive} --timeout-graceful-shutdown {self._timeouts.drain} "
            f"--timeout-worker-healthcheck {WORKER_SECONDS}",
            *self._settings.arguments,
        ]

    def _server(
        self, command: Sequence[pulumi.Input[str]], env: Sequence[kubernetes.core.v1.EnvVarArgs]
    ) -> kubernetes.core.v1.ContainerArgs:
        return kubernetes.core.v1.ContainerArgs(
            name="server",
            image=self._settings.image,
            command=list(command),
            env=in_order(env),
            ports=[kubernetes.core.v1.ContainerPortArgs(name="http", container_port=PORT)],
            resources=resources(self._settings.resources, scratch=self._settings.scratch),
            startup_probe=probe(HEALTH, period=5, failures=60),
            readiness_probe=probe(HEALTH, period=10, failures=3),
            liveness_probe=probe(HEALTH, period=20, failures=6),
            lifecycle=sleep_first(PRE_STOP_SECONDS),
            security_context=container_security(),
            volume_mounts=[
                mount("scratch", SCRATCH),
                mount("config", AUTH_FOLDER, read_only=True),
                *([plugin_mount()] if limited(self._settings) else []),
            ],
        )

    def _metrics(self) -> kubernetes.core.v1.ContainerArgs:
        return counters(
            self._settings.image,
            folder=PROMETHEUS_FOLDER,
            scripts=AUTH_FOLDER,
            port=METRICS_PORT,
            home=SCRATCH,
            mounts=[mount("scratch", SCRATCH), mount("config", AUTH_FOLDER, read_only=True)],
        )

    def _deployment(
        self,
        server: kubernetes.core.v1.ContainerArgs,
        annotations: Mapping[str, pulumi.Input[str]],
        depends_on: Sequence[pulumi.Resource],
    ) -> kubernetes.apps.v1.Deployment:
        settings = self._settings
        scratch = kubernetes.core.v1.EmptyDirVolumeSourceArgs(size_limit=settings.scratch)
        return scaled_deployment(
            self.name,
            metadata=self._metadata(APP),
            labels=self._labels,
            annotations={**scraped(METRICS_PORT), **annotations},
            pod=kubernetes.core.v1.PodSpecArgs(
                service_account_name=settings.service_account,
                automount_service_account_token=False,
                enable_service_links=False,
                termination_grace_period_seconds=self._timeouts.grace_period,
                security_context=pod_security(USER_ID),
                node_selector=dict(settings.node_selector) or None,
                tolerations=tolerate(settings.tolerations),
                topology_spread_constraints=spread(self._labels, strict=settings.replicas.min > 1),
                containers=[server, self._metrics()],
                volumes=[
                    volume("scratch", empty_dir=scratch),
                    volume("config", config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=CONFIG)),
                    *([plugin_volume(CONFIG)] if limited(settings) else []),
                ],
            ),
            opts=self.child(depends_on=depends_on),
        )
