"""The MLflow server: Deployment, Service, autoscaler, disruption budget."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.component import Component
from components.data.database_user import DatabaseUser
from components.kubernetes.pods import (
    CONFIGURATION_ANNOTATION,
    configuration_hash,
    container_security,
    environment,
    mount,
    pod_security,
    resources,
    selector,
    volume,
)
from components.workloads.mlflow.environment import (
    AUTH_FILE,
    AUTH_FOLDER,
    auth_configuration,
    server_environment,
)
from components.workloads.mlflow.names import APP, METRICS_PORT, SCRATCH, SERVICE, USER_ID, USERS_DATABASE
from components.workloads.mlflow.secrets import MlflowSecrets
from config.workloads.mlflow import PORT
from config.workloads.mlflow import Mlflow as MlflowSettings
from config.workloads.resources import Amounts, Resources

FILES = Path(__file__).parent / "files"
CONFIG = "mlflow-config"
PROMETHEUS_FOLDER = f"{SCRATCH}/prometheus"
SCRATCH_SIZE = "5Gi"
"""The server keeps a whole artifact here while it passes it on, in both directions."""

SCRATCH_REQUEST = "1Gi"
DRAIN_SECONDS = 20
"""Longer than the load balancer takes to stop sending requests to a pod that ends."""

UPLOAD_SECONDS = 45
"""How long a running upload may still take; without a limit the server would wait for ever."""

GRACE_SECONDS = 75
KEEP_ALIVE_MARGIN = 15
"""Seconds above the load balancer's idle timeout, or it would reuse connections that the server has closed."""

SIDECAR = Resources(requests=Amounts(cpu="10m", memory="48Mi"), limits=Amounts(memory="96Mi"))


class MlflowServer(Component):
    """Two or more servers over the zones, sharing everything through PostgreSQL and S3."""

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
        idle_timeout_seconds: int,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._labels = dict(labels)
        self._keep_alive_seconds = idle_timeout_seconds + KEEP_ALIVE_MARGIN
        configuration = auth_configuration(database_user, USERS_DATABASE)
        data: dict[str, pulumi.Input[str]] = {
            AUTH_FILE: configuration,
            "metrics.py": (FILES / "metrics.py").read_text(encoding="utf-8"),
        }
        config = kubernetes.core.v1.ConfigMap(
            name,
            metadata=self._metadata(CONFIG),
            data=data,
            opts=self.child(),
        )
        command = self._command(bucket_name, allowed_hosts, origins)
        self.deployment = self._deployment(
            self._server(command, server_environment(database_user, secrets, runs_database, region)),
            {CONFIGURATION_ANNOTATION: configuration_hash(data)},
            [config],
        )
        self.service = kubernetes.core.v1.Service(
            name,
            metadata=self._metadata(SERVICE),
            spec=kubernetes.core.v1.ServiceSpecArgs(
                selector=selector(self._labels),
                ports=[kubernetes.core.v1.ServicePortArgs(name="http", port=PORT, target_port="http")],
            ),
            opts=self.child(),
        )
        self._scale()
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
            # Given, because a Service named mlflow may have put MLFLOW_PORT=tcp://... into the environment.
            "--port",
            str(PORT),
            "--app-name",
            "basic-auth",
            "--serve-artifacts",
            "--artifacts-destination",
            pulumi.Output.format("s3://{0}", bucket_name),
            "--allowed-hosts",
            allowed_hosts,
            "--cors-allowed-origins",
            origins,
            "--workers",
            str(self._settings.workers),
            "--expose-prometheus",
            PROMETHEUS_FOLDER,
            "--uvicorn-opts",
            f"--timeout-keep-alive {self._keep_alive_seconds} --timeout-graceful-shutdown {UPLOAD_SECONDS}",
        ]

    def _server(
        self, command: Sequence[pulumi.Input[str]], env: Sequence[kubernetes.core.v1.EnvVarArgs]
    ) -> kubernetes.core.v1.ContainerArgs:
        return kubernetes.core.v1.ContainerArgs(
            name="server",
            image=self._settings.image,
            command=list(command),
            env=list(env),
            ports=[kubernetes.core.v1.ContainerPortArgs(name="http", container_port=PORT)],
            resources=resources(self._settings.resources, scratch=SCRATCH_REQUEST),
            startup_probe=_probe(period=5, failures=60),
            readiness_probe=_probe(period=10, failures=3),
            liveness_probe=_probe(period=20, failures=6),
            lifecycle=kubernetes.core.v1.LifecycleArgs(
                pre_stop=kubernetes.core.v1.LifecycleHandlerArgs(
                    sleep=kubernetes.core.v1.SleepActionArgs(seconds=DRAIN_SECONDS)
                )
            ),
            security_context=container_security(),
            volume_mounts=[mount("scratch", SCRATCH), mount("config", AUTH_FOLDER, read_only=True)],
        )

    def _metrics(self) -> kubernetes.core.v1.ContainerArgs:
        return kubernetes.core.v1.ContainerArgs(
            name="metrics",
            image=self._settings.image,
            command=["python", f"{AUTH_FOLDER}/metrics.py"],
            env=environment(
                {"PROMETHEUS_MULTIPROC_DIR": PROMETHEUS_FOLDER, "METRICS_PORT": str(METRICS_PORT), "HOME": SCRATCH}
            ),
            ports=[kubernetes.core.v1.ContainerPortArgs(name="metrics", container_port=METRICS_PORT)],
            resources=resources(SIDECAR),
            readiness_probe=kubernetes.core.v1.ProbeArgs(
                http_get=kubernetes.core.v1.HTTPGetActionArgs(path="/metrics", port="metrics"), period_seconds=30
            ),
            security_context=container_security(),
            volume_mounts=[mount("scratch", SCRATCH), mount("config", AUTH_FOLDER, read_only=True)],
        )

    def _deployment(
        self,
        server: kubernetes.core.v1.ContainerArgs,
        annotations: Mapping[str, pulumi.Input[str]],
        depends_on: Sequence[pulumi.Resource],
    ) -> kubernetes.apps.v1.Deployment:
        settings = self._settings
        scratch = kubernetes.core.v1.EmptyDirVolumeSourceArgs(size_limit=SCRATCH_SIZE)
        return kubernetes.apps.v1.Deployment(
            self.name,
            metadata=self._metadata(APP),
            # Without replicas: their number is the autoscaler's.
            spec=kubernetes.apps.v1.DeploymentSpecArgs(
                selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=selector(self._labels)),
                strategy=kubernetes.apps.v1.DeploymentStrategyArgs(
                    type="RollingUpdate",
                    rolling_update=kubernetes.apps.v1.RollingUpdateDeploymentArgs(max_surge=1, max_unavailable=0),
                ),
                template=kubernetes.core.v1.PodTemplateSpecArgs(
                    metadata=kubernetes.meta.v1.ObjectMetaArgs(
                        labels=self._labels,
                        annotations={
                            "prometheus.io/scrape": "true",
                            "prometheus.io/port": str(METRICS_PORT),
                            **annotations,
                        },
                    ),
                    spec=kubernetes.core.v1.PodSpecArgs(
                        service_account_name=settings.service_account,
                        automount_service_account_token=False,
                        enable_service_links=False,
                        termination_grace_period_seconds=GRACE_SECONDS,
                        security_context=pod_security(USER_ID),
                        node_selector=dict(settings.node_selector) or None,
                        topology_spread_constraints=self._spread(),
                        containers=[server, self._metrics()],
                        volumes=[
                            volume("scratch", empty_dir=scratch),
                            volume("config", config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=CONFIG)),
                        ],
                    ),
                ),
            ),
            opts=self.child(depends_on=depends_on),
        )

    def _spread(self) -> list[kubernetes.core.v1.TopologySpreadConstraintArgs]:
        """Over zones strictly where there are two replicas, or both might stand in the one that fails."""
        strict = "DoNotSchedule" if self._settings.replicas.min > 1 else "ScheduleAnyway"
        return [
            kubernetes.core.v1.TopologySpreadConstraintArgs(
                max_skew=1,
                topology_key=key,
                when_unsatisfiable=when,
                label_selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=selector(self._labels)),
                match_label_keys=["pod-template-hash"],
                # A zone with GPU nodes alone is none for these pods: they would wait for a node that never comes.
                node_taints_policy="Honor",
            )
            for key, when in (("topology.kubernetes.io/zone", strict), ("kubernetes.io/hostname", "ScheduleAnyway"))
        ]

    def _scale(self) -> None:
        replicas = self._settings.replicas
        kubernetes.autoscaling.v2.HorizontalPodAutoscaler(
            self.name,
            metadata=self._metadata(APP),
            spec=kubernetes.autoscaling.v2.HorizontalPodAutoscalerSpecArgs(
                scale_target_ref=kubernetes.autoscaling.v2.CrossVersionObjectReferenceArgs(
                    api_version="apps/v1", kind="Deployment", name=APP
                ),
                min_replicas=replicas.min,
                max_replicas=replicas.max,
                metrics=[
                    kubernetes.autoscaling.v2.MetricSpecArgs(
                        type="ContainerResource",
                        container_resource=kubernetes.autoscaling.v2.ContainerResourceMetricSourceArgs(
                            name="cpu",
                            container="server",
                            target=kubernetes.autoscaling.v2.MetricTargetArgs(
                                type="Utilization", average_utilization=replicas.cpu_percent
                            ),
                        ),
                    )
                ],
            ),
            opts=self.child(depends_on=[self.deployment]),
        )
        kubernetes.policy.v1.PodDisruptionBudget(
            self.name,
            metadata=self._metadata(APP),
            spec=kubernetes.policy.v1.PodDisruptionBudgetSpecArgs(
                max_unavailable=1,
                selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=selector(self._labels)),
                # A pod that is not ready protects nobody, and would hold up the drain of its node.
                unhealthy_pod_eviction_policy="AlwaysAllow",
            ),
            opts=self.child(),
        )


def _probe(*, period: int, failures: int) -> kubernetes.core.v1.ProbeArgs:
    """/health is open to any host name and asks for no login."""
    return kubernetes.core.v1.ProbeArgs(
        http_get=kubernetes.core.v1.HTTPGetActionArgs(path="/health", port="http"),
        period_seconds=period,
        timeout_seconds=5,
        failure_threshold=failures,
    )
