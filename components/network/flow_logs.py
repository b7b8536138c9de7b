"""VPC flow logs."""

from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from components.base.naming import ROLE_LIMIT, fit
from components.identity.policy import Statement, policy_document, service_trust
from config.network import FlowLogs as FlowLogSettings


class FlowLogs(Component):
    """Flow logs in a CloudWatch log group, with an IAM role that can write only to this log group."""

    TOKEN: ClassVar[str] = "ai-platform:network:FlowLogs"

    def __init__(
        self,
        name: str,
        settings: FlowLogSettings,
        *,
        vpc_id: pulumi.Input[str],
        vpc_name: str,
        account_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        group = aws.cloudwatch.LogGroup(
            name,
            name=settings.log_group or f"/aws/vpc/{vpc_name}/flow-logs",
            retention_in_days=settings.retention_days,
            log_group_class=settings.log_group_class,
            opts=self.child(),
        )
        role = aws.iam.Role(
            name,
            name=fit(f"{vpc_name}-flow-logs", ROLE_LIMIT),
            # Only flow logs of this account can assume the role:
            # https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
            assume_role_policy=service_trust(
                "vpc-flow-logs.amazonaws.com", {"StringEquals": {"aws:SourceAccount": account_id}}
            ),
            opts=self.child(),
        )
        aws.iam.RolePolicy(
            name,
            role=role.id,
            policy=policy_document(
                Statement(
                    "WriteFlowLogs",
                    ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
                    (group.arn, group.arn.apply(lambda arn: f"{arn}:*")),
                ),
            ),
            opts=self.child(),
        )
        aws.ec2.FlowLog(
            name,
            vpc_id=vpc_id,
            traffic_type=settings.traffic,
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=settings.aggregation_seconds,
            tags=named(f"{vpc_name}-flow-logs"),
            opts=self.child(),
        )
        self.finish(log_group=group.name)
