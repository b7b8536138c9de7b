"""Compare a bill with the stack's budget, which a bill with missing prices can exceed but not keep."""

from dataclasses import dataclass
from decimal import Decimal

from aiplatform.cost.bill import Bill
from config.costs import Costs

NAMED = 3
"""Missing prices that a message names."""


@dataclass(frozen=True, slots=True)
class BudgetProblem:
    """A bill that exceeds the budget, or whose missing prices can exceed it."""

    rule: str
    """The rule of its finding."""

    message: str
    """Message with both amounts in USD a month."""

    fix: str


def budget_problem(bill: Bill, costs: Costs) -> BudgetProblem | None:
    """Return what is wrong with the budget of a stack; None if the bill keeps it, or without a limit."""
    return _over_budget(bill, costs) or _unknown(bill, costs)


def _over_budget(bill: Bill, costs: Costs) -> BudgetProblem | None:
    """Return message and fix if the expected cost exceeds the limit; None if not, or without a limit.

    A bill with missing prices exceeds the limit if its known part does.
    """
    if costs.budget is None:
        return None
    limit, expected = Decimal(str(costs.budget.monthly_limit)), bill.total.expected
    if expected <= limit:
        return None
    at_least = "at least " if bill.at_least else ""
    estimated = "an estimated " if bill.estimated else ""
    message = (
        f"{bill.stack} is expected to cost {at_least}{estimated}{expected:,.2f} {bill.currency} a month, "
        f"{expected - limit:,.2f} above the budget of {limit:,.2f}"
    )
    dearest = sorted(bill.by("component").items(), key=lambda each: (-each[1].expected, each[0]))[:3]
    parts = ", ".join(f"{name} {amount.expected:,.2f}" for name, amount in dearest)
    return BudgetProblem(
        "cost-over-budget", message, f"lower what costs most ({parts}), or raise costs.budget.monthlyLimit"
    )


def _unknown(bill: Bill, costs: Costs) -> BudgetProblem | None:
    """Return the problem of a bill whose known part is within the limit, and whose prices are missing."""
    if costs.budget is None or not bill.at_least:
        return None
    limit = Decimal(str(costs.budget.monthly_limit))
    items = tuple(dict.fromkeys(each.item for each in bill.missing))
    others = f" and {len(items) - NAMED} more" if len(items) > NAMED else ""
    return BudgetProblem(
        "cost-unknown",
        f"the budget of {limit:,.2f} {bill.currency} cannot be compared with the cost: {bill.stack} costs at least "
        f"{bill.total.expected:,.2f} a month, without the price of {', '.join(items[:NAMED])}{others}",
        f"add these prices with `aiplatform prices refresh --stack {bill.stack}`, estimate them with "
        "costs.estimates: true, or use what has a price there",
    )
