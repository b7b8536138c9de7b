"""The PostgreSQL server of all tenants' MLflow servers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from catalog.versions import POSTGRES_SERVER_IMAGE
from components.base.component import Component
from components.base.naming import tenant_tags
from components.context.context import WorkloadContext
from components.data.secret import Secret, secrets_below
from components.database_setup.database_user import POSTGRES_USER_ID
from components.identity.secret_access import SecretAccess, SyncedSecret
from components.kubernetes.eviction import UNDISTURBED
from components.kubernetes.jobs import SMALL, UNMESHED
from components.kubernetes.namespace import TENANT_LABEL, Namespace
from components.kubernetes.network_policy import NAMESPACE_LABEL, Ports, Rule, internet, network, pods, to_identity
from components.kubernetes.pods import (
    CONFIGURATION_ANNOTATION,
    configuration_hash,
    container_security,
    environment,
    in_order,
    labels,
    mount,
    pod_security,
    resources,
    selector,
    volume,
)
from components.kubernetes.services import service_for
from components.sharing.tenants.postgresql_backup import TenantBackup
from components.sharing.tenants.postgresql_databases import CONNECTIONS, TenantDatabases
from components.sharing.tenants.postgresql_names import (
    FOLDER,
    MLFLOW_APP,
    PORT,
    SERVER_APP,
    SERVICE,
    database_user,
)
from config.tenants import Tenant
from config.tenants import TenantMlflow as MlflowSettings
from config.workloads.resources import Amounts, Resources

FILES = {name: (FOLDER / name).read_text(encoding="utf-8") for name in ("certificate.py", "pg_hba.conf", "start.sh")}
CONFIGURATION = "postgres"
GC_LABELS = labels("mlflow", "gc")
"""Labels of the pods of MLflow's garbage collection in the tenants' namespaces."""

HEADLESS = f"{SERVICE}-pods"
MOUNT = "/data"
"""Mount path of the volume. The data directory is a subfolder, because the file system has files at its top level."""

ROOM = 25
"""Capacity is reserved in steps of this number of tenants: the server restarts once for so many new tenants."""

OWN_CONNECTIONS = 20
OWN_MEMORY_MIB, TENANT_MEMORY_MIB = 512, 16
"""Memory requests of the server and for each tenant, in MiB: some idle connections of a few megabytes each."""

GRACE_SECONDS = 120
"""In seconds. The image requests a fast shutdown (STOPSIGNAL SIGINT): a checkpoint without waiting for clients."""


class Postgresql(Component):
    """One PostgreSQL in its own namespace, with a user and a database for each tenant.

    It has one replica on one volume: a second replica would be a separate, empty server. There is no disruption budget,
    because for one pod it could only block node drains. Autoscalers do not evict the pod. A rollout or the loss of a
    node interrupts it for one or two minutes, after which MLflow's pools reconnect.

    Connections are encrypted with a key that is generated for each pod. Logins use SCRAM. PostgreSQL allows a user to
    connect to the database of its own name only. Clients do not verify the certificate, which is self-signed. Only
    MLflow's servers in tenants' namespaces and the Job that sets up databases can connect to the port.

    The password of each tenant is a separate secret (0.40 USD a month, https://aws.amazon.com/secrets-manager/pricing/).
    A principal that reads a secret reads all of its properties, and a tenant's store must only read its own. If a
    tenant is removed from the stack file, its secret is deleted; its user and database remain until an administrator
    drops them. Deleting the StatefulSet keeps the volume. Deleting the namespace deletes it.
    """

    TOKEN: ClassVar[str] = "ai-platform:tenants:Postgresql"

    def __init__(
        self,
        name: str,
        settings: MlflowSettings,
        *,
        tenants: Sequence[Tenant],
        context: WorkloadContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._storage_class = context.settings.addons.ebs_csi.storage_class()
        self._labels = {"app": SERVER_APP, **labels(SERVER_APP, "server")}
        self._job_labels = labels("tenant-databases", "setup")
        self._backup_labels = labels("tenant-databases", "backup")
        self._namespace = Namespace(f"{name}-namespace", namespace=settings.namespace, opts=self.child())
        self.namespace = settings.namespace
        self.host = f"{SERVICE}.{settings.namespace}.svc.cluster.local"
        """Host name for clients."""

        self.secrets = {tenant.name: self._secret(context.project, tenant) for tenant in tenants}
        """The secret of each tenant, by the tenant's name, with the property `password`."""

        superuser = self._superuser(context.project)
        access = self._access(context, superuser)
        login = access.external_secret(
            "postgres-superuser", {"password": (superuser.arn, "password")}, version=superuser.version_id()
        )
        policies = self._network_policies(context)
        self._services()
        server = self._stateful_set(len(tenants), login, policies)
        self.job: kubernetes.batch.v1.Job | None = None
        """Dependency of pods that log in; None without tenants."""

        if tenants:
            databases = TenantDatabases(
                f"{name}-databases",
                namespace=settings.namespace,
                host=self.host,
                tenants=tenants,
                secrets=self.secrets,
                access=access,
                superuser=login,
                labels=self._job_labels,
                opts=self.child(depends_on=[self._namespace, server, *policies]),
            )
            self.job = databases.job
            self._back_up(tenants, login, context, after=[databases.job, *policies])
        self.finish(host=self.host)

    def url(self, tenant: Tenant) -> str:
        """Return a SQLAlchemy URL without a password, which is in the variable PGPASSWORD."""
        user = database_user(tenant)
        return f"postgresql+psycopg2://{user}@{self.host}:{PORT}/{user}"

    def egress(self) -> Rule:
        """Return the egress rule for a pod of another namespace to the server."""
        peer: Mapping[str, Any] = {
            "namespaceSelector": {"matchLabels": {NAMESPACE_LABEL: self.namespace}},
            "podSelector": {"matchLabels": {"app": SERVER_APP}},
        }
        return Rule((peer,), (("TCP", PORT),))

    def _superuser(self, project: str) -> Secret:
        return Secret(
            f"{self.name}-superuser",
            secret_name=f"{project}/{self.namespace}/postgres",
            description=f"Superuser of PostgreSQL in {self.namespace}",
            fixed={"username": "postgres", "host": self.host, "port": PORT, "dbname": "postgres"},
            generated=("password",),
            opts=self.child(),
        )

    def _access(self, context: WorkloadContext, superuser: Secret) -> SecretAccess:
        return SecretAccess(
            self.name,
            role_name=f"{context.project}-{self.namespace}-secrets",
            namespace=self.namespace,
            region=context.region,
            provider=context.cluster.identity_provider,
            # A pattern instead of a list, which exceeds the size limit of a policy from about fifty tenants:
            # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
            secret_arns=[superuser.arn, secrets_below(superuser.arn, self._folder(context.project))],
            labels=self._labels,
            opts=self.child(depends_on=[self._namespace]),
        )

    def _back_up(
        self,
        tenants: Sequence[Tenant],
        superuser: SyncedSecret,
        context: WorkloadContext,
        *,
        after: Sequence[pulumi.Resource],
    ) -> None:
        if self._settings.backup is not None:
            TenantBackup(
                f"{self.name}-backup",
                self._settings.backup,
                namespace=self.namespace,
                host=self.host,
                tenants=tenants,
                superuser=superuser,
                context=context,
                labels=self._backup_labels,
                opts=self.child(depends_on=[self._namespace, *after]),
            )

    def _secret(self, project: str, tenant: Tenant) -> Secret:
        return Secret(
            f"{self.name}-{tenant.name}",
            secret_name=f"{self._folder(project)}/{tenant.name}",
            description=f"MLflow of {tenant.name}: its database user",
            fixed={"username": database_user(tenant), "host": self.host, "port": PORT, "dbname": database_user(tenant)},
            generated=("password",),
            tags=tenant_tags(tenant.name),
            # It is an AWS resource, which depends on nothing in the cluster.
            opts=self.child(waits=False),
        )

    def _folder(self, project: str) -> str:
        return f"{project}/{self._settings.namespace}/tenants"

    def _network_policies(self, context: WorkloadContext) -> list[pulumi.Resource]:
        programs = [{"app": MLFLOW_APP}, *([selector(GC_LABELS)] if self._settings.gc is not None else [])]
        servers: list[dict[str, Any]] = [
            {
                "namespaceSelector": {"matchExpressions": [{"key": TENANT_LABEL, "operator": "Exists"}]},
                "podSelector": {"matchLabels": program},
            }
            for program in programs
        ]
        port: Ports = (("TCP", PORT),)
        after = self.child(depends_on=[self._namespace])
        setup, backup = selector(self._job_labels), selector(self._backup_labels)
        to_server = Rule((pods(selector(self._labels)),), port)
        clients = [pods(setup)]
        policies: list[pulumi.Resource] = []
        if self._settings.backup is not None:
            vpc = context.settings.network
            outside = Rule((internet(*vpc.vpc_cidrs()), *map(network, vpc.endpoint_cidrs())), (("TCP", 443),))
            identity = to_identity(context.settings.cluster.workload_identity)
            clients.append(pods(backup))
            policies.append(
                self._namespace.allow(
                    "tenant-databases-backup", pods=backup, egress=[to_server, outside, *identity], opts=after
                )
            )
        return [
            *policies,
            self._namespace.allow(
                SERVER_APP,
                pods=selector(self._labels),
                ingress=[Rule((*servers, *clients), port)],
                opts=after,
            ),
            self._namespace.allow(
                "tenant-databases",
                pods=setup,
                egress=[to_server],
                opts=after,
            ),
        ]

    def _services(self) -> None:
        """Create a Service with a stable address for clients, and the headless Service that a StatefulSet requires."""
        for name, headless in ((SERVICE, False), (HEADLESS, True)):
            service_for(
                f"{self.name}-{name}",
                metadata=self._metadata(name),
                labels=self._labels,
                ports={"postgres": PORT},
                headless=headless,
                opts=self.child(depends_on=[self._namespace]),
            )

    def _metadata(self, name: str) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(name=name, namespace=self.namespace, labels=self._labels)

    def _stateful_set(
        self, tenants: int, login: SyncedSecret, policies: Sequence[pulumi.Resource]
    ) -> kubernetes.apps.v1.StatefulSet:
        room = math.ceil(tenants / ROOM) * ROOM
        configuration = kubernetes.core.v1.ConfigMap(
            self.name,
            metadata=self._metadata(CONFIGURATION),
            data=FILES,
            opts=self.child(depends_on=[self._namespace]),
        )
        return kubernetes.apps.v1.StatefulSet(
            self.name,
            metadata=self._metadata(SERVER_APP),
            spec=kubernetes.apps.v1.StatefulSetSpecArgs(
                service_name=HEADLESS,
                replicas=1,
                selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=selector(self._labels)),
                template=kubernetes.core.v1.PodTemplateSpecArgs(
                    metadata=kubernetes.meta.v1.ObjectMetaArgs(
                        labels={**self._labels, **UNMESHED},
                        annotations={CONFIGURATION_ANNOTATION: configuration_hash(FILES), **UNDISTURBED},
                    ),
                    spec=self._pod(room, login),
                ),
                volume_claim_templates=[self._claim()],
            ),
            opts=self.child(depends_on=[configuration, login.resource, *policies]),
        )

    def _claim(self) -> kubernetes.core.v1.PersistentVolumeClaimArgs:
        return kubernetes.core.v1.PersistentVolumeClaimArgs(
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name="data", labels=selector(self._labels)),
            spec=kubernetes.core.v1.PersistentVolumeClaimSpecArgs(
                access_modes=["ReadWriteOnce"],
                storage_class_name=self._storage_class,
                resources=kubernetes.core.v1.VolumeResourceRequirementsArgs(
                    requests={"storage": self._settings.storage}
                ),
            ),
        )

    def _pod(self, room: int, login: SyncedSecret) -> kubernetes.core.v1.PodSpecArgs:
        return kubernetes.core.v1.PodSpecArgs(
            automount_service_account_token=False,
            enable_service_links=False,
            termination_grace_period_seconds=GRACE_SECONDS,
            security_context=pod_security(POSTGRES_USER_ID),
            init_containers=[self._certificate()],
            containers=[self._server(room, login)],
            volumes=[
                volume("scratch", empty_dir=kubernetes.core.v1.EmptyDirVolumeSourceArgs(size_limit="1Gi")),
                volume(
                    "certificate",
                    empty_dir=kubernetes.core.v1.EmptyDirVolumeSourceArgs(medium="Memory", size_limit="1Mi"),
                ),
                volume("configuration", config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=CONFIGURATION)),
            ],
        )

    def _certificate(self) -> kubernetes.core.v1.ContainerArgs:
        """Return the container that creates the certificate.

        It runs MLflow's image, which contains Python's cryptography; PostgreSQL's image contains no `openssl`.
        """
        return kubernetes.core.v1.ContainerArgs(
            name="certificate",
            image=self._settings.image,
            command=["python", "/configuration/certificate.py", "/certificate", self.host],
            env=environment({"HOME": "/tmp"}),  # noqa: S108, its own volume
            resources=resources(SMALL),
            security_context=container_security(),
            volume_mounts=[
                mount("scratch", "/tmp"),  # noqa: S108, its own volume
                mount("configuration", "/configuration", read_only=True),
                mount("certificate", "/certificate"),
            ],
        )

    def _server(self, room: int, login: SyncedSecret) -> kubernetes.core.v1.ContainerArgs:
        memory = OWN_MEMORY_MIB + room * TENANT_MEMORY_MIB
        amounts = Resources(
            requests=Amounts(cpu="250m", memory=f"{memory}Mi"), limits=Amounts(memory=f"{2 * memory}Mi")
        )
        return kubernetes.core.v1.ContainerArgs(
            name="postgres",
            image=POSTGRES_SERVER_IMAGE,
            command=["sh", "/configuration/start.sh"],
            env=in_order(
                [
                    *environment(
                        {
                            "HOME": "/tmp",  # noqa: S108, its own volume
                            "PGDATA": f"{MOUNT}/pgdata",
                            "PGPORT": str(PORT),
                            "MAX_CONNECTIONS": str(OWN_CONNECTIONS + room * CONNECTIONS),
                        }
                    ),
                    *login.environment({"SUPERUSER_PASSWORD": "password"}),
                ]
            ),
            ports=[kubernetes.core.v1.ContainerPortArgs(name="postgres", container_port=PORT)],
            resources=resources(amounts),
            # After a crash the server replays its log, and accepts no connections until it has finished.
            startup_probe=_ready(period=5, failures=120),
            readiness_probe=_ready(period=10, failures=3),
            liveness_probe=_ready(period=20, failures=6),
            security_context=container_security(),
            volume_mounts=[
                mount("data", MOUNT),
                mount("scratch", "/tmp"),  # noqa: S108, its own volume
                mount("configuration", "/configuration", read_only=True),
                mount("certificate", "/certificate", read_only=True),
            ],
        )


def _ready(*, period: int, failures: int) -> kubernetes.core.v1.ProbeArgs:
    """Return a probe with `pg_isready` on the pod's own address; the port is PGPORT."""
    return kubernetes.core.v1.ProbeArgs(
        exec_=kubernetes.core.v1.ExecActionArgs(command=["pg_isready", "--host=127.0.0.1", "--quiet"]),
        period_seconds=period,
        timeout_seconds=5,
        failure_threshold=failures,
    )
