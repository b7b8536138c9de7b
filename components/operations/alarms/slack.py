"""A Slack channel that receives the messages of SNS topics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component
from components.base.naming import POLICY_LIMIT, ROLE_LIMIT, fit
from components.identity.policy import Statement, policy_document, service_trust
from config.alarms import SlackChannel as SlackSettings


class SlackChannel(Component):
    """Amazon Q Developer in chat applications (formerly AWS Chatbot), which posts messages to one Slack channel.

    The role and the guardrail limit the AWS actions of channel members to the same few permissions. Without a guardrail
    AWS uses AdministratorAccess as the guardrail.
    https://docs.aws.amazon.com/chatbot/latest/adminguide/understanding-permissions.html
    """

    TOKEN: ClassVar[str] = "ai-platform:alarms:SlackChannel"

    def __init__(
        self,
        name: str,
        settings: SlackSettings,
        *,
        configuration_name: str,
        region: str,
        account_id: pulumi.Input[str],
        topic_arns: Sequence[pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        here = {"StringEquals": {"aws:RequestedRegion": region}}
        alarms = pulumi.Output.from_input(account_id).apply(
            lambda known: f"arn:aws:cloudwatch:{region}:{known}:alarm:*"
        )
        policy = aws.iam.Policy(
            name,
            name=fit(configuration_name, POLICY_LIMIT),
            policy=policy_document(
                Statement("SeeAlarms", ("cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarmHistory"), (alarms,)),
                # The graph below a message.
                Statement("SeeMetrics", ("cloudwatch:GetMetricData", "cloudwatch:ListMetrics"), ("*",), here),
            ),
            opts=self.child(),
        )
        role = aws.iam.Role(
            name,
            name=fit(configuration_name, ROLE_LIMIT),
            assume_role_policy=service_trust(
                "chatbot.amazonaws.com", {"StringEquals": {"aws:SourceAccount": account_id}}
            ),
            opts=self.child(),
        )
        attached = aws.iam.RolePolicyAttachment(name, role=role.name, policy_arn=policy.arn, opts=self.child())
        aws.chatbot.SlackChannelConfiguration(
            name,
            configuration_name=configuration_name,
            iam_role_arn=role.arn,
            guardrail_policy_arns=[policy.arn],
            slack_team_id=settings.workspace_id,
            slack_channel_id=settings.channel_id,
            sns_topic_arns=list(topic_arns),
            logging_level="ERROR",
            opts=self.child(depends_on=[attached]),
        )
        self.finish()
