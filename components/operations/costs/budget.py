"""An AWS budget."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component
from components.operations.alarms.topic import Sender, Topic, topic_key
from config.costs import Alert
from config.costs import Budget as BudgetSettings

KINDS = {"actual": "ACTUAL", "forecast": "FORECASTED"}


class Budget(Component):
    """A monthly budget that sends a notification for each threshold, on actual and on forecast costs.

    Text messages and urgent alerts go through SNS topics: AWS Budgets itself sends e-mail only. AWS filters costs by
    the tag Project after it is activated as a cost allocation tag, in the billing console of the account that pays:
    https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
    """

    TOKEN: ClassVar[str] = "ai-platform:costs:Budget"

    def __init__(
        self,
        name: str,
        settings: BudgetSettings,
        *,
        budget_name: str,
        project: str,
        project_tag: str,
        account_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._settings = settings
        topics = self._topics(project, account_id)
        self.urgent_topic = topics.get("urgent")
        """ARN of the topic of urgent alerts, or None if no alert is urgent."""
        tagged = aws.budgets.BudgetCostFilterArgs(name="TagKeyValue", values=[f"user:Project${project_tag}"])
        aws.budgets.Budget(
            name,
            name=budget_name,
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=f"{Decimal(str(settings.monthly_limit)).normalize():f}",
            limit_unit=settings.currency,
            cost_filters=[tagged] if settings.scope == "project" else None,
            notifications=[
                aws.budgets.BudgetNotificationArgs(
                    notification_type=KINDS[one.of],
                    comparison_operator="GREATER_THAN",
                    threshold=one.percent,
                    threshold_type="PERCENTAGE",
                    subscriber_email_addresses=list(settings.notify) if one.emails and settings.notify else None,
                    subscriber_sns_topic_arns=[topics[way]] if (way := _way(one)) else None,
                )
                for one in settings.notices()
            ],
            opts=self.child(),
        )
        self.outputs: dict[str, pulumi.Input[str]] = {f"budget_{way}_topic_arn": arn for way, arn in topics.items()}
        self.finish(**self.outputs)

    def _topics(self, project: str, account_id: pulumi.Input[str]) -> dict[str, pulumi.Output[str]]:
        """Create the topics of its alerts and return their ARNs, by channel.

        A notification has one topic at maximum, so the topic `urgent` has all subscribers.
        """
        settings, sender = self._settings, Sender("budgets.amazonaws.com", account_id)
        ways = sorted({way for one in settings.alerts if (way := _way(one))})
        if not ways:
            return {}
        region = settings.sms_region
        key = topic_key(f"{self.name}-key", alias=f"{project}-budget", sender=sender, region=region, opts=self.child())
        return {
            way: Topic(
                f"{self.name}-{way}",
                topic_name=f"{project}-budget-{way}",
                key_arn=key.arn,
                sender=sender,
                subscribers={"sms": settings.phones},
                region=region,
                opts=self.child(),
            ).arn
            for way in ways
        }


def _way(alert: Alert) -> str | None:
    """Return the topic of an alert in addition to e-mail, or None."""
    if alert.urgent:
        return "urgent"
    return "sms" if alert.sms else None


class AllocationTags(Component):
    """Cost allocation tags of the account that pays."""

    TOKEN: ClassVar[str] = "ai-platform:costs:AllocationTags"

    def __init__(self, name: str, *, tags: tuple[str, ...], opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        for tag in tags:
            aws.costexplorer.CostAllocationTag(f"{name}-{tag.lower()}", tag_key=tag, status="Active", opts=self.child())
        self.finish()
