"""Compare a bill with the stack's budget."""

from dataclasses import dataclass
from decimal import Decimal

from aiplatform.cost.bill import Bill
from config.costs import Costs


@dataclass(frozen=True, slots=True)
class OverBudget:
    """A bill that exceeds the budget."""

    message: str
    """Message with both amounts in USD a month."""

    fix: str


def over_budget(bill: Bill, costs: Costs) -> OverBudget | None:
    """Return message and fix if the expected cost exceeds the limit; None if not, or without a limit.

    A bill with missing prices exceeds the limit if its known part does.
    """
    if costs.budget is None:
        return None
    limit, expected = Decimal(str(costs.budget.monthly_limit)), bill.total.expected
    if expected <= limit:
        return None
    at_least = "at least " if bill.at_least else ""
    message = (
        f"{bill.stack} is expected to cost {at_least}{expected:,.2f} {bill.currency} a month, "
        f"{expected - limit:,.2f} above the budget of {limit:,.2f}"
    )
    dearest = sorted(bill.by("component").items(), key=lambda each: (-each[1].expected, each[0]))[:3]
    parts = ", ".join(f"{name} {amount.expected:,.2f}" for name, amount in dearest)
    return OverBudget(message, f"lower what costs most ({parts}), or raise costs.budget.monthlyLimit")
