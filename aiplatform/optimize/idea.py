"""What an advice proposes: values of a stack file that cost less, and what they give up."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, get_args

from catalog.instance_types import sizes
from catalog.prices import PriceTable
from catalog.reading.problems import Path
from config.project import is_production
from config.settings import Settings

Keep = Literal["ha", "rpo", "capacity", "onDemand", "hours", "logs", "x86", "engine", "flexibility"]
KEEPS: tuple[Keep, ...] = get_args(Keep)

KEPT: Mapping[Keep, str] = {
    "ha": "standbys, replicas and NAT gateways of other zones",
    "rpo": "backups and their copies in other regions",
    "capacity": "CPU, memory and disk of nodes, databases and caches",
    "onDemand": "capacity that EC2 does not interrupt",
    "hours": "resources that run all day",
    "logs": "logs and metrics, and their retention",
    "x86": "the architecture of nodes",
    "engine": "the engine of caches",
    "flexibility": "no commitment for one or three years",
}
"""What each word of `--keep` keeps."""

Change = tuple[Path, Any]
"""The path of a setting, and its new value."""


@dataclass(frozen=True)
class Idea:
    """A change of a stack file that can lower its bill."""

    text: str
    """What changes, such as `use g6.xlarge before g5.xlarge in nodeGroups.gpu`."""

    changes: tuple[Change, ...]

    keep: Keep | None = None
    """The word of `--keep` that excludes it; None if it gives up nothing."""

    gives_up: str = ""
    """What the platform loses; empty if nothing."""

    check: str = ""
    """What the stack file does not say and has to be checked first. Such an idea is not part of the best set."""

    @property
    def paths(self) -> tuple[Path, ...]:
        """Return the paths of the settings that it changes."""
        return tuple(path for path, _ in self.changes)


@dataclass(frozen=True)
class Subject:
    """What an advice reads: the settings of a stack, and the prices of its region."""

    settings: Settings
    prices: PriceTable

    @property
    def is_production(self) -> bool:
        """Return whether the stack, or an environment in it, is in production."""
        settings = self.settings
        return settings.project.is_production() or any(map(is_production, settings.environments))

    @property
    def region(self) -> str:
        """Return the region of the stack."""
        return self.settings.project.region

    def machine(self, instance_type: str, *, spot: bool = False) -> Decimal | None:
        """Return the price of an instance type in USD an hour; None if the table has no row."""
        found = self.prices.instance(self.region, instance_type, spot=spot)
        return None if found is None else found.price

    def service(self, item: str) -> Decimal | None:
        """Return the price of an item of the table; None if it has no row."""
        found = self.prices.service(self.region, item)
        return None if found is None else found.price

    @cached_property
    def machine_types(self) -> tuple[str, ...]:
        """Return the instance types of the catalog that have a price in the region."""
        return tuple(name for name in self.prices.instances.get(self.region, {}) if name in sizes())

    def items(self, prefix: str) -> dict[str, Decimal]:
        """Return the prices of all items that begin with a text, by the rest of their names."""
        rows = self.prices.services.get(self.region, {})
        return {name.removeprefix(prefix): row.price for name, row in rows.items() if name.startswith(prefix)}


Advice = Callable[[Subject], Iterator[Idea]]
"""A kind of change: yields the ideas for a stack. It reads settings, catalog and prices, and no names."""
