"""CloudWatch metrics of databases and caches, for Prometheus."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from catalog.versions import CLOUDWATCH_EXPORTER_IMAGE
from components.base.component import Component
from components.identity.policy import Statement
from components.identity.workload_identity import IdentityProvider, ServiceAccount, WorkloadIdentity
from components.kubernetes.pods import (
    CONFIGURATION_ANNOTATION,
    configuration_hash,
    container_security,
    labels,
    mount,
    pod_security,
    probe,
    resources,
    selector,
    volume,
)
from components.kubernetes.services import service_for
from components.operations.monitoring.names import EXPORTER_APP as APP
from components.operations.monitoring.names import EXPORTER_PORT as PORT
from components.operations.monitoring.watched import service_monitor
from config.monitoring import NAMESPACE
from config.settings import Settings
from config.workloads.resources import Amounts, Resources

USER_ID = 65534
FOLDER = "/etc/cloudwatch-exporter"
FILE = "config.yml"
SIZE = Resources(requests=Amounts(cpu="10m", memory="48Mi"), limits=Amounts(memory="128Mi"))

PERIOD_SECONDS = 60
LENGTH_SECONDS = 300
"""Time range of a request, in seconds. CloudWatch publishes metrics a few minutes late."""

HEALTH = "/healthz"
INTERVAL_SECONDS = 120
"""Scrape interval, in seconds.

One metric is one request, 21,900 a month. A million requests a month are free; beyond that 1,000 requests cost 0.01
USD: https://aws.amazon.com/cloudwatch/pricing/
"""

CLUSTER_METRICS = ("ACUUtilization", "ServerlessDatabaseCapacity", "DatabaseConnections")
"""https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html"""

INSTANCE_METRICS = ("CPUUtilization", "DatabaseConnections")
"""https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html"""

CACHE_METRICS = ("EngineCPUUtilization", "DatabaseMemoryUsagePercentage")
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html"""


def exporter_jobs(settings: Settings) -> Iterator[Mapping[str, Any]]:
    """Yield a job for each Aurora cluster, each RDS instance that an environment uses, and each node of a cache.

    The jobs name each resource: discovery would require permission to read the tags of all resources.
    """
    region = settings.project.region
    for key in settings.aurora_clusters:
        dimension = ("DBClusterIdentifier", settings.aurora_identifier(key))
        yield _job(region, key, "AWS/RDS", dimension, CLUSTER_METRICS)
    used = {one.database.cluster for one in settings.environments.values() if one.database is not None}
    for key in settings.databases:
        if key in used:
            dimension = ("DBInstanceIdentifier", settings.database_identifier(key))
            yield _job(region, key, "AWS/RDS", dimension, INSTANCE_METRICS)
    for key, cache in settings.caches.items():
        for number in range(1, cache.nodes + 1):
            # ElastiCache numbers the nodes of a replication group.
            node = f"{settings.cache_identifier(key)}-{number:03}"
            yield _job(region, node, "AWS/ElastiCache", ("CacheClusterId", node), CACHE_METRICS)


def _job(
    region: str, name: str, namespace: str, dimension: tuple[str, str], metrics: tuple[str, ...]
) -> Mapping[str, Any]:
    return {
        "name": name,
        "namespace": namespace,
        "regions": [region],
        "dimensions": [{"name": dimension[0], "value": dimension[1]}],
        "metrics": [
            {"name": metric, "statistics": ["Average"], "period": PERIOD_SECONDS, "length": LENGTH_SECONDS}
            for metric in metrics
        ],
    }


class CloudwatchExporter(Component):
    """An exporter that reads a few metrics from CloudWatch, and has no other permission.

    https://github.com/prometheus-community/yet-another-cloudwatch-exporter
    """

    TOKEN: ClassVar[str] = "ai-platform:monitoring:CloudwatchExporter"

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        identity_provider: IdentityProvider,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.labels = labels(APP, "exporter")
        region = settings.project.region
        identity = WorkloadIdentity(
            name,
            role_name=f"{settings.project.name}-cloudwatch-exporter",
            account=ServiceAccount(NAMESPACE, APP),
            provider=identity_provider,
            statements=[
                # CloudWatch has no permissions for single metrics:
                # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
                Statement(
                    "ReadMetrics",
                    ("cloudwatch:GetMetricStatistics",),
                    ("*",),
                    {"StringEquals": {"aws:RequestedRegion": region}},
                )
            ],
            labels=self.labels,
            opts=self.child(),
        )
        # JSON is YAML.
        document = {"apiVersion": "v1alpha1", "sts-region": region, "static": list(exporter_jobs(settings))}
        data = {FILE: json.dumps(document, indent=1)}
        config = kubernetes.core.v1.ConfigMap(name, metadata=self._metadata(), data=data, opts=self.child())
        deployment = self._deployment({CONFIGURATION_ANNOTATION: configuration_hash(data)}, [config, identity])
        service = service_for(
            name,
            metadata=self._metadata(),
            labels=self.labels,
            ports={"metrics": PORT},
            opts=self.child(),
        )
        service_monitor(
            name,
            object_name=APP,
            namespace=NAMESPACE,
            labels=self.labels,
            selector=selector(self.labels),
            port=PORT,
            path="/metrics",
            opts=self.child(depends_on=[service]),
        )
        self.finish(deployment=deployment.metadata.name)

    def _metadata(self) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(name=APP, namespace=NAMESPACE, labels=self.labels)

    def _deployment(
        self, annotations: Mapping[str, pulumi.Input[str]], depends_on: list[pulumi.Resource]
    ) -> kubernetes.apps.v1.Deployment:
        container = kubernetes.core.v1.ContainerArgs(
            name=APP,
            image=CLOUDWATCH_EXPORTER_IMAGE,
            args=[
                f"--config.file={FOLDER}/{FILE}",
                f"--listen-address=:{PORT}",
                f"--scraping-interval={INTERVAL_SECONDS}",
                # Suppress the warning of each scrape that it cannot read the account's alias, which is not used.
                "--log.level=error",
            ],
            ports=[kubernetes.core.v1.ContainerPortArgs(name="metrics", container_port=PORT)],
            resources=resources(SIZE),
            startup_probe=probe(HEALTH, period=5, failures=12, port="metrics"),
            readiness_probe=probe(HEALTH, period=10, failures=3, port="metrics"),
            liveness_probe=probe(HEALTH, period=30, failures=3, port="metrics"),
            security_context=container_security(),
            volume_mounts=[mount("config", FOLDER, read_only=True)],
        )
        return kubernetes.apps.v1.Deployment(
            self.name,
            metadata=self._metadata(),
            spec=kubernetes.apps.v1.DeploymentSpecArgs(
                replicas=1,
                selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=selector(self.labels)),
                template=kubernetes.core.v1.PodTemplateSpecArgs(
                    metadata=kubernetes.meta.v1.ObjectMetaArgs(labels=self.labels, annotations=dict(annotations)),
                    spec=kubernetes.core.v1.PodSpecArgs(
                        service_account_name=APP,
                        automount_service_account_token=False,
                        enable_service_links=False,
                        security_context=pod_security(USER_ID),
                        containers=[container],
                        volumes=[
                            volume("config", config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=APP)),
                        ],
                    ),
                ),
            ),
            opts=self.child(depends_on=depends_on),
        )
