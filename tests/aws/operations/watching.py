"""Logs and schedules. https://docs.aws.amazon.com/AmazonCloudWatchLogs/..., .../scheduler/latest/APIReference/."""

from collections.abc import Mapping

from tests.aws.requests import Call, Entry

WATCHING: Mapping[str, Entry] = {
    "aws:cloudwatch/logGroup:LogGroup": Entry(
        (
            Call("logs", "CreateLogGroup", {"name": "logGroupName"}),
            Call("logs", "PutRetentionPolicy", {"retentionInDays": "retentionInDays"}, also={"name": "logGroupName"}),
        ),
        taggable=True,
    ),
    "aws:scheduler/scheduleGroup:ScheduleGroup": Entry((Call("scheduler", "CreateScheduleGroup"),), taggable=True),
    "aws:scheduler/schedule:Schedule": Entry((Call("scheduler", "CreateSchedule"),)),
}
