"""The component of monitoring."""

from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from catalog.versions import KUBE_PROMETHEUS_STACK
from components.base.component import Component
from components.cluster.addons.addon import definitions, release
from components.context.context import WorkloadContext
from components.data.secret import Secret
from components.identity.secret_access import SecretAccess, SyncedSecret
from components.ingress.destination import Destination
from components.ingress.readiness import READINESS_LABEL
from components.kubernetes.namespace import Namespace
from components.kubernetes.pods import labels
from components.operations.monitoring.alerts import Alerts
from components.operations.monitoring.cloudwatch import CloudwatchExporter, exporter_jobs
from components.operations.monitoring.dashboards import Dashboards
from components.operations.monitoring.names import GRAFANA, GRAFANA_LOGIN, GRAFANA_PORT, NODE_NAMESPACE, receiver_secret
from components.operations.monitoring.routing import alertmanager_configuration, secret_keys
from components.operations.monitoring.traffic import parts
from components.operations.monitoring.values import chart_values
from components.operations.monitoring.watched import pod_monitor
from config.monitoring import NAMESPACE
from config.monitoring import Monitoring as MonitoringSettings
from config.parts import installed

ADMIN = "admin"
DASHBOARD_READER = "grafana-dashboards"


class Monitoring(Component):
    """Prometheus, Alertmanager and Grafana from their chart, and the alerts and a dashboard of each environment.

    Custom resources of the chart (a ServiceMonitor or a PrometheusRule) depend on `definitions`.
    """

    TOKEN: ClassVar[str] = "ai-platform:monitoring:Monitoring"

    def __init__(
        self,
        name: str,
        settings: MonitoringSettings,
        *,
        context: WorkloadContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        self._context = context
        self._exporter = any(True for _ in exporter_jobs(context.settings))
        self._namespace = Namespace(
            f"{name}-namespace",
            namespace=NAMESPACE,
            labels=READINESS_LABEL if settings.host else None,
            opts=self.child(),
        )
        # Node metrics are read from the host's disks and network, which requires a privileged namespace. It contains
        # these pods only, so that the namespace with the secrets remains restricted.
        nodes = Namespace(
            f"{name}-node-namespace",
            namespace=NODE_NAMESPACE,
            labels={
                "pod-security.kubernetes.io/enforce": "privileged",
                "pod-security.kubernetes.io/warn": "privileged",
            },
            opts=self.child(),
        )
        login, ready = self._secrets()
        policies = self._network_policies()
        self.definitions = definitions(name, of=KUBE_PROMETHEUS_STACK, opts=self.child(waits=False))
        self.release = release(
            name,
            settings,
            context,
            chart=KUBE_PROMETHEUS_STACK,
            namespace=NAMESPACE,
            after_definitions=self.definitions,
            values=chart_values(
                settings,
                alertmanager=alertmanager_configuration(context.settings, settings),
                login=login.name,
                role=DASHBOARD_READER,
                storage_class=context.settings.addons.ebs_csi.storage_class(),
            ),
            opts=self.child(depends_on=[self._namespace, nodes, self._dashboard_reader(), *ready, *policies]),
        )
        self._watch(policies)
        self.outputs: dict[str, pulumi.Input[str]] = {"grafana_admin_secret_arn": self._admin.arn}
        if settings.host is not None:
            self.outputs["grafana_url"] = self._url(settings.host)
        self.finish()

    def _url(self, host: str) -> pulumi.Output[str]:
        return self._context.ingress.route(
            GRAFANA,
            Destination(
                namespace=NAMESPACE,
                service=GRAFANA,
                port=GRAFANA_PORT,
                health_path="/api/health",
                labels=labels(GRAFANA, "server"),
            ),
            host=host,
            opts=self.child(depends_on=[self.release]),
        )

    def _watch(self, policies: list[pulumi.Resource]) -> None:
        """Create the alerts, the dashboards and the CloudWatch exporter, whose pods depend on the network policies."""
        settings = self._context.settings
        after = self.child(depends_on=[self.definitions, self._namespace])
        Alerts(f"{self.name}-alerts", settings, opts=after)
        Dashboards(f"{self.name}-dashboards", settings, opts=self.child(depends_on=[self._namespace]))
        for key, addon in installed(settings).items():
            if addon.NAMESPACE is not None and addon.SCRAPED_PORTS:
                name = key.replace("_", "-")
                pod_monitor(name, namespace=addon.NAMESPACE, ports=addon.SCRAPED_PORTS, opts=after)
        if self._exporter:
            CloudwatchExporter(
                f"{self.name}-cloudwatch",
                settings,
                identity_provider=self._context.cluster.identity_provider,
                opts=self.child(depends_on=[self.definitions, self._namespace, *policies]),
            )

    def _secrets(self) -> tuple[SyncedSecret, list[pulumi.Resource]]:
        """Create the login of Grafana's administrator and all other secrets that the chart depends on."""
        name, context, receivers = self.name, self._context, self._settings.receivers
        self._admin = Secret(
            f"{name}-{GRAFANA_LOGIN}",
            secret_name=f"{context.project}/{NAMESPACE}/{GRAFANA_LOGIN}",
            description="Grafana: login of the administrator, and the key of its sessions",
            fixed={"username": ADMIN},
            generated=("password", "secretKey"),
            opts=self.child(),
        )
        filled = dict.fromkeys(secret_keys(receiver)[1] for receiver in receivers.values())
        access = SecretAccess(
            f"{name}-secrets",
            role_name=f"{context.project}-{NAMESPACE}-secrets",
            namespace=NAMESPACE,
            region=context.region,
            provider=context.cluster.identity_provider,
            secret_arns=[self._admin.arn, *(context.secrets[key].arn for key in filled)],
            labels=labels(NAMESPACE, "secrets"),
            opts=self.child(depends_on=[self._namespace]),
        )
        login = access.external_secret(
            GRAFANA_LOGIN,
            {
                "admin-user": (self._admin.arn, "username"),
                "admin-password": (self._admin.arn, "password"),
                "secret-key": (self._admin.arn, "secretKey"),
            },
            version=self._admin.version_id(),
        )
        # Alertmanager reads the files for each notification: a new value needs no restart.
        told = [
            access.fixed_secret(
                receiver_secret(receiver),
                {key: (context.secrets[secret].arn, field)},
                version=context.secrets[secret].version_id(),
            ).resource
            for receiver, (key, secret, field) in sorted(
                (receiver, secret_keys(chosen)) for receiver, chosen in receivers.items()
            )
        ]
        return login, [login.resource, *told]

    def _dashboard_reader(self) -> pulumi.Resource:
        """Create the role of Grafana's sidecars. The chart's own role allows them to read secrets as well."""
        return kubernetes.rbac.v1.Role(
            f"{self.name}-{DASHBOARD_READER}",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=DASHBOARD_READER, namespace=NAMESPACE, labels=labels(GRAFANA, "dashboards")
            ),
            rules=[
                kubernetes.rbac.v1.PolicyRuleArgs(
                    api_groups=[""], resources=["configmaps"], verbs=["get", "list", "watch"]
                )
            ],
            opts=self.child(depends_on=[self._namespace]),
        )

    def _network_policies(self) -> list[pulumi.Resource]:
        balancer = self._context.ingress.source_cidrs() if self._settings.host else []
        return [
            self._namespace.allow(
                part.name,
                pods=part.pods,
                ingress=part.ingress,
                egress=part.egress,
                opts=self.child(depends_on=[self._namespace]),
            )
            for part in parts(self._context.settings, balancer=balancer, exporter=self._exporter)
        ]
