"""Who carries out schedules."""

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
    """Section `ai-platform:scheduler`: a function that stops and starts what names a schedule, by it or by hand.

    Without this section EventBridge Scheduler calls EKS, EC2 and RDS itself, which costs nothing and needs no code.
    """

    function: FunctionName | None = None
    """The name of the Lambda function; `<project>-startstop` when left out, as the deploying role may make it."""

    timeout_seconds: int = Field(default=60, ge=10, le=900)
    """How long one call may take."""

    log_retention_days: RetentionDays = 30
    """How long CloudWatch keeps what it did."""
