"""Events and queues. https://docs.aws.amazon.com/eventbridge/latest/APIReference/, .../AWSSimpleQueueService/..."""

from collections.abc import Mapping

from tests.aws.operations.said import queue_attribute
from tests.aws.requests import Call, Entry, To

EVENTS: Mapping[str, Entry] = {
    "aws:lambda/function:Function": Entry(
        (
            Call(
                "lambda",
                "CreateFunction",
                {"name": "FunctionName", "code": To("Code.ZipFile", lambda assets: str(assets).encode())},
            ),
        ),
        taggable=True,
    ),
    "aws:cloudwatch/eventRule:EventRule": Entry((Call("events", "PutRule"),), taggable=True),
    "aws:cloudwatch/eventTarget:EventTarget": Entry(
        (Call("events", "PutTargets", {"targetId": "Targets.Id", "arn": "Targets.Arn"}),)
    ),
    "aws:sqs/queue:Queue": Entry(
        (
            Call(
                "sqs",
                "CreateQueue",
                {
                    "name": "QueueName",
                    "messageRetentionSeconds": queue_attribute("MessageRetentionPeriod"),
                    "sqsManagedSseEnabled": queue_attribute("SqsManagedSseEnabled"),
                },
            ),
        ),
        taggable=True,
    ),
    "aws:sqs/queuePolicy:QueuePolicy": Entry(
        (Call("sqs", "SetQueueAttributes", {"policy": queue_attribute("Policy")}),)
    ),
}
