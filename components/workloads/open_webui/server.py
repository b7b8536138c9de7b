"""Open WebUI's servers: Deployment, Service, autoscaler and disruption budget."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.kubernetes.pods import (
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
from components.workloads.open_webui.environment import NAMED, decided
from components.workloads.open_webui.names import APP, SCRATCH, SERVICE, SERVICE_ACCOUNT, USER_ID
from config.timeouts import PRE_STOP_SECONDS, Timeouts
from config.workloads.open_webui import NAMESPACE, PORT
from config.workloads.open_webui import OpenWebui as OpenWebuiSettings

SETTINGS = Path(__file__).parent / "files" / "settings.py"
ALIVE = "/health"
READY = "/ready"
"""It checks the database and Redis as well."""


class OpenWebuiServer(Component):
    """Two or more servers across zones, which share all data through PostgreSQL, Redis and S3."""

    TOKEN: ClassVar[str] = "ai-platform:workloads:OpenWebuiServer"

    def __init__(
        self,
        name: str,
        settings: OpenWebuiSettings,
        *,
        env: Sequence[kubernetes.core.v1.EnvVarArgs],
        timeouts: Timeouts,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._labels = dict(labels)
        self._timeouts = timeouts
        self.deployment = self._deployment(env)
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

    def _server(self, env: Sequence[kubernetes.core.v1.EnvVarArgs]) -> kubernetes.core.v1.ContainerArgs:
        return kubernetes.core.v1.ContainerArgs(
            name="server",
            image=self._settings.image,
            # The last command of the image's start.sh, which would create its own key if none is set.
            command=[
                "uvicorn",
                "open_webui.main:app",
                "--host",
                "0.0.0.0",  # noqa: S104, a pod's own address; the NetworkPolicy says who reaches it
                "--port",
                str(PORT),
                # Only the load balancer connects to it, and its headers report whether users connect by HTTPS.
                "--forwarded-allow-ips",
                "*",
                "--timeout-keep-alive",
                str(self._timeouts.keep_alive),
                "--timeout-graceful-shutdown",
                str(self._timeouts.drain),
            ],
            env=in_order(env, named=NAMED),
            ports=[kubernetes.core.v1.ContainerPortArgs(name="http", container_port=PORT)],
            resources=resources(self._settings.resources, scratch=self._settings.scratch),
            startup_probe=probe(READY, period=5, failures=120),
            readiness_probe=probe(READY, period=10, failures=3),
            liveness_probe=probe(ALIVE, period=20, failures=6),
            lifecycle=sleep_first(PRE_STOP_SECONDS),
            security_context=container_security(),
            volume_mounts=[mount("scratch", SCRATCH)],
        )

    def _settings_container(self, env: Sequence[kubernetes.core.v1.EnvVarArgs]) -> kubernetes.core.v1.ContainerArgs:
        """Return the container that writes the stack file's settings to the database before each start.

        It has the server's variables, because Open WebUI computes the values from them.
        """
        decides = environment({"SETTINGS": json.dumps(decided(env))})
        return kubernetes.core.v1.ContainerArgs(
            name="settings",
            image=self._settings.image,
            # From the image's folder, which contains the modules.
            command=["python", "-c", SETTINGS.read_text(encoding="utf-8")],
            env=in_order([*env, *decides], named=NAMED),
            resources=resources(self._settings.resources, scratch=self._settings.scratch),
            security_context=container_security(),
            volume_mounts=[mount("scratch", SCRATCH)],
        )

    def _deployment(self, env: Sequence[kubernetes.core.v1.EnvVarArgs]) -> kubernetes.apps.v1.Deployment:
        settings = self._settings
        return scaled_deployment(
            self.name,
            metadata=self._metadata(APP),
            labels=self._labels,
            pod=kubernetes.core.v1.PodSpecArgs(
                service_account_name=SERVICE_ACCOUNT,
                automount_service_account_token=False,
                enable_service_links=False,
                termination_grace_period_seconds=self._timeouts.grace_period,
                security_context=pod_security(USER_ID),
                node_selector=dict(settings.node_selector) or None,
                tolerations=tolerate(settings.tolerations),
                topology_spread_constraints=spread(self._labels, strict=settings.replicas.min > 1),
                init_containers=[self._settings_container(env)],
                containers=[self._server(env)],
                volumes=[
                    volume(
                        "scratch",
                        empty_dir=kubernetes.core.v1.EmptyDirVolumeSourceArgs(size_limit=settings.scratch),
                    ),
                ],
            ),
            opts=self.child(),
        )
