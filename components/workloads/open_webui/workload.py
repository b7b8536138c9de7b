"""The component of Open WebUI."""

from __future__ import annotations

from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.context.context import WorkloadContext
from components.context.endpoints import Endpoint
from components.database_setup.database_user import DatabaseUser
from components.database_setup.workload_user import workload_user
from components.identity.access import bucket_statements
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from components.ingress.destination import Destination
from components.ingress.readiness import READINESS_LABEL
from components.kubernetes.eviction import UNDISTURBED
from components.kubernetes.jobs import job
from components.kubernetes.namespace import Namespace
from components.kubernetes.network_policy import Rule, anywhere, namespace, network, to_identity
from components.kubernetes.pods import environment, labels, resources, selector
from components.workloads.open_webui.environment import (
    NAMED,
    common_environment,
    database_environment,
    server_environment,
)
from components.workloads.open_webui.names import (
    APP,
    DATABASE,
    DATABASE_USER,
    EXTENSION,
    FILES_FOLDER,
    SERVICE,
    SERVICE_ACCOUNT,
    USER_ID,
)
from components.workloads.open_webui.secrets import OpenWebuiSecrets
from components.workloads.open_webui.server import ALIVE, OpenWebuiServer
from components.workloads.workload import Workload
from config.workloads.open_webui import NAMESPACE, PORT
from config.workloads.open_webui import OpenWebui as OpenWebuiSettings
from config.workloads.resources import Amounts, Resources

MIGRATION = Resources(requests=Amounts(cpu="100m", memory="768Mi"), limits=Amounts(memory="2Gi"))
MIGRATION_SECONDS = 1800
"""In seconds. A large table takes minutes to migrate; after half an hour an operator has to look."""


class OpenWebui(Component, Workload):
    """Database user, secrets, identity, schema, servers and ingress, in this order."""

    TOKEN: ClassVar[str] = "ai-platform:workloads:OpenWebui"

    def __init__(
        self,
        name: str,
        settings: OpenWebuiSettings,
        *,
        context: WorkloadContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._context = context
        self._server_labels, self._migration_labels = (labels(APP, part) for part in ("server", "migration"))
        self._models = asked(settings, context)
        self._namespace = Namespace(
            f"{name}-namespace",
            namespace=NAMESPACE,
            labels={**READINESS_LABEL, **self._models.client_label},
            opts=self.child(),
        )
        self._user = self._database_user()
        secrets = OpenWebuiSecrets(
            f"{name}-secrets",
            settings,
            context=context,
            models=self._models,
            database_user=self._user,
            labels=labels(APP, "secrets"),
            opts=self.child(depends_on=[self._namespace]),
        )
        self.identity = self._identity()
        server = self._run(secrets, [*secrets.synced(), *self._network_policies()])
        self.url = context.ingress.route(
            name,
            Destination(
                namespace=NAMESPACE,
                service=SERVICE,
                port=PORT,
                health_path=ALIVE,
                labels=self._server_labels,
                timeouts=context.settings.timeouts_of("open_webui"),
            ),
            host=settings.host,
            opts=self.child(depends_on=[server.service]),
        )
        self.outputs: dict[str, pulumi.Input[str]] = {
            "open_webui_url": self.url,
            "open_webui_administrator_secret_arn": secrets.administrator.arn,
        }
        self.finish(url=self.url)

    def _database_user(self) -> DatabaseUser:
        settings, context = self._settings, self._context
        return workload_user(
            self.name,
            context=context,
            server=settings.database,
            user=DATABASE_USER,
            databases=[DATABASE],
            secret_name=settings.user_secret or f"{context.project}/{APP}/database",
            extensions=[EXTENSION],
            opts=self.child(),
        )

    def _run(self, secrets: OpenWebuiSecrets, ready: list[pulumi.Resource]) -> OpenWebuiServer:
        """Create the schema, then the servers."""
        name, settings, context = self.name, self._settings, self._context
        migration = job(
            f"{name}-migration",
            namespace=NAMESPACE,
            labels=self._migration_labels,
            image=settings.image,
            # Importing the module runs the migrations, and fails if they fail.
            command=["python", "-c", "import open_webui.config"],
            env=[
                *database_environment(self._user, secrets),
                *secrets.server_key.environment({"WEBUI_SECRET_KEY": "secret-key"}),
                *environment({**common_environment(), "ENABLE_DB_MIGRATIONS": "True"}),
            ],
            named=NAMED,
            resources=resources(MIGRATION),
            user=USER_ID,
            deadline_seconds=MIGRATION_SECONDS,
            annotations=UNDISTURBED,
            opts=self.child(depends_on=[self._user.job, *ready]),
        )
        env = server_environment(
            settings,
            region=context.region,
            bucket_name=context.buckets[settings.bucket].bucket_name,
            cache=context.caches[settings.cache],
            models=self._models,
            database_user=self._user,
            secrets=secrets,
        )
        return OpenWebuiServer(
            f"{name}-server",
            settings,
            env=env,
            timeouts=context.settings.timeouts_of("open_webui"),
            labels=self._server_labels,
            opts=self.child(depends_on=[migration, self.identity, *ready]),
        )

    def _identity(self) -> WorkloadIdentity:
        context = self._context
        bucket = context.buckets[self._settings.bucket]
        return WorkloadIdentity(
            f"{self.name}-files",
            role_name=f"{context.project}-{APP}-files",
            account=ServiceAccount(NAMESPACE, SERVICE_ACCOUNT),
            provider=context.cluster.identity_provider,
            statements=bucket_statements("Files", (bucket.objects.below(FILES_FOLDER), "readWrite")),
            labels=self._server_labels,
            opts=self.child(depends_on=[self._namespace]),
        )

    def _network_policies(self) -> list[kubernetes.networking.v1.NetworkPolicy]:
        settings, context = self._settings, self._context
        data = tuple(map(network, context.settings.network.data_cidrs()))
        database = Rule(data, (("TCP", context.databases[settings.database].port),))
        models: Endpoint = self._models
        balancer = tuple(map(network, context.ingress.source_cidrs()))
        after = self.child(depends_on=[self._namespace])
        return [
            self._namespace.allow(
                "open-webui-server",
                pods=selector(self._server_labels),
                ingress=[Rule(balancer, (("TCP", PORT),))],
                egress=[
                    database,
                    Rule(data, (("TCP", context.caches[settings.cache].port),)),
                    Rule((namespace(models.namespace),), (("TCP", models.port),)),
                    # S3 and STS have no fixed addresses that a policy could list.
                    Rule((anywhere(),), (("TCP", 443),)),
                    *to_identity(context.settings.cluster.workload_identity),
                ],
                opts=after,
            ),
            self._namespace.allow(
                "open-webui-migration", pods=selector(self._migration_labels), egress=[database], opts=after
            ),
        ]


def asked(settings: OpenWebuiSettings, context: WorkloadContext) -> Endpoint:
    """Return the API for models that it uses: the gateway, or one model of the stack."""
    return context.callers[settings.virtual_key] if settings.virtual_key else context.endpoints[str(settings.vllm)]
