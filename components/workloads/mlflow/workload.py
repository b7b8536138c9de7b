"""The component of MLflow."""

from pathlib import Path
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.context.context import WorkloadContext
from components.database_setup.workload_user import workload_user
from components.identity.access import bucket_statements
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from components.ingress.destination import Destination
from components.ingress.readiness import READINESS_LABEL
from components.kubernetes.namespace import Namespace
from components.kubernetes.network_policy import (
    Ports,
    Rule,
    anywhere,
    namespace,
    namespaces,
    network,
    pods,
    to_identity,
)
from components.kubernetes.pods import configuration_hash, environment, labels, selector
from components.operations.monitoring.watched import service_monitor
from components.workloads.mlflow.environment import allowed_hosts, allowed_origins, database_environment
from components.workloads.mlflow.gc import GC, gc_job
from components.workloads.mlflow.names import (
    CLIENT_LABEL,
    DATABASE_USER,
    SCRIPTS,
    SERVICE,
    USERS_DATABASE,
)
from components.workloads.mlflow.secrets import MlflowSecrets
from components.workloads.mlflow.server import MlflowServer
from components.workloads.mlflow.upgrade import upgrade_job
from components.workloads.mlflow.users import MlflowUsers
from components.workloads.workload import Workload
from config.monitoring import NAMESPACE as MONITORING_NAMESPACE
from config.workloads.mlflow import APP, METRICS_PORT, PORT
from config.workloads.mlflow import Mlflow as MlflowSettings

FILES = Path(__file__).parent / "files"


class Mlflow(Component, Workload):
    """Database user, secrets, identity, schema upgrade, server, users, gc and ingress, in this order."""

    TOKEN: ClassVar[str] = "ai-platform:workloads:Mlflow"

    def __init__(
        self,
        name: str,
        settings: MlflowSettings,
        *,
        context: WorkloadContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._context = context
        self._server_labels, self._upgrade_labels, self._users_labels, self._gc_labels = (
            labels(APP, part) for part in ("server", "upgrade", "users", "gc")
        )
        self._namespace = Namespace(
            f"{name}-namespace",
            namespace=settings.namespace,
            labels=READINESS_LABEL,
            opts=self.child(),
        )
        self._runs_database = context.databases[settings.database].database_name
        self._user = workload_user(
            name,
            context=context,
            server=settings.database,
            user=DATABASE_USER,
            databases=[self._runs_database, USERS_DATABASE],
            secret_name=settings.user_secret or f"{context.project}/{APP}/db-password",
            opts=self.child(),
        )
        secrets = MlflowSecrets(
            f"{name}-secrets",
            settings,
            context=context,
            database_user=self._user,
            labels=labels(APP, "secrets"),
            opts=self.child(depends_on=[self._namespace]),
        )
        self.identity = self._identity()
        self.url = self._run(secrets, [*secrets.synced(), *self._network_policies()])
        self.outputs: dict[str, pulumi.Input[str]] = {
            "mlflow_url": self.url,
            "mlflow_irsa_role_arn": self.identity.role_arn,
            "mlflow_admin_secret_arn": secrets.admin.arn,
            "rds_connection_string": self._connection_string(),
            "db_secret_arn": self._user.secret.arn,
        }
        self.finish(url=self.url)

    def _run(self, secrets: MlflowSecrets, ready: list[pulumi.Resource]) -> pulumi.Output[str]:
        """Create the upgrade, then the servers, then the ingress and the users. Return the URL for users."""
        name, settings = self.name, self._settings
        files = {script: (FILES / script).read_text(encoding="utf-8") for script in ("admin.py", "users.py")}
        scripts = kubernetes.core.v1.ConfigMap(
            f"{name}-scripts",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=SCRIPTS, namespace=settings.namespace, labels=self._upgrade_labels
            ),
            data=files,
            opts=self.child(depends_on=[self._namespace]),
        )
        ready = [scripts, *ready]
        upgrade = upgrade_job(
            f"{name}-upgrade",
            settings,
            database_user=self._user,
            secrets=secrets,
            scripts_hash=configuration_hash(files),
            runs_database=self._runs_database,
            labels=self._upgrade_labels,
            opts=self.child(depends_on=[self._user.job, *ready]),
        )
        server = self._server(secrets, [upgrade, *ready])
        if self._context.watching:
            service_monitor(
                name,
                object_name=APP,
                namespace=settings.namespace,
                labels=self._server_labels,
                selector=selector(self._server_labels),
                port=METRICS_PORT,
                path="/metrics",
                opts=self.child(depends_on=[*self._context.watching, self._namespace]),
            )
        if secrets.user_passwords is not None:
            MlflowUsers(
                f"{name}-users",
                settings,
                secrets=secrets,
                passwords=secrets.user_passwords,
                scripts_hash=configuration_hash(files),
                labels=self._users_labels,
                opts=self.child(depends_on=[server.deployment, server.service, *ready]),
            )
        self._collect_garbage(secrets, [server.service, upgrade, *ready])
        return self._context.ingress.route(
            name,
            Destination(
                namespace=settings.namespace,
                service=SERVICE,
                port=PORT,
                health_path="/health",
                labels=self._server_labels,
                timeouts=self._context.settings.timeouts_of("mlflow"),
            ),
            host=settings.host,
            opts=self.child(depends_on=[server.service]),
        )

    def _collect_garbage(self, secrets: MlflowSecrets, depends_on: list[pulumi.Resource]) -> None:
        settings = self._settings
        if settings.gc is None:
            return
        runs = environment({"MLFLOW_BACKEND_STORE_URI": self._user.url(self._runs_database)})
        gc_job(
            f"{self.name}-gc",
            settings.gc,
            namespace=settings.namespace,
            image=settings.image,
            server=f"http://{SERVICE}.{settings.namespace}.svc.cluster.local:{PORT}",
            database=[*runs, *database_environment(secrets.database_login)],
            login=secrets.admin_login.environment(
                {"MLFLOW_TRACKING_USERNAME": "username", "MLFLOW_TRACKING_PASSWORD": "password"}
            ),
            workspaces=bool(settings.workspaces),
            placed=settings,
            labels=self._gc_labels,
            opts=self.child(depends_on=depends_on),
        )

    def _connection_string(self) -> pulumi.Output[str]:
        """Return the URL without the password, which is in the secret: the state would keep it after a rotation."""
        url = self._user.url(self._runs_database).apply(
            lambda text: text.replace("postgresql+psycopg2:", "postgresql:")
        )
        secret: pulumi.Output[str] = pulumi.Output.secret(pulumi.Output.format("{0}?sslmode=require", url))
        return secret

    def _identity(self) -> WorkloadIdentity:
        settings, context = self._settings, self._context
        return WorkloadIdentity(
            f"{self.name}-s3-access",
            role_name=settings.role_name or f"{context.project}-mlflow-s3-access",
            account=ServiceAccount(settings.namespace, settings.service_account),
            provider=context.cluster.identity_provider,
            statements=bucket_statements("Artifacts", (context.buckets[settings.bucket].objects, "readWrite")),
            labels=self._server_labels,
            opts=self.child(depends_on=[self._namespace]),
        )

    def _server(self, secrets: MlflowSecrets, depends_on: list[pulumi.Resource]) -> MlflowServer:
        settings, context = self._settings, self._context
        # Without a host users connect to the load balancer's own name.
        name = settings.host or context.ingress.own_name()
        names: list[pulumi.Input[str]] = [*([] if name is None else [name]), *settings.extra_hosts]
        return MlflowServer(
            f"{self.name}-server",
            settings,
            region=context.region,
            bucket_name=context.buckets[settings.bucket].bucket_name,
            runs_database=self._runs_database,
            database_user=self._user,
            allowed_hosts=allowed_hosts(settings.namespace, names),
            origins=allowed_origins(name, settings.extra_hosts, encrypted=context.settings.ingress.domain is not None),
            secrets=secrets,
            timeouts=context.settings.timeouts_of("mlflow"),
            labels=self._server_labels,
            opts=self.child(depends_on=[self.identity, *depends_on]),
        )

    def _network_policies(self) -> list[pulumi.Resource]:
        settings, context = self._settings, self._context
        database = Rule(
            tuple(map(network, context.settings.network.data_cidrs())),
            (("TCP", context.databases[settings.database].port),),
        )
        balancer = tuple(map(network, context.ingress.source_cidrs()))
        web: Ports = (("TCP", PORT),)
        # S3 and STS have no fixed addresses that a policy could list.
        aws_services = Rule((anywhere(),), (("TCP", 443),))
        egress = [database, aws_services, *to_identity(context.settings.cluster.workload_identity)]
        after = self.child(depends_on=[self._namespace])
        jobs, to_server = [self._users_labels], Rule((pods(selector(self._server_labels)),), web)
        collected: list[pulumi.Resource] = []
        if settings.gc is not None:
            jobs.append(self._gc_labels)
            collected.append(
                self._namespace.allow(GC, pods=selector(self._gc_labels), egress=[database, to_server], opts=after)
            )
        return [
            *collected,
            self._namespace.allow(
                "mlflow-server",
                pods=selector(self._server_labels),
                ingress=[
                    Rule((*balancer, *(pods(selector(job)) for job in jobs), namespaces(CLIENT_LABEL)), web),
                    Rule((namespace(MONITORING_NAMESPACE),), (("TCP", METRICS_PORT),)),
                ],
                egress=egress,
                opts=after,
            ),
            self._namespace.allow("mlflow-upgrade", pods=selector(self._upgrade_labels), egress=[database], opts=after),
            self._namespace.allow(
                "mlflow-users",
                pods=selector(self._users_labels),
                egress=[to_server],
                opts=after,
            ),
        ]
