"""CloudWatch alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component
from components.operations.alarms.slack import SlackChannel
from components.operations.alarms.topic import Sender, Topic, topic_key
from config.alarms import AlarmRule
from config.alarms import Alarms as AlarmSettings

Dimensions = Mapping[str, pulumi.Input[str]]

SECONDS = 60
WORDS = {"Average": "average", "Maximum": "highest value", "Minimum": "lowest value", "Sum": "sum"}


class Alarms(Component):
    """Alarms, the SNS topic of all alarms, and a second topic for the alarms that are sent to Slack.

    The Slack channel subscribes to the second topic only: a topic cannot exclude an alarm for one subscriber.
    """

    TOKEN: ClassVar[str] = "ai-platform:alarms:Alarms"

    def __init__(
        self,
        name: str,
        settings: AlarmSettings,
        *,
        project: str,
        topic_name: str,
        region: str,
        account_id: pulumi.Input[str],
        cluster_name: str,
        instance_ids: Mapping[str, Mapping[str, pulumi.Input[str]]],
        database_identifiers: Mapping[str, str],
        urgent_topic: pulumi.Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._project, self._cluster_name = project, cluster_name
        self._instance_ids, self._database_identifiers = instance_ids, database_identifiers
        sender = Sender("cloudwatch.amazonaws.com", account_id)
        key = topic_key(f"{name}-key", alias=topic_name, sender=sender, opts=self.child())
        topic = Topic(
            name,
            topic_name=topic_name,
            key_arn=key.arn,
            sender=sender,
            subscribers={"email": settings.emails},
            opts=self.child(),
        )
        chat = None
        if any(rule.slack for rule in settings.rules.values()):
            chat = Topic(
                f"{name}-slack",
                topic_name=f"{topic_name}-slack",
                key_arn=key.arn,
                sender=sender,
                subscribers={},
                opts=self.child(),
            )
        for rule_name, rule in settings.rules.items():
            told = [topic.arn, *([chat.arn] if chat and rule.slack else [])]
            for suffix, dimensions in self._watched(rule).items():
                self._alarm(rule_name + suffix, rule, dimensions, told)
        heard = [*([chat.arn] if chat else []), *([urgent_topic] if urgent_topic is not None else [])]
        if settings.slack is not None and heard:
            SlackChannel(
                f"{name}-channel",
                settings.slack,
                configuration_name=f"{project}-alarms",
                region=region,
                account_id=account_id,
                topic_arns=heard,
                opts=self.child(),
            )
        self.outputs: dict[str, pulumi.Input[str]] = {"alarm_topic_arn": topic.arn}
        self.finish(**self.outputs)

    def _watched(self, rule: AlarmRule) -> dict[str, Dimensions]:
        """Return the dimensions of an alarm, by the suffix of its name: a server can have several instances."""
        if rule.namespace == "AWS/RDS":
            return {"": {"DBInstanceIdentifier": self._database_identifiers[rule.database or ""]}}
        if rule.namespace == "AWS/EC2":
            ids = list(self._instance_ids[rule.instance or ""].values())
            if len(ids) == 1:
                return {"": {"InstanceId": ids[0]}}
            return {f"-{number}": {"InstanceId": value} for number, value in enumerate(ids, 1)}
        return {"": {"ClusterName": self._cluster_name}}

    def _alarm(
        self, rule_name: str, rule: AlarmRule, dimensions: Dimensions, told: Sequence[pulumi.Input[str]]
    ) -> None:
        statistic, missing = rule.read_by(), rule.without_values()
        side = "below" if rule.below else "at or above"
        aws.cloudwatch.MetricAlarm(
            f"{self.name}-{rule_name}",
            name=f"{self._project}-{rule_name}",
            alarm_description=f"{rule.metric}: {WORDS[statistic]} over {rule.minutes} min {side} {rule.threshold:.12g}",
            namespace=rule.namespace,
            metric_name=rule.metric,
            dimensions=dict(dimensions),
            statistic=statistic,
            # One period as long as the evaluation time: a short peak does not raise the alarm.
            period=rule.minutes * SECONDS,
            evaluation_periods=1,
            comparison_operator="LessThanThreshold" if rule.below else "GreaterThanOrEqualToThreshold",
            threshold=rule.threshold,
            treat_missing_data=missing,
            alarm_actions=list(told),
            ok_actions=list(told),
            # Report an agent that stopped sending data; otherwise a missing metric goes unnoticed.
            insufficient_data_actions=list(told) if missing == "missing" else None,
            opts=self.child(),
        )
