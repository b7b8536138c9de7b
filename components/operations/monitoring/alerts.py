"""The alerts of all environments, as resources of the cluster."""

from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.kubernetes.pods import labels
from components.operations.monitoring.rules import groups
from components.operations.monitoring.watched import API_VERSION
from config.monitoring import NAMESPACE
from config.settings import Settings


class Alerts(Component):
    """A PrometheusRule for each group, in Prometheus's namespace, where users of an environment cannot change it."""

    TOKEN: ClassVar[str] = "ai-platform:monitoring:Alerts"

    def __init__(self, name: str, settings: Settings, *, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        for group in groups(settings):
            rule = f"{group.environment}-{group.name}"
            kubernetes.apiextensions.CustomResource(
                f"{name}-{rule}",
                api_version=API_VERSION,
                kind="PrometheusRule",
                metadata=kubernetes.meta.v1.ObjectMetaArgs(
                    name=rule, namespace=NAMESPACE, labels=labels("alerts", group.environment)
                ),
                spec=group.spec(),
                opts=self.child(),
            )
        self.finish()
