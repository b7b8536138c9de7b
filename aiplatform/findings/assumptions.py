"""Assumptions of a stack file on which no line of its bill depends."""

from collections.abc import Iterator

from aiplatform.cost.bill import Bill
from aiplatform.finding import Finding
from config.costs import Assumptions, Costs
from config.network import Network


def unused_assumptions(costs: Costs, bill: Bill, place: str, network: Network | None = None) -> Iterator[Finding]:
    """Yield an error for each assumption that differs from its default and changes nothing.

    A line without a price can depend on any of them, so that a bill with missing prices has no such error.
    """
    if bill.at_least:
        return
    # What NAT instances translate has no price by GB, and is the same traffic as that of the gateways before them.
    free = {"natGbPerMonth"} if network is not None and network.nat_instance is not None else set()
    for name in _given(costs.assumptions):
        if name not in bill.assumptions and name not in free:
            yield Finding(
                "cost-assumption",
                "error",
                place,
                f"costs.assumptions.{name} changes nothing: no line of the bill depends on it",
                f"remove costs.assumptions.{name}, or add what it is about",
            )


def _given(assumptions: Assumptions) -> Iterator[str]:
    """Yield the names of assumptions that differ from their defaults, as a bill writes them."""
    for key, field in type(assumptions).model_fields.items():
        if getattr(assumptions, key) == field.default:
            continue
        if key == "group_hours_per_month":
            yield from (f"{field.alias}.{group}" for group in assumptions.group_hours_per_month)
        else:
            yield str(field.alias)
