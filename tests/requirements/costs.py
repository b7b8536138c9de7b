"""Parts of a bill, to compare with what a document states."""

from decimal import Decimal

from aiplatform.cost.bill import Bill, Line

MONTH = Decimal(730)
"""Hours of a month on AWS's bills. Some documents count 720."""


def lines(bill: Bill, *items: str, of: str = "") -> list[Line]:
    """The lines whose item begins with one of `items`, of the resources whose name begins with `of`."""
    return [line for line in bill.lines if line.item.startswith(items) and line.owner.name.startswith(of)]


def cost(bill: Bill, *items: str, of: str = "") -> Decimal:
    """USD a month of these lines."""
    return sum((line.monthly.expected for line in lines(bill, *items, of=of)), Decimal(0))


def near(found: Decimal, stated: Decimal | int) -> bool:
    """Whether a bill is within 5 percent, or half a dollar, of a document's amount in whole dollars."""
    return abs(found - stated) <= max(Decimal("0.5"), stated * Decimal("0.05"))
