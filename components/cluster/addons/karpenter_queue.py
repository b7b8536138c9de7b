"""The queue by which Karpenter receives interruption notices of AWS."""

from __future__ import annotations

import json
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from components.base.documents import json_document
from components.base.naming import QUEUE_LIMIT, RULE_LIMIT, fit

RETENTION_SECONDS = 300
"""Retention in seconds. A two-minute interruption notice is obsolete after five minutes."""

EVENTS = {
    "health": ("aws.health", "AWS Health Event"),
    "spot-interruption": ("aws.ec2", "EC2 Spot Instance Interruption Warning"),
    "rebalance": ("aws.ec2", "EC2 Instance Rebalance Recommendation"),
    "state-change": ("aws.ec2", "EC2 Instance State-change Notification"),
    "capacity-reservation": ("aws.ec2", "EC2 Capacity Reservation Instance Interruption Warning"),
}
"""Source and detail type by the suffix of a rule's name: https://karpenter.sh/v1.14/reference/cloudformation/"""


class InterruptionQueue(Component):
    """A queue for the events of EC2 and AWS Health. Only the EventBridge rules of this component can send to it."""

    TOKEN: ClassVar[str] = "ai-platform:addons:InterruptionQueue"

    def __init__(self, name: str, *, cluster_name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        queue_name = fit(f"{cluster_name}-karpenter", QUEUE_LIMIT)
        queue = aws.sqs.Queue(
            name,
            name=queue_name,
            message_retention_seconds=RETENTION_SECONDS,
            sqs_managed_sse_enabled=True,
            tags=named(queue_name),
            opts=self.child(),
        )
        rules = {event: self._rule(event, cluster_name) for event in EVENTS}
        policy = aws.sqs.QueuePolicy(
            name,
            queue_url=queue.url,
            policy=_only_from(queue.arn, [rule.arn for rule in rules.values()]),
            opts=self.child(),
        )
        self.filled_by: list[pulumi.Resource] = [
            aws.cloudwatch.EventTarget(
                f"{name}-{event}",
                rule=rule.name,
                target_id="karpenter",
                arn=queue.arn,
                opts=self.child(depends_on=[policy]),
            )
            for event, rule in rules.items()
        ]
        """The EventBridge targets that send the events to the queue."""
        self.queue_name: pulumi.Output[str] = queue.name
        self.arn: pulumi.Output[str] = queue.arn
        self.finish(queue_name=self.queue_name, arn=self.arn)

    def _rule(self, event: str, cluster_name: str) -> aws.cloudwatch.EventRule:
        source, detail_type = EVENTS[event]
        return aws.cloudwatch.EventRule(
            f"{self.name}-{event}",
            # The suffix distinguishes the rules, so the cluster's name is shortened.
            name=f"{fit(cluster_name, RULE_LIMIT - len(f'-karpenter-{event}'))}-karpenter-{event}",
            description=f"{detail_type}, for Karpenter of {cluster_name}",
            event_pattern=json.dumps({"source": [source], "detail-type": [detail_type]}),
            opts=self.child(),
        )


def _only_from(queue_arn: pulumi.Input[str], rule_arns: list[pulumi.Output[str]]) -> pulumi.Output[str]:
    """Return a queue policy that allows these rules to send and denies all requests without TLS."""
    return json_document(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "OnlyTheseRulesSend",
                    "Effect": "Allow",
                    "Principal": {"Service": "events.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": queue_arn,
                    "Condition": {"ArnEquals": {"aws:SourceArn": rule_arns}},
                },
                {
                    "Sid": "DenyInsecureTransport",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "sqs:*",
                    "Resource": queue_arn,
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                },
            ],
        }
    )
