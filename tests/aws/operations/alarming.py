"""Alarms, topics and subscriptions.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/, .../sns/latest/api/, .../chatbot/latest/APIReference/
"""

from collections.abc import Mapping

from tests.aws.operations.said import REGION, queue_attribute
from tests.aws.requests import Call, Entry, To

ALARMING: Mapping[str, Entry] = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": Entry(
        (
            Call(
                "cloudwatch",
                "PutMetricAlarm",
                {
                    "name": "AlarmName",
                    "dimensions": To(
                        "Dimensions", lambda value: [{"Name": name, "Value": text} for name, text in value.items()]
                    ),
                },
            ),
        ),
        taggable=True,
    ),
    "aws:sns/topic:Topic": Entry(
        (Call("sns", "CreateTopic", {"kmsMasterKeyId": queue_attribute("KmsMasterKeyId")}),), own=REGION, taggable=True
    ),
    "aws:sns/topicPolicy:TopicPolicy": Entry(
        (
            Call(
                "sns",
                "SetTopicAttributes",
                {"arn": "TopicArn", "policy": "AttributeValue"},
                {"AttributeName": "Policy"},
            ),
        ),
        own=REGION,
    ),
    "aws:sns/topicSubscription:TopicSubscription": Entry(
        (Call("sns", "Subscribe", {"topic": "TopicArn"}),), own=REGION
    ),
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": Entry(
        (Call("chatbot", "CreateSlackChannelConfiguration"),), taggable=True
    ),
    "aws:costexplorer/costAllocationTag:CostAllocationTag": Entry(
        (
            Call(
                "ce",
                "UpdateCostAllocationTagsStatus",
                {"tagKey": "CostAllocationTagsStatus.TagKey", "status": "CostAllocationTagsStatus.Status"},
            ),
        )
    ),
}
