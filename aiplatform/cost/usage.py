"""The result of a pricing rule: quantities of items that a resource uses in a month."""

from dataclasses import dataclass
from decimal import Decimal

from aiplatform.cost.bill import Sizes


class UncountedError(Exception):
    """The usage of a resource is unknown; the message says why."""


@dataclass(frozen=True, slots=True)
class Instances:
    """EC2 instances: the types that a node group or pool can use."""

    types: tuple[str, ...]
    spot: bool
    on_demand_at_most: bool = False
    """Whether the maximum has On-Demand prices, because Spot capacity can be unavailable."""

    def __str__(self) -> str:
        return f"{'spot' if self.spot else 'onDemand'}:{','.join(self.types)}"


@dataclass(frozen=True, slots=True)
class Usage:
    """A quantity of one item of the price table in a month."""

    item: str | Instances
    unit: str
    quantity: Sizes
    assumptions: tuple[str, ...] = ()
    note: str = ""
    days: Decimal | None = None
    """Days of a month with usage; None for all days."""

    rate: Decimal | None = None
    """USD a unit of what AWS does not bill, which has no price in the table."""

    why: str = ""
    """Why an item has no price, where the table cannot have one."""
