"""The Lambda function of scheduled stop and start."""

from typing import Annotated

from pydantic import Field

from catalog.reading.model import Model
from config.types.text import matching
from config.types.times import RetentionDays

FunctionName = Annotated[
    str,
    matching(
        r"[A-Za-z0-9_-]{1,64}",
        "is not the name of a Lambda function; write at most 64 letters, digits, hyphens and underscores",
    ),
]


class Scheduler(Model):
    """Section `ai-platform:scheduler`: a Lambda function that stops and starts resources by schedule or on demand.

    Without this section EventBridge Scheduler calls EKS, EC2 and RDS directly, which is free and requires no code.
    """

    function: FunctionName | None = None
    """Name of the Lambda function. Default: `<project>-startstop`, a name that the deploying role can create."""

    timeout_seconds: int = Field(default=60, ge=10, le=900)
    """Timeout of an invocation in seconds."""

    log_retention_days: RetentionDays = 30
    """Retention of its logs in CloudWatch, in days."""
