"""What a bill rests on: the source, date and confidence of its prices, and their part of the expected total."""

from decimal import Decimal
from typing import NamedTuple

from aiplatform.cost.bill import Bill
from catalog.prices import Confidence

_TENTH = Decimal("0.1")


class Basis(NamedTuple):
    """Prices of one source, date and confidence that a bill uses."""

    confidence: Confidence
    as_of: str
    source: str
    monthly: Decimal
    """USD a month of the expected size."""

    percent: Decimal
    """Its part of what all prices together cost, in percent."""


def bases(bill: Bill) -> tuple[Basis, ...]:
    """Return what a bill rests on, the largest part first."""
    found: dict[tuple[Confidence, str, str], Decimal] = {}
    for line in bill.lines:
        if line.price is not None and line.monthly.expected:
            key = line.price.confidence, line.price.as_of, line.price.source
            found[key] = found.get(key, Decimal(0)) + line.monthly.expected
    whole = sum(found.values(), Decimal(0))
    parts = (Basis(*key, amount, (100 * amount / whole).quantize(_TENTH)) for key, amount in found.items())
    return tuple(sorted(parts, key=lambda basis: (-basis.monthly, basis)))
