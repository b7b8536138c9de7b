"""What a pricing rule says: how much of what a resource uses in a month."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from aiplatform.cost.bill import Sizes
from aiplatform.preview.plan import Resource

if TYPE_CHECKING:
    from aiplatform.cost.index import Context


@dataclass(frozen=True, slots=True)
class Instances:
    """Hours of EC2: the types that a node group may take."""

    types: tuple[str, ...]
    spot: bool

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


Rule: TypeAlias = "Callable[[Resource, Context], Iterator[Usage]]"
