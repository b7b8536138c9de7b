"""A tenant's MLflow server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.context.context import WorkloadContext
from components.identity.access import Objects, bucket_statements
from components.identity.secret_access import SecretAccess
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from components.kubernetes.jobs import UNMESHED
from components.kubernetes.namespace import Namespace
from components.kubernetes.pods import (
    container_security,
    environment,
    in_order,
    labels,
    mount,
    pod_security,
    probe,
    resources,
    selector,
    tolerate,
    volume,
)
from components.kubernetes.services import service_for
from components.sharing.tenants.postgresql import GC_LABELS, Postgresql
from components.sharing.tenants.postgresql_names import MLFLOW_APP
from components.sharing.tenants.storage import TENANT_BUCKET
from components.workloads.mlflow.artifacts import (
    app_arguments,
    limited,
    plugin_data,
    plugin_environment,
    plugin_mount,
    plugin_volume,
)
from components.workloads.mlflow.environment import (
    LOCAL,
    database_environment,
    service_hosts,
    store_environment,
    with_port,
)
from components.workloads.mlflow.gc import GC, gc_job
from components.workloads.mlflow.names import SCRATCH, USER_ID
from components.workloads.mlflow.server import HEALTH
from config.tenants import Tenant
from config.tenants import TenantMlflow as MlflowSettings
from config.workloads.mlflow import PORT
from config.workloads.mlflow_options import TENANT_GC_RESOURCES

SERVICE = MLFLOW_APP
SERVICE_ACCOUNT = "mlflow"
PLUGIN = "mlflow-plugin"
UPLOAD_SECONDS = 45
GRACE_SECONDS = 60
"""Uploads in progress, then the exit; no load balancer routes to it."""

POOLS = {"MLFLOW_SQLALCHEMYSTORE_POOL_SIZE": "2", "MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW": "3"}
"""Size of the connection pools and their overflow: all tenants share one PostgreSQL."""

UPGRADE = 'exec mlflow db upgrade "${MLFLOW_BACKEND_STORE_URI}"'


class TenantPlace(Protocol):
    """The part of the tenant's namespace that the server uses."""

    namespace: Namespace
    bucket_name: pulumi.Output[str]
    ready: list[pulumi.Resource]


class TenantMlflow(Component):
    """One server with the tenant's own database, and with artifacts in the tenant's own bucket.

    It requires no login. The namespace is the boundary: its network policies allow no other ingress, its users can read
    the passwords in it anyway, and Kubeflow's PodDefault sets an address and no login.

    The pod upgrades the schema before the server starts. There is one replica, which stops before the next one starts,
    so no other process uses the database during the upgrade. A suspended tenant has no pod, and keeps its database and
    artifacts.
    """

    TOKEN: ClassVar[str] = "ai-platform:tenants:TenantMlflow"

    def __init__(
        self,
        name: str,
        settings: MlflowSettings,
        *,
        tenant: Tenant,
        place: TenantPlace,
        database: Postgresql,
        context: WorkloadContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._tenant = tenant
        self._namespace = place.namespace
        self._labels = {"app": MLFLOW_APP, **labels("mlflow", "server")}
        self._bucket: pulumi.Output[str] = pulumi.Output.from_input(place.bucket_name)
        after = self.child(depends_on=place.namespace.policies, waits=False)
        secret = database.secrets[tenant.name]
        access = SecretAccess(
            name,
            role_name=f"{context.project}-{tenant.name}-mlflow-secrets",
            namespace=tenant.namespace,
            region=context.region,
            provider=context.cluster.identity_provider,
            secret_arns=[secret.arn],
            labels=self._labels,
            opts=after,
        )
        login = access.external_secret(
            "mlflow-database", {"password": (secret.arn, "password")}, version=secret.version_id()
        )
        self.identity = self._identity(context, after)
        # Its other egress (its own namespace, S3 and STS) is allowed to all pods of a tenant.
        policy = self._namespace.allow(MLFLOW_APP, pods=selector(self._labels), egress=[database.egress()], opts=after)
        plugin = self._plugin(after) if limited(settings) else []
        waits = [*plugin, *place.ready, *self.identity.ready, login.resource, policy]
        stored = [*environment({"MLFLOW_BACKEND_STORE_URI": database.url(tenant)}), *database_environment(login)]
        given = {**store_environment(context.region), **POOLS, **plugin_environment(settings, {})}
        env = [*environment(given), *stored]
        self.deployment = self._deployment(env, [*waits, *([database.job] if database.job else [])])
        self.service = service_for(
            name,
            metadata=self._metadata(SERVICE),
            labels=self._labels,
            ports={"http": PORT},
            opts=after,
        )
        if settings.gc is not None:
            policy = self._namespace.allow(GC, pods=selector(GC_LABELS), egress=[database.egress()], opts=after)
            gc_job(
                f"{name}-gc",
                settings.gc,
                namespace=tenant.namespace,
                image=settings.image,
                server=f"http://{SERVICE}.{tenant.namespace}.svc.cluster.local:{PORT}",
                database=stored,
                asked=TENANT_GC_RESOURCES,
                placed=settings,
                suspended=tenant.suspended,
                labels={**GC_LABELS, **UNMESHED},
                opts=self.child(depends_on=[*place.ready, login.resource, policy, self.service], waits=False),
            )
        self.url = f"http://{SERVICE}.{tenant.namespace}.svc.cluster.local:{PORT}"
        self.finish(url=self.url)

    def _plugin(self, opts: pulumi.ResourceOptions) -> list[pulumi.Resource]:
        return [
            kubernetes.core.v1.ConfigMap(self.name, metadata=self._metadata(PLUGIN), data=plugin_data(), opts=opts),
        ]

    def _metadata(self, object_name: str) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(
            name=object_name, namespace=self._tenant.namespace, labels=self._labels
        )

    def _identity(self, context: WorkloadContext, opts: pulumi.ResourceOptions) -> WorkloadIdentity:
        """Create the identity, with access to its folder of the bucket only."""
        bucket: pulumi.Output[str] = pulumi.Output.concat("arn:aws:s3:::", self._bucket)
        folder = Objects(bucket, TENANT_BUCKET.kms_key_arn).below(self._settings.storage_path)
        return WorkloadIdentity(
            f"{self.name}-server",
            role_name=f"{context.project}-{self._tenant.name}-mlflow",
            account=ServiceAccount(self._tenant.namespace, SERVICE_ACCOUNT),
            provider=context.cluster.identity_provider,
            statements=bucket_statements("Artifacts", (folder, "readWrite")),
            labels=self._labels,
            opts=opts,
        )

    def _deployment(
        self, env: Sequence[kubernetes.core.v1.EnvVarArgs], depends_on: Sequence[pulumi.Resource]
    ) -> kubernetes.apps.v1.Deployment:
        scratch = kubernetes.core.v1.EmptyDirVolumeSourceArgs(size_limit=self._settings.scratch)
        return kubernetes.apps.v1.Deployment(
            self.name,
            metadata=self._metadata(MLFLOW_APP),
            spec=kubernetes.apps.v1.DeploymentSpecArgs(
                replicas=0 if self._tenant.suspended else 1,
                strategy=kubernetes.apps.v1.DeploymentStrategyArgs(type="Recreate"),
                selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=selector(self._labels)),
                template=kubernetes.core.v1.PodTemplateSpecArgs(
                    metadata=kubernetes.meta.v1.ObjectMetaArgs(labels={**self._labels, **UNMESHED}),
                    spec=kubernetes.core.v1.PodSpecArgs(
                        service_account_name=SERVICE_ACCOUNT,
                        automount_service_account_token=False,
                        enable_service_links=False,
                        termination_grace_period_seconds=GRACE_SECONDS,
                        security_context=pod_security(USER_ID),
                        node_selector=dict(self._settings.node_selector) or None,
                        tolerations=tolerate(self._settings.tolerations),
                        init_containers=[self._container("upgrade", ["sh", "-c", UPGRADE], env)],
                        containers=[self._container("server", self._command(), env, serves=True)],
                        volumes=[
                            volume("scratch", empty_dir=scratch),
                            *([plugin_volume(PLUGIN)] if limited(self._settings) else []),
                        ],
                    ),
                ),
            ),
            opts=self.child(depends_on=depends_on, waits=False),
        )

    def _container(
        self,
        name: str,
        command: Sequence[pulumi.Input[str]],
        env: Sequence[kubernetes.core.v1.EnvVarArgs],
        *,
        serves: bool = False,
    ) -> kubernetes.core.v1.ContainerArgs:
        return kubernetes.core.v1.ContainerArgs(
            name=name,
            image=self._settings.image,
            command=list(command),
            env=in_order(env),
            ports=[kubernetes.core.v1.ContainerPortArgs(name="http", container_port=PORT)] if serves else None,
            resources=resources(self._settings.resources, scratch=self._settings.scratch),
            startup_probe=probe(HEALTH, period=5, failures=60) if serves else None,
            readiness_probe=probe(HEALTH, period=10, failures=3) if serves else None,
            liveness_probe=probe(HEALTH, period=20, failures=6) if serves else None,
            security_context=container_security(),
            volume_mounts=[
                mount("scratch", SCRATCH),
                *([plugin_mount()] if limited(self._settings) else []),
            ],
        )

    def _command(self) -> list[pulumi.Input[str]]:
        inside = with_port(service_hosts(SERVICE, self._tenant.namespace))
        # Port forwarding can use any local port: on macOS another process uses port 5000.
        hosts = [*inside, *with_port(LOCAL, "*")]
        return [
            "mlflow",
            "server",
            "--host",
            "0.0.0.0",  # noqa: S104, a pod's own address; the NetworkPolicy says who reaches it
            "--port",
            str(PORT),
            *app_arguments(self._settings, None),
            "--serve-artifacts",
            "--artifacts-destination",
            pulumi.Output.format("s3://{0}{1}", self._bucket, self._settings.storage_path),
            "--allowed-hosts",
            ",".join(hosts),
            "--workers",
            "1",
            "--uvicorn-opts",
            f"--timeout-graceful-shutdown {UPLOAD_SECONDS}",
        ]
