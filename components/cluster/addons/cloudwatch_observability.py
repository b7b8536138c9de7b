"""Container Insights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component
from components.cluster.addons.addon import AddonContext, eks_addon
from components.cluster.addons.fluent_bit import files
from components.identity.policy import Statement
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from config.addons import CloudwatchObservability as Settings

NAMESPACE = "amazon-cloudwatch"
"""The add-on makes it."""

AGENT = {"requests": {"cpu": "100m", "memory": "192Mi"}, "limits": {"cpu": "500m", "memory": "512Mi"}}
"""Less CPU than the quarter of a core that the add-on asks for by itself: on a t3.medium that is an eighth of the node.
The limits are its own."""

FLUENT_BIT = {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"cpu": "500m", "memory": "250Mi"}}


class CloudwatchObservability(Component):
    """The EKS add-on: a CloudWatch agent and Fluent Bit on each node, which share one role.

    Its log groups are made here, with a retention, and the role may make none: an agent's own would keep all for ever,
    and outlive the stack. Application Signals stays off: it would change the pods of every application.
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
        self.addon = eks_addon(
            name,
            settings,
            context,
            addon="amazon-cloudwatch-observability",
            configuration=configuration(settings, names),
            role_arn=identity.annotated_role_arn(),
            opts=self.child(depends_on=[*identity.policies, *groups.values()]),
        )
        self.finish(role_arn=identity.role_arn)


def configuration(settings: Settings, log_groups: Mapping[str, str]) -> dict[str, Any]:
    """The add-on's values, by the names of its chart.

    https://github.com/aws-observability/helm-charts/blob/main/charts/amazon-cloudwatch-observability/values.yaml
    """
    insights = {"enhanced_container_insights": True, "accelerated_compute_metrics": False}
    values: dict[str, Any] = {
        "agent": {
            # Instead of the add-on's own, which has Application Signals in it.
            "config": {"logs": {"metrics_collected": {"kubernetes": insights}}},
            "resources": AGENT,
        },
        "containerLogs": {
            "enabled": True,
            "fluentBit": {"config": {"extraFiles": files(log_groups)}, "resources": FLUENT_BIT},
        },
        # Of GPUs and Neuron devices: Prometheus has them where somebody asks.
        "dcgmExporter": {"enabled": False},
        "neuronMonitor": {"enabled": False},
    }
    if settings.open_telemetry:
        # Its logs would be a second copy of Fluent Bit's.
        values["otelContainerInsights"] = {"enabled": True, "logs": {"enabled": False}}
    return values


def _rights(context: AddonContext, groups: list[pulumi.Output[str]], *, metrics: bool) -> list[Statement]:
    """What of the policy CloudWatchAgentServerPolicy is needed: streams in these groups, and looks at the instance.

    Metrics of Container Insights come out of the logs in the group `performance`.
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
