"""CloudWatch alarms and their recipients."""

from typing import Annotated

from pydantic import Field

from catalog.metrics import METRICS, Metric, Missing, Namespace, Statistic
from catalog.reading.model import Model
from config.types.aws import TopicName
from config.types.contacts import EmailAddress
from config.types.names import Name
from config.types.references import DatabaseRef, InstanceRef
from config.types.text import matching


class SlackChannel(Model):
    """A Slack channel, to which Amazon Q Developer in chat applications posts."""

    workspace_id: Annotated[str, matching(r"[0-9A-Z]{1,255}", "is not a Slack workspace ID; write it like T0123ABCD")]
    """ID of the workspace. Authorize AWS in the workspace once, in the console of Amazon Q Developer in chat
    applications: there is no API for it."""

    channel_id: Annotated[
        str,
        matching(
            r"[A-Za-z0-9]{1,255}", "is not a Slack channel ID; copy it from the channel's details, like C0123ABCD"
        ),
    ]
    """ID of the channel, not its name. Invite @Amazon Q to a private channel."""


class AlarmRule(Model):
    """A CloudWatch alarm."""

    metric: Annotated[str, Field(min_length=1, max_length=255)]
    """Name of the metric in CloudWatch."""

    namespace: Namespace = "ContainerInsights"
    """Source of the metric: the agent of `addons.cloudwatchObservability`, EC2 (for an entry of `instances`) or RDS."""

    instance: InstanceRef | None = None
    """A key of `instances`, for AWS/EC2."""

    database: DatabaseRef | None = None
    """A key of `databases`, for AWS/RDS."""

    threshold: float = Field(ge=0, allow_inf_nan=False)
    """Threshold in the unit of the metric, such as percent of a utilization, or a number of pods."""

    below: bool = False
    """Whether the alarm fires below the threshold, as for free disk space, and not at or above it."""

    minutes: int = Field(default=5, ge=1, le=1440)
    """Evaluation period in minutes."""

    statistic: Statistic | None = None
    """Statistic over the period and over all nodes or pods. Default: average for a utilization, sum for a count. With
    Maximum the alarm fires when a single node exceeds the threshold."""

    missing: Missing | None = None
    """Treatment of missing data. Default: `missing` (insufficient data) for a utilization, `notBreaching` for a count.
    Set `notBreaching` for a cluster with a schedule."""

    slack: bool = False
    """Whether the alarm is also sent to the Slack channel."""

    def known(self) -> Metric | None:
        """Return the defaults of its metric; None if the namespace has no such metric."""
        return METRICS[self.namespace].get(self.metric)

    def read_by(self) -> Statistic:
        """Return the statistic, set or default."""
        known = self.known()
        return self.statistic or (known.statistic if known else "Average")

    def without_values(self) -> Missing:
        """Return the treatment of missing data, set or default."""
        known = self.known()
        return self.missing or (known.missing if known else "missing")


class Alarms(Model):
    """Section `ai-platform:alarms`: alarms are created if the stack file has this section."""

    topic: TopicName | None = None
    """Name of the SNS topic of all alarms. Default: `<project>-alarms`."""

    emails: tuple[EmailAddress, ...] = Field(default=(), max_length=20)
    """Recipients of e-mails; each must confirm the subscription."""

    slack: SlackChannel | None = None
    """Slack channel of alarms with `slack: true`, and of urgent alerts of the budget."""

    rules: dict[Name, AlarmRule] = Field(min_length=1)
    """Alarms by name."""
