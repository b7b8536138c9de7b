"""Container Insights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component
from components.cluster.addons.addon import AddonContext, AddonType, Installed, eks_addon
from components.cluster.addons.fluent_bit import files
from components.identity.policy import Statement
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from components.kubernetes.charts import EVERYWHERE, Chart, Observations, SystemPods, Values, asked_at
from config.addons import CloudwatchObservability as Settings

NAMESPACE = "amazon-cloudwatch"
"""The add-on creates this namespace."""

AGENT = {"requests": {"cpu": "100m", "memory": "192Mi"}, "limits": {"cpu": "500m", "memory": "512Mi"}}
"""The CPU request is below the add-on's default of a quarter of a core, which is an eighth of a t3.medium node.

The limits are the add-on's defaults."""

FLUENT_BIT = {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"cpu": "500m", "memory": "250Mi"}}


class CloudwatchObservability(Component, Installed):
    """The EKS add-on: a CloudWatch agent and Fluent Bit on each node, which share one IAM role.

    The component creates the log groups with a retention period. The role has no permission to create log groups,
    because log groups of an agent never expire and outlive the stack. Application Signals is disabled, because it
    modifies the pods of every application.
    """

    TOKEN: ClassVar[str] = "ai-platform:addons:CloudwatchObservability"

    def __init__(
        self, name: str, settings: Settings, *, context: AddonContext, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, opts)
        names = settings.log_groups(context.cluster_name)
        groups = {
            kind: aws.cloudwatch.LogGroup(
                f"{name}-{kind}",
                name=group,
                retention_in_days=settings.retention_days,
                opts=self.child(waits=False),
            )
            for kind, group in names.items()
        }
        identity = WorkloadIdentity(
            name,
            role_name=f"{context.project}-cloudwatch-agent",
            account=ServiceAccount(NAMESPACE, "cloudwatch-agent"),
            provider=context.cluster.identity_provider,
            statements=_rights(context, [group.arn for group in groups.values()], metrics=settings.open_telemetry),
            create_service_account=False,
            opts=self.child(),
        )
        addon = eks_addon(
            name,
            settings,
            context,
            addon="amazon-cloudwatch-observability",
            configuration=configuration(settings, names),
            role_arn=identity.annotated_role_arn(),
            opts=self.child(depends_on=[*identity.policies, *groups.values()]),
        )
        self.installed = [addon]
        self.finish(role_arn=identity.role_arn)


def configuration(settings: Settings, log_groups: Mapping[str, str]) -> dict[str, Any]:
    """Return the configuration values of the add-on, by the names of its chart.

    https://github.com/aws-observability/helm-charts/blob/main/charts/amazon-cloudwatch-observability/values.yaml
    """
    insights = {"enhanced_container_insights": True, "accelerated_compute_metrics": False}
    values: dict[str, Any] = {
        "agent": {
            # Replaces the default configuration, which includes Application Signals.
            "config": {"logs": {"metrics_collected": {"kubernetes": insights}}},
            "resources": AGENT,
        },
        "containerLogs": {
            "enabled": True,
            "fluentBit": {"config": {"extraFiles": files(log_groups)}, "resources": FLUENT_BIT},
        },
        # Prometheus collects metrics of GPUs and Neuron devices if they are configured.
        "dcgmExporter": {"enabled": False},
        "neuronMonitor": {"enabled": False},
    }
    if settings.open_telemetry:
        # Its logs would duplicate the logs of Fluent Bit.
        values["otelContainerInsights"] = {"enabled": True, "logs": {"enabled": False}}
    return values


def _rights(context: AddonContext, groups: list[pulumi.Output[str]], *, metrics: bool) -> list[Statement]:
    """Return the required part of CloudWatchAgentServerPolicy: log streams in these groups, and instance metadata.

    CloudWatch extracts the metrics of Container Insights from logs in the log group `performance`.
    """
    here = {"StringEquals": {"aws:RequestedRegion": context.region}}
    found = [
        Statement(
            "WriteLogs",
            ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
            (*groups, *(group.apply(lambda arn: f"{arn}:*") for group in groups)),
        ),
        Statement("SeeInstances", ("ec2:DescribeTags", "ec2:DescribeVolumes"), ("*",), here),
    ]
    if metrics:
        found.append(Statement("SendMetrics", ("cloudwatch:PutMetricData",), ("*",), here))
    return found


def _pods(values: Values) -> Iterator[SystemPods]:
    """Yield the pods of the add-on. Its operator creates the agent from a custom resource.

    https://github.com/aws-observability/helm-charts/tree/main/charts/amazon-cloudwatch-observability
    """
    agent = asked_at(values, "agent") or {"cpu": "250m", "memory": "128Mi"}
    logs = asked_at(values, "containerLogs", "fluentBit") or {"cpu": "50m", "memory": "25Mi"}
    for name, asked in (("cloudwatch-agent", agent), ("fluent-bit", logs)):
        yield SystemPods(name, [asked], namespace=NAMESPACE, tolerations=EVERYWHERE, host_network=True)
    manager = {"cpu": "100m", "memory": "64Mi"}
    yield SystemPods("amazon-cloudwatch-observability", [manager], namespace=NAMESPACE, replicas=1, priority_class="")
    if values.get("otelContainerInsights", {}).get("enabled"):
        for name, asked, replicas in (
            ("node-exporter", {"cpu": "50m", "memory": "30Mi"}, None),
            ("kube-state-metrics", {"cpu": "50m", "memory": "64Mi"}, 1),
        ):
            yield SystemPods(
                name, [asked], namespace=NAMESPACE, replicas=replicas, priority_class="", tolerations=EVERYWHERE
            )
        yield SystemPods(
            "cloudwatch-agent-cluster-scraper",
            [agent],
            namespace=NAMESPACE,
            replicas=1,
            tolerations=EVERYWHERE,
            host_network=True,
        )


OBSERVATIONS = Observations(node=26, pod=35, container=12)
"""Number of metrics that the agent sends for each object, with enhanced observability and without device metrics.

Source:
https://github.com/aws/amazon-cloudwatch-agent/blob/main/translator/translate/otel/exporter/awsemf/kubernetes.go"""

ADDON = AddonType(
    CloudwatchObservability,
    {"amazon-cloudwatch-observability": Chart(_pods, observations=OBSERVATIONS)},
    after="names",
)
