"""Outputs of AWS resources that notify recipients of alarms."""

from collections.abc import Mapping

from catalog.aws.aws_type import AwsType, worldwide

ALARMS: Mapping[str, AwsType] = {
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": AwsType(
        worldwide("chatbot", "chat-configuration/slack-channel/{configurationName}"),
        None,
        {
            "chatConfigurationArn": worldwide("chatbot", "chat-configuration/slack-channel/{configurationName}"),
            "slackChannelName": "alerts",
            "slackTeamName": "team",
        },
        free="messages to chat are free: https://aws.amazon.com/chatbot/pricing/",
        immutable="configurationName",
    ),
    "aws:costexplorer/costAllocationTag:CostAllocationTag": AwsType(
        "{tagKey}", None, {"type": "UserDefined"}, free="tags are free"
    ),
}
