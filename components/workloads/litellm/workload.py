"""The component of LiteLLM."""

from pathlib import Path
from typing import Any, ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.context.context import WorkloadContext
from components.context.endpoints import Endpoint
from components.database_setup.workload_user import workload_user
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from components.ingress.destination import Destination
from components.ingress.readiness import READINESS_LABEL
from components.kubernetes.namespace import Namespace
from components.kubernetes.network_policy import (
    Ports,
    Rule,
    anywhere,
    internet,
    namespace,
    namespaces,
    network,
    pods,
    tcp,
    to_identity,
)
from components.kubernetes.pods import configuration_hash, labels, selector
from components.operations.monitoring.watched import service_monitor
from components.workloads.litellm.configuration import configuration
from components.workloads.litellm.identity import model_statements
from components.workloads.litellm.jobs import migration_job, virtual_keys_job
from components.workloads.litellm.names import (
    APP,
    CLIENT_LABEL,
    DATABASE,
    DATABASE_USER,
    SCRIPTS,
    SERVICE_ACCOUNT,
)
from components.workloads.litellm.secrets import LitellmSecrets
from components.workloads.litellm.server import ALIVE, LitellmServer
from components.workloads.workload import Workload, environments
from config.monitoring import NAMESPACE as MONITORING_NAMESPACE
from config.workloads.litellm import API_KEY, METRICS_PORT, NAMESPACE, PORT, SERVICE, internal_url
from config.workloads.litellm import Litellm as LitellmSettings

FILES = Path(__file__).parent / "files"


class Litellm(Component, Workload):
    """Database user, secrets, schema, gateways, virtual keys and ingress, in this order."""

    TOKEN: ClassVar[str] = "ai-platform:workloads:Litellm"

    def __init__(
        self,
        name: str,
        settings: LitellmSettings,
        *,
        context: WorkloadContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._context = context
        self._server_labels, self._migration_labels, self._callers_labels = (
            labels(APP, part) for part in ("server", "migration", "callers")
        )
        self._namespace = Namespace(
            f"{name}-namespace",
            namespace=NAMESPACE,
            labels={
                **READINESS_LABEL,
                **{key: value for one in context.endpoints.values() for key, value in one.client_label.items()},
            },
            opts=self.child(),
        )
        self._user = workload_user(
            name,
            context=context,
            server=settings.database,
            user=DATABASE_USER,
            databases=[DATABASE],
            secret_name=settings.user_secret or f"{context.project}/{APP}/database",
            opts=self.child(),
        )
        secrets = LitellmSecrets(
            f"{name}-secrets",
            settings,
            context=context,
            database_user=self._user,
            labels=labels(APP, "secrets"),
            opts=self.child(depends_on=[self._namespace]),
        )
        self.callers = {
            caller: Endpoint(internal_url(), secret, API_KEY, NAMESPACE, PORT, CLIENT_LABEL)
            for caller, secret in secrets.callers.items()
        }
        self.identity = self._identity()
        ready = [self.identity] if self.identity is not None else []
        server = self._run(secrets, [*ready, *secrets.synced(), *self._network_policies()])
        self.ready = server.deployment
        url = self._route(server)
        self.outputs: dict[str, pulumi.Input[str]] = {
            "litellm_url": url,
            "litellm_master_key_secret_arn": secrets.master.arn,
        }
        self.finish(url=url)

    def _identity(self) -> WorkloadIdentity | None:
        """Create the service account and the role that invokes models of AWS; None if there are none."""
        settings, context = self._settings, self._context
        statements = model_statements(settings, region=context.region, account_id=context.account_id)
        if not statements:
            return None
        return WorkloadIdentity(
            f"{self.name}-models",
            role_name=f"{context.project}-{APP}-models",
            account=ServiceAccount(NAMESPACE, SERVICE_ACCOUNT),
            provider=context.cluster.identity_provider,
            statements=statements,
            labels=self._server_labels,
            opts=self.child(depends_on=[self._namespace]),
        )

    def _route(self, server: LitellmServer) -> pulumi.Input[str]:
        """Create the route if the gateway has a host, and return its URL: public, or inside the cluster."""
        if self._settings.host is None:
            return internal_url()
        return self._context.ingress.route(
            self.name,
            Destination(
                namespace=NAMESPACE,
                service=SERVICE,
                port=PORT,
                health_path=ALIVE,
                labels=self._server_labels,
                timeouts=self._context.settings.timeouts_of("litellm"),
            ),
            host=self._settings.host,
            opts=self.child(depends_on=[server.service]),
        )

    def _run(self, secrets: LitellmSecrets, ready: list[pulumi.Resource]) -> LitellmServer:
        """Create the schema, then the gateways, then the virtual keys."""
        name, settings, context = self.name, self._settings, self._context
        migration = migration_job(
            f"{name}-migration",
            settings,
            database_user=self._user,
            secrets=secrets,
            labels=self._migration_labels,
            opts=self.child(depends_on=[self._user.job, *ready]),
        )
        server = LitellmServer(
            f"{name}-server",
            settings,
            configuration=configuration(settings, context.endpoints, region=context.region),
            service_account=SERVICE_ACCOUNT if self.identity is not None else None,
            cache=context.caches[settings.cache],
            database_user=self._user,
            secrets=secrets,
            timeouts=context.settings.timeouts_of("litellm"),
            labels=self._server_labels,
            opts=self.child(depends_on=[migration, *ready]),
        )
        if context.watching:
            service_monitor(
                name,
                object_name=APP,
                namespace=NAMESPACE,
                labels=self._server_labels,
                selector=selector(self._server_labels),
                port=METRICS_PORT,
                path="/metrics",
                opts=self.child(depends_on=[*context.watching, self._namespace]),
            )
        if secrets.virtual_key_names is not None:
            files = {"callers.py": (FILES / "callers.py").read_text(encoding="utf-8")}
            scripts = kubernetes.core.v1.ConfigMap(
                f"{name}-scripts",
                metadata=kubernetes.meta.v1.ObjectMetaArgs(
                    name=SCRIPTS, namespace=NAMESPACE, labels=self._callers_labels
                ),
                data=files,
                opts=self.child(depends_on=[self._namespace]),
            )
            self.virtual_keys_made = virtual_keys_job(
                f"{name}-callers",
                settings,
                secrets=secrets,
                keys_secret=secrets.virtual_key_names.name,
                scripts_hash=configuration_hash(files),
                labels=self._callers_labels,
                opts=self.child(depends_on=[server.deployment, server.service, scripts, *ready]),
            )
        return server

    def _clients(self) -> list[dict[str, Any]]:
        """Return the namespaces of its clients."""
        served = [one for api in self._settings.serves() for one in environments(self._context.settings, api)]
        return [namespaces(CLIENT_LABEL), *served]

    def _network_policies(self) -> list[pulumi.Resource]:
        settings, context = self._settings, self._context
        data = tuple(map(network, context.settings.network.data_cidrs()))
        database = Rule(data, (("TCP", context.databases[settings.database].port),))
        egress = [database, Rule(data, (("TCP", context.caches[settings.cache].port),))]
        if context.endpoints:
            ports = sorted({one.port for one in context.endpoints.values()})
            places = dict.fromkeys(one.namespace for one in context.endpoints.values())
            egress.append(Rule(tuple(map(namespace, places)), tcp(*ports)))
        if self.identity is not None:
            # Bedrock, SageMaker and STS have no fixed addresses, and those of VPC endpoints are in the VPC.
            egress += [Rule((anywhere(),), tcp(443)), *to_identity(context.settings.cluster.workload_identity)]
        elif settings.providers:
            egress.append(Rule((internet(*context.settings.network.vpc_cidrs()),), (("TCP", 443),)))
        balancer = tuple(map(network, context.ingress.source_cidrs())) if settings.host else ()
        web: Ports = (("TCP", PORT),)
        after = self.child(depends_on=[self._namespace])
        return [
            self._namespace.allow(
                "litellm-server",
                pods=selector(self._server_labels),
                ingress=[
                    Rule((*balancer, pods(selector(self._callers_labels)), *self._clients()), web),
                    Rule((namespace(MONITORING_NAMESPACE),), (("TCP", METRICS_PORT),)),
                ],
                egress=egress,
                opts=after,
            ),
            self._namespace.allow(
                "litellm-migration", pods=selector(self._migration_labels), egress=[database], opts=after
            ),
            self._namespace.allow(
                "litellm-callers",
                pods=selector(self._callers_labels),
                egress=[Rule((pods(selector(self._server_labels)),), web)],
                opts=after,
            ),
        ]
