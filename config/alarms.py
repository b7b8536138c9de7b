"""CloudWatch alarms, and who hears of them."""

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
    """A channel that Amazon Q Developer in chat applications writes to."""

    workspace_id: Annotated[str, matching(r"[0-9A-Z]{1,255}", "is no id of a Slack workspace; write it like T0123ABCD")]
    """The workspace's id. A person lets AWS into the workspace once, in the console of Amazon Q Developer in chat
    applications: no API does that."""

    channel_id: Annotated[
        str,
        matching(
            r"[A-Za-z0-9]{1,255}", "is no id of a Slack channel; copy it from the channel's details, like C0123ABCD"
        ),
    ]
    """The channel's id, not its name. In a private channel somebody has to invite @Amazon Q."""


class AlarmRule(Model):
    """One alarm."""

    metric: Annotated[str, Field(min_length=1, max_length=255)]
    """The metric's name in CloudWatch."""

    namespace: Namespace = "ContainerInsights"
    """Who sends it: the agent of `addons.cloudwatchObservability`, EC2 (for one of `instances`) or RDS."""

    instance: InstanceRef | None = None
    """Of `instances`, for AWS/EC2."""

    database: DatabaseRef | None = None
    """Of `databases`, for AWS/RDS."""

    threshold: float = Field(ge=0, allow_inf_nan=False)
    """The value at which it goes off: percent of a utilization, a number of pods."""

    below: bool = False
    """Goes off below the threshold, as for what is left of a disk, and not at or above it."""

    minutes: int = Field(default=5, ge=1, le=1440)
    """The time over which the metric is read."""

    statistic: Statistic | None = None
    """How the values of that time, of all nodes or pods together, become one: their average for a utilization, their
    sum for a count when left out. Maximum goes off where a single node is above it."""

    missing: Missing | None = None
    """What a time without a value is: `missing` (not known, and said so) for a utilization, `notBreaching` (fine) for a
    count when left out. Write `notBreaching` for a cluster that sleeps."""

    slack: bool = False
    """Writes to the Slack channel too."""

    def known(self) -> Metric | None:
        """How its metric is read by itself; None where nobody sends it."""
        return METRICS[self.namespace].get(self.metric)

    def read_by(self) -> Statistic:
        """The statistic."""
        known = self.known()
        return self.statistic or (known.statistic if known else "Average")

    def without_values(self) -> Missing:
        """What a time without a value is."""
        known = self.known()
        return self.missing or (known.missing if known else "missing")


class Alarms(Model):
    """Section `ai-platform:alarms`: made where it stands in the stack file."""

    topic: TopicName | None = None
    """Name of the SNS topic that all alarms go to; `<project>-alarms` when left out."""

    emails: tuple[EmailAddress, ...] = Field(default=(), max_length=20)
    """Who gets an e-mail, once they have confirmed the one that asks them."""

    slack: SlackChannel | None = None
    """Where alarms with `slack: true` are told, and urgent alerts of the budget."""

    rules: dict[Name, AlarmRule] = Field(min_length=1)
    """Alarms by name."""
