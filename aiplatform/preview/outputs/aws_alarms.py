"""Outputs of AWS resources that notify recipients of alarms."""

from collections.abc import Mapping

from aiplatform.preview.outputs.shape import Shape, worldwide

ALARMS: Mapping[str, Shape] = {
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": Shape(
        worldwide("chatbot", "chat-configuration/slack-channel/{configurationName}"),
        None,
        {
            "chatConfigurationArn": worldwide("chatbot", "chat-configuration/slack-channel/{configurationName}"),
            "slackChannelName": "alerts",
            "slackTeamName": "team",
        },
    ),
    "aws:costexplorer/costAllocationTag:CostAllocationTag": Shape("{tagKey}", None, {"type": "UserDefined"}),
}
