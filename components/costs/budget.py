"""A budget in AWS."""

from decimal import Decimal
from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.component import Component
from config.costs import Budget as BudgetSettings


class Budget(Component):
    """A monthly budget that writes to people: at each threshold once it is spent, and once AWS forecasts it.

    AWS counts by the tag Project once it is activated as a cost allocation tag, in the billing console of the account
    that pays: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
    """

    TOKEN: ClassVar[str] = "ai-platform:costs:Budget"

    def __init__(
        self,
        name: str,
        settings: BudgetSettings,
        *,
        budget_name: str,
        project_tag: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
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
                    notification_type=kind,
                    comparison_operator="GREATER_THAN",
                    threshold=threshold,
                    threshold_type="PERCENTAGE",
                    subscriber_email_addresses=list(settings.notify),
                )
                for threshold in settings.thresholds
                for kind in ("ACTUAL", "FORECASTED")
            ],
            opts=self.child(),
        )
        self.finish()
