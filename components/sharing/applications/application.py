"""An application in one environment."""

from __future__ import annotations

from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.ingress.destination import Destination
from components.kubernetes.network_policy import Ports, Rule, namespace, network
from components.kubernetes.pods import labels, selector
from components.kubernetes.scaling import autoscaler, disruption_budget, query_autoscaler
from components.kubernetes.services import service_for
from components.operations.monitoring.watched import service_monitor
from components.sharing.applications.deployment import deployment
from components.sharing.environment.context import EnvironmentContext
from components.sharing.environment.environment import Environment
from config.applications import Application as ApplicationSettings
from config.applications import Service
from config.monitoring import NAMESPACE as MONITORING_NAMESPACE
from config.monitoring import PROMETHEUS_PORT, PROMETHEUS_SERVICE

PART = "service"


class Application(Component):
    """Deployment, Service, autoscaler, disruption budget and ingress of an application."""

    TOKEN: ClassVar[str] = "ai-platform:applications:Application"

    def __init__(
        self,
        name: str,
        settings: ApplicationSettings,
        *,
        application: str,
        service: Service,
        environment: Environment,
        context: EnvironmentContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Create the application.

        `settings` are the application's settings merged for the environment, `service` the environment's own settings
        of it.
        """
        super().__init__(name, opts)
        self._settings = settings
        self._application = application
        self._environment = environment
        self._labels = labels(application, PART)
        metadata = kubernetes.meta.v1.ObjectMetaArgs(
            name=application, namespace=environment.namespace.namespace, labels=self._labels
        )
        policy = self._ingress_rules(service, context)
        self.deployment = deployment(
            name,
            settings,
            metadata=metadata,
            application=application,
            service=service,
            environment=environment,
            timeouts=context.platform.settings.timeouts(settings.response_seconds),
            labels=self._labels,
            pools=context.platform.settings.node_pools.values(),
            delivered=context.platform.settings.gitops is not None and environment.settings.delivery is not None,
            opts=self.child(depends_on=[*environment.ready, *policy]),
        )
        self.service = service_for(
            name,
            metadata=metadata,
            labels=self._labels,
            ports={"http": settings.port},
            opts=self.child(depends_on=[environment.namespace]),
        )
        self._watch(context)
        self._scale(metadata)
        self.url = self._route(service, context)
        self.finish(url=self.url)

    def _watch(self, context: EnvironmentContext) -> None:
        """Create the scrape configuration, if Prometheus is installed."""
        if self._settings.metrics is not None and context.platform.watching:
            service_monitor(
                self.name,
                object_name=self._application,
                namespace=self._environment.namespace.namespace,
                labels=self._labels,
                selector=selector(self._labels),
                port=self._settings.port,
                path=self._settings.metrics.path,
                opts=self.child(depends_on=[*context.platform.watching, self._environment.namespace]),
            )

    def _scale(self, metadata: kubernetes.meta.v1.ObjectMetaArgs) -> None:
        scaling = self._settings.scaling
        if scaling is not None and scaling.query is not None and scaling.per_replica is not None:
            query_autoscaler(
                self.name,
                metadata=metadata,
                deployment=self._application,
                minimum=scaling.min,
                maximum=scaling.max,
                prometheus=f"http://{PROMETHEUS_SERVICE}.{MONITORING_NAMESPACE}.svc.cluster.local:{PROMETHEUS_PORT}",
                query=scaling.query.replace("$(NAMESPACE)", self._environment.namespace.namespace),
                per_replica=scaling.per_replica,
                opts=self.child(depends_on=[self.deployment]),
            )
        elif scaling is not None:
            autoscaler(
                self.name,
                metadata=metadata,
                deployment=self._application,
                container=self._application,
                minimum=scaling.min,
                maximum=scaling.max,
                cpu_percent=scaling.cpu_percent,
                opts=self.child(depends_on=[self.deployment]),
            )
        if (scaling.min if scaling else self._settings.replicas) > 1:
            disruption_budget(
                self.name,
                metadata=metadata,
                labels=self._labels,
                opts=self.child(depends_on=[self._environment.namespace]),
            )

    def _ingress_rules(self, service: Service, context: EnvironmentContext) -> list[pulumi.Resource]:
        """Return the ingress rules for the load balancer and for Prometheus.

        The environment's own pods have a rule for every pod.
        """
        port: Ports = (("TCP", self._settings.port),)
        rules = []
        if service.host is not None:
            rules.append(Rule(tuple(map(network, context.platform.ingress.source_cidrs())), port))
        if self._settings.metrics is not None and context.platform.settings.monitoring is not None:
            rules.append(Rule((namespace(MONITORING_NAMESPACE),), port))
        if not rules:
            return []
        return [
            self._environment.namespace.allow(
                self._application,
                pods=selector(self._labels),
                ingress=rules,
                opts=self.child(depends_on=[self._environment.namespace]),
            )
        ]

    def _route(self, service: Service, context: EnvironmentContext) -> pulumi.Output[str] | None:
        if service.host is None:
            return None
        return context.platform.ingress.route(
            self.name,
            Destination(
                namespace=self._environment.namespace.namespace,
                service=self._application,
                port=self._settings.port,
                health_path=self._settings.probes.path,
                labels=self._labels,
                timeouts=context.platform.settings.timeouts(self._settings.response_seconds),
            ),
            host=service.host,
            path=service.path,
            # Environments use the same ports, and services of one environment the same host.
            shared=True,
            opts=self.child(depends_on=[self.service]),
        )
