"""Budgets that filter by a tag: AWS counts its costs only after the tag is activated as a cost allocation tag."""

from collections.abc import Iterator

from aiplatform.finding import Finding
from aiplatform.preview.plan import Plan, Resource

BUDGET = "aws:budgets/budget:Budget"
ACTIVATED = "aws:costexplorer/costAllocationTag:CostAllocationTag"
FILTER = "TagKeyValue"
USER = "user:"
"""Prefix of a tag that users define, unlike those that AWS generates:
https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-create-filters.html"""


def budget_tags(plan: Plan) -> Iterator[Finding]:
    """Yield a warning for each tag of a budget that the stack does not activate."""
    active = {
        one.inputs.get("tagKey")
        for one in plan.resources
        if one.type == ACTIVATED and one.inputs.get("status") == "Active"
    }
    for budget in plan.resources:
        if budget.type == BUDGET:
            for tag in sorted(set(_tags(budget)) - active):
                yield Finding(
                    "budget-tag",
                    "warning",
                    budget.urn,
                    f"the budget reads 0 USD until the tag {tag} is activated as a cost allocation tag, and this stack "
                    "does not activate it",
                    f"add {tag} to costs.allocationTags of a stack in the payer account, a day after the first `pulumi "
                    "up`, or activate it there in Billing and accept this finding; or set costs.budget.scope: account",
                )


def _tags(budget: Resource) -> Iterator[str]:
    for one in budget.inputs.get("costFilters") or ():
        if isinstance(one, dict) and one.get("name") == FILTER:
            for value in one.get("values") or ():
                yield str(value).partition("$")[0].removeprefix(USER)
