"""Estimates of prices that the table has no row of: the price in us-east-1 times a factor of the service.

The factor is the stack file's, the median of the rows that both regions have, or the one of `data/price-factors.csv`.
An estimate is never used for a price that has a row, nor for an instance type that the region does not offer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from statistics import median
from typing import NamedTuple

from catalog.prices import Price, PriceTable

BASE = "us-east-1"
"""The region whose prices are multiplied: it has the most rows."""

EC2 = "ec2"

EVERY = "*"
_THOUSANDTH = Decimal("0.001")
_LEAST = 3
"""Rows that both regions have, from which their median stands for others."""


class Factor(NamedTuple):
    """The prices of a service in a region as a multiple of those in BASE, and where it comes from."""

    value: Decimal
    source: str


def service_of(item: str) -> str:
    """Return the service of an item of the price table: the first word of its name."""
    return item.partition("_")[0]


@dataclass(frozen=True)
class Estimates:
    """Estimates by a price table, and by the factors of a stack file."""

    table: PriceTable
    stated: Mapping[str, Decimal] = field(default_factory=dict)
    """Factors by service, which take precedence."""

    def service(self, region: str, item: str) -> Price | None:
        """Return the estimated price of an item; None without a price in BASE or without a factor."""
        known, factor = self.table.service(BASE, item), self.factor(region, service_of(item))
        return None if known is None or factor is None else _times(known, factor)

    def instance(self, region: str, instance_type: str, *, spot: bool = False) -> Price | None:
        """Return the estimated price of an instance type; None if the region does not offer it, or without a factor.

        A Spot price is estimated from the On-Demand price, by the median of the types that have both.
        """
        if self.table.offered(region, instance_type) is False:
            return None
        on_demand = self.table.instance(region, instance_type)
        if on_demand is None:
            known, factor = self.table.instance(BASE, instance_type), self.factor(region, EC2)
            on_demand = None if known is None or factor is None else _times(known, factor)
        if not spot or on_demand is None:
            return on_demand
        share = _spot_share(self.table, region) or _spot_share(self.table, BASE)
        return None if share is None else _times(on_demand, share)

    def factor(self, region: str, service: str) -> Factor | None:
        """Return the factor of a service in a region; None if there is none."""
        if service in self.stated:
            return Factor(self.stated[service], "costs.estimateFactors of the stack file")
        if region == BASE:
            return None
        return self._of_rows(region, service) or _listed(region, service)

    def _of_rows(self, region: str, service: str) -> Factor | None:
        ratios = list(_ratios(self.table, region, service))
        if len(ratios) < _LEAST:
            return None
        value = Decimal(median(ratios)).quantize(_THOUSANDTH)
        return Factor(value, f"the median of {len(ratios)} {service} rows of {region} and {BASE}")


def _times(known: Price, factor: Factor) -> Price:
    return known._replace(
        price=known.price * factor.value,
        confidence="estimated",
        note=f"{factor.value.normalize():f} x {known.price.normalize():f}, {factor.source}",
    )


def _ratios(table: PriceTable, region: str, service: str) -> Iterator[Decimal]:
    if service == EC2:
        for name in table.instances.get(region, {}):
            here, base = table.instance(region, name), table.instance(BASE, name)
            if here is not None and base is not None:
                yield here.price / base.price
        return
    for item, price in table.services.get(region, {}).items():
        known = table.service(BASE, item)
        if known is not None and service_of(item) == service:
            yield price.price / known.price


def _spot_share(table: PriceTable, region: str) -> Factor | None:
    """Return Spot prices of a region as a share of its On-Demand prices."""
    shares = [
        row.spot.price / row.on_demand.price
        for row in table.instances.get(region, {}).values()
        if row.spot is not None and row.on_demand is not None
    ]
    if len(shares) < _LEAST:
        return None
    value = Decimal(median(shares)).quantize(_THOUSANDTH)
    return Factor(value, f"the median of {len(shares)} Spot and On-Demand rows of {region}")


@cache
def _factors() -> Mapping[tuple[str, str], Factor]:
    text = files("catalog").joinpath("data/price-factors.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")][1:]
    rows = (line.split(",", 5) for line in lines)
    return {
        (region, service): Factor(Decimal(value), f"{source} ({confidence}, {as_of})")
        for region, service, value, confidence, as_of, source in rows
    }


def _listed(region: str, service: str) -> Factor | None:
    """Return the factor of `data/price-factors.csv`; a region that is not in it has none."""
    if (region, EVERY) not in _factors():
        return None
    places = ((region, service), (EVERY, service), (region, EVERY))
    return next((_factors()[place] for place in places if place in _factors()), None)
