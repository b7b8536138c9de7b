"""An SNS topic that an AWS service publishes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from components.base.documents import json_document
from components.cluster.encryption_key import EncryptionKey
from components.identity.policy import VERSION


@dataclass(frozen=True)
class Sender:
    """The AWS service that publishes to a topic, limited to one account."""

    service: str
    """Service principal, such as `cloudwatch.amazonaws.com`."""

    account_id: pulumi.Input[str]

    def may(self, sid: str, action: str | list[str], resource: pulumi.Input[str]) -> dict[str, Any]:
        """Return a statement that allows the action to the service on behalf of this account only."""
        return {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": {"Service": self.service},
            "Action": action,
            "Resource": resource,
            "Condition": {"StringEquals": {"aws:SourceAccount": self.account_id}},
        }


def topic_key(
    name: str, *, alias: str, sender: Sender, region: str | None = None, opts: pulumi.ResourceOptions
) -> EncryptionKey:
    """Create the KMS key of topics.

    AWS services cannot publish with the AWS managed key `alias/aws/sns`: its key policy cannot be changed.
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
    """
    account = pulumi.Output.from_input(sender.account_id).apply(lambda known: f"arn:aws:iam::{known}:root")
    document = {
        "Version": VERSION,
        "Statement": [
            {
                "Sid": "TheAccountsPoliciesDecide",
                "Effect": "Allow",
                "Principal": {"AWS": account},
                "Action": "kms:*",
                "Resource": "*",
            },
            sender.may("TheSenderEncrypts", ["kms:Decrypt", "kms:GenerateDataKey*"], "*"),
        ],
    }
    return EncryptionKey(
        name,
        alias=alias,
        description=f"What {sender.service} writes to topics",
        policy=json_document(document),
        region=region,
        opts=opts,
    )


class Topic(Component):
    """An encrypted topic that one service publishes to, with its subscriptions."""

    TOKEN: ClassVar[str] = "ai-platform:alarms:Topic"

    def __init__(
        self,
        name: str,
        *,
        topic_name: str,
        key_arn: pulumi.Input[str],
        sender: Sender,
        subscribers: Mapping[str, tuple[str, ...]],
        region: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Create the topic. `subscribers` maps protocols to endpoints, such as `{"email": ("team@example.com",)}`."""
        super().__init__(name, opts)
        topic = aws.sns.Topic(
            name,
            name=topic_name,
            kms_master_key_id=key_arn,
            region=region,
            tags=named(topic_name),
            opts=self.child(),
        )
        aws.sns.TopicPolicy(
            name,
            arn=topic.arn,
            region=region,
            policy=json_document(
                {"Version": VERSION, "Statement": [sender.may("TheSenderPublishes", "sns:Publish", topic.arn)]}
            ),
            opts=self.child(),
        )
        for protocol, endpoints in subscribers.items():
            for index, endpoint in enumerate(endpoints):
                aws.sns.TopicSubscription(
                    f"{name}-{protocol}-{index}",
                    topic=topic.arn,
                    protocol=protocol,
                    endpoint=endpoint,
                    region=region,
                    opts=self.child(),
                )
        self.arn: pulumi.Output[str] = topic.arn
        self.finish(arn=self.arn)
