"""The dashboards, as resources of the cluster."""

import json
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.kubernetes.pods import labels
from components.operations.monitoring.dashboard import dashboard
from components.operations.monitoring.names import DASHBOARD_LABEL
from config.monitoring import NAMESPACE
from config.settings import Settings


class Dashboards(Component):
    """A ConfigMap for each environment, which Grafana's sidecar loads."""

    TOKEN: ClassVar[str] = "ai-platform:monitoring:Dashboards"

    def __init__(self, name: str, settings: Settings, *, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        for environment in settings.environments:
            kubernetes.core.v1.ConfigMap(
                f"{name}-{environment}",
                metadata=kubernetes.meta.v1.ObjectMetaArgs(
                    name=f"dashboard-{environment}",
                    namespace=NAMESPACE,
                    labels={**labels("dashboards", environment), **DASHBOARD_LABEL},
                ),
                data={f"{environment}.json": json.dumps(dashboard(settings, environment), indent=1)},
                opts=self.child(),
            )
        self.finish()
