"""Savings Plans and reserved instances that a stack does not use."""

from collections.abc import Iterator
from decimal import Decimal

from aiplatform.cost.bill import Bill, Commitment, cents
from aiplatform.finding import Finding

RULE = "cost-commitment"
_WHOLE = Decimal("0.995")
"""Used part from which a commitment is not reported: rounding leaves less."""


def commitments(bill: Bill, place: str) -> Iterator[Finding]:
    """Yield an error for each commitment above the stack's largest use, and a warning for one that is idle for a part
    of the month. A bill with missing prices can use more than is known.
    """
    for one in bill.commitments:
        used = one.covered.expected / (one.worth * bill.hours_per_month)
        if one.peak.maximum < one.worth * _WHOLE and not bill.at_least:
            yield Finding(RULE, "error", place, _above(one), f"buy less, or remove {one.path} if another stack uses it")
        elif used < _WHOLE:
            fix = "commit to what runs every hour of the month, or remove the schedules that stop it"
            yield Finding(RULE, "warning", place, _idle(one, used, bill), fix)


def _above(one: Commitment) -> str:
    return (
        f"{one.path}: covers {one.worth:,.4f} USD an hour on demand, above the {one.peak.maximum:,.4f} that the stack "
        "uses at most"
    )


def _idle(one: Commitment, used: Decimal, bill: Bill) -> str:
    paid, covered = cents(one.paid * bill.hours_per_month), cents(one.covered.expected)
    loses = f", {paid - covered:,} more than without it" if paid > covered else ""
    return (
        f"{one.path}: {100 * (1 - used):.0f} % of it is idle at the expected size; it costs {paid:,} a month and "
        f"covers {covered:,} on demand{loses}"
    )
