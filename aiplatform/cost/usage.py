"""What a pricing rule says: how much of what a resource uses in a month."""

from dataclasses import dataclass
from decimal import Decimal

from aiplatform.cost.bill import Sizes


class UncountedError(Exception):
    """How much there is of a resource cannot be told; the message says why."""


@dataclass(frozen=True, slots=True)
class Instances:
    """Hours of EC2: the types that a node group or pool may take."""

    types: tuple[str, ...]
    spot: bool
    on_demand_at_most: bool = False
    """Spot, but on demand at the maximum: whoever takes both may find no Spot."""

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
    """On how many days of a month there is any; on all of them where nothing is said."""
