"""The output of `aiplatform prices show`."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import NamedTuple

from rich.table import Table

from aiplatform.errors import CallError
from aiplatform.preview.plan import Json
from catalog.prices import Price, PriceTable


class UnknownError(CallError):
    """A region or type that the table lacks; the text has the nearest ones."""


class Row(NamedTuple):
    """A price in a region; an unknown price is None."""

    region: str
    item: str
    on_demand: Price | None
    spot: Price | None = None
    offered: bool = True


def price_rows(table: PriceTable, wanted: str, region: str | None = None) -> tuple[Row, ...]:
    """Return the rows of an instance type, an item, or all items of a class such as `db.t3.small`.

    Raises:
        UnknownError: the table has no such region or type.
    """
    if region is not None and region not in table.regions:
        raise UnknownError(f"--region {region}: has no prices; the table has {', '.join(table.regions)}")
    regions = table.regions if region is None else (region,)
    rows = tuple(row for name in regions for row in _rows(table, name, wanted))
    if not rows:
        names = sorted({name for name in regions for name in _names(table, name)})
        near = get_close_matches(wanted.lower(), names, n=3, cutoff=0.6)
        where = f" in {region}" if region else ""
        said = f"; the nearest are {', '.join(near)}" if near else "; name an instance type like t3.medium"
        raise UnknownError(f"{wanted}: nothing of that name has a price{where}{said}")
    return rows


def _rows(table: PriceTable, region: str, wanted: str) -> Iterator[Row]:
    instance = table.instances.get(region, {}).get(wanted)
    if instance:
        yield Row(region, wanted, instance.on_demand, instance.spot, instance.offered)
    for item, price in table.services.get(region, {}).items():
        if item == wanted or item.endswith(f"_{wanted}"):
            yield Row(region, item, price)


def _names(table: PriceTable, region: str) -> Iterator[str]:
    yield from table.instances.get(region, {})
    for item in table.services.get(region, {}):
        yield item
        yield item.rpartition("_")[2]


def rendered(rows: Iterable[Row]) -> Table:
    """Return a table for the terminal; sources are numbered, because they are long."""
    table = Table(box=None, pad_edge=False)
    for column in ("region", "item", "on demand", "Spot", "unit", "confidence", "as of", "source"):
        numeric = column in {"on demand", "Spot", "source"}
        table.add_column(column, justify="right" if numeric else "left", no_wrap=True)
    numbers: dict[str, int] = {}
    for row in rows:
        about = row.on_demand or row.spot
        cells = ("", "", "", "")
        if about:
            number = numbers.setdefault(_origin(about), len(numbers) + 1)
            cells = (about.unit, about.confidence, about.as_of.partition(" ")[0], str(number))
        on_demand = _figure(row.on_demand) if row.offered else "not offered"
        table.add_row(row.region, row.item, on_demand, _figure(row.spot), *cells)
    return table


def listed(rows: Iterable[Row]) -> list[dict[str, Json]]:
    """Return the rows for other programs."""
    return [
        {
            "region": row.region,
            "item": row.item,
            "offered": row.offered,
            "onDemand": _described(row.on_demand),
            "spot": _described(row.spot),
        }
        for row in rows
    ]


def _described(price: Price | None) -> dict[str, Json] | None:
    if price is None:
        return None
    return {
        "price": float(price.price),
        "unit": price.unit,
        "confidence": price.confidence,
        "asOf": price.as_of,
        "source": _origin(price),
    }


def sources(rows: Iterable[Row]) -> tuple[str, ...]:
    """Return the sources of the prices, one line each, numbered as in the table."""
    origins = dict.fromkeys(_origin(about) for row in rows if (about := row.on_demand or row.spot))
    return tuple(f"{number} {origin}" for number, origin in enumerate(origins, start=1))


def shown_prices(rows: Iterable[Row]) -> Iterator[tuple[str, Price]]:
    """Yield the prices with their paths, for warnings about their age."""
    for row in rows:
        yield from ((f"{row.region}.{row.item}", price) for price in (row.on_demand, row.spot) if price)


def _origin(price: Price) -> str:
    parts = (price.source, price.note, price.as_of if price.as_of.startswith("unknown ") else None)
    return "; ".join(filter(None, parts))


def _figure(price: Price | None) -> str:
    return "-" if price is None else format(price.price, "f")
