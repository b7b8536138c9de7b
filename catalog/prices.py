"""AWS list prices, read from `data/prices.yaml` and `data/instance-prices.csv`: USD an hour, a GB, a month, or another
unit of UNITS.

A missing price is None, never zero and never that of another region: a sum with a missing price is a minimum.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar, get_args

from catalog.errors import UserError
from catalog.reading.document import located
from catalog.reading.problems import did_you_mean
from catalog.reading.quick_yaml import Value, read

Confidence = Literal["sourced", "derived", "recalled", "estimated"]
"""Read in the named source, computed from a sourced figure, without a source, or not in the table at all: a multiple of
the price in another region (`catalog.price_estimates`)."""

CURRENCIES = ("USD",)

PACKAGED = "aws/karpenter-provider-aws:pkg/providers/pricing"
"""Source of the prices in `data/instance-prices.csv`."""

UNITS = tuple(
    f"USD/{unit}"
    for unit in (
        *("h", "cluster-h", "address-h", "endpoint-AZ-h", "LCU-h", "NLCU-h", "ACU-h", "vCPU-h", "GB-h", "GB-s"),
        *("GB", "GB-month", "1M requests", "1M observations"),
        *("IOPS-month", "MiBps-month", "secret-month", "key-month", "zone-month", "alarm-month", "alarm-metric-month"),
        *("web-ACL-month", "rule-month", "1k objects-month"),
    )
)
"""The units that prices can have."""

STALE_AFTER = 180
"""Days after which prices should be refreshed: AWS changes list prices a few times a year."""

_LONGEST_MONTH = 744
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")
_DATED = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")

_CONFIDENCES: tuple[Confidence, ...] = tuple(one for one in get_args(Confidence) if one != "estimated")
_SERVICE_KEYS = frozenset({"price", "unit", "source", "as_of", "confidence", "note"})
_DESCRIPTIVE = frozenset({"vcpus", "memory_gib", "gpu", "arch", "spot_zones"})
"""Keys of an instance type that are not read, because they are not prices."""

_Word = TypeVar("_Word", bound=str)

_INSTANCE_KEYS = _DESCRIPTIVE | {
    *("on_demand", "spot", "unit", "source", "as_of", "confidence", "note"),
    *("offered", "spot_source", "spot_as_of"),
}


class Price(NamedTuple):
    """One list price, before tax, discounts and the free tier."""

    price: Decimal
    unit: str
    """One of UNITS, such as `USD/h`."""

    source: str
    as_of: str
    """The day, month or year of the source, or a sentence that begins with `unknown`."""

    confidence: Confidence
    note: str | None = None


class Instance(NamedTuple):
    """The prices of an EC2 instance type with Linux in one region."""

    offered: bool
    on_demand: Price | None
    spot: Price | None
    """The median of the region's zones on the day of `as_of`: Spot prices change, so that it is an estimate."""


class PricesError(UserError):
    """An invalid price file: one line for each error, `prices.yaml:31: ec2.us-east-1.t3.micro.unit: ...`."""


@dataclass(frozen=True)
class PriceTable:
    """List prices by region."""

    currency: str
    hours_per_month: int
    """Hours of a month: 730, as the AWS Pricing Calculator counts."""

    compiled: date
    regions: tuple[str, ...]
    instances: Mapping[str, Mapping[str, Instance]] = field(repr=False)
    """Prices by region and instance type."""

    services: Mapping[str, Mapping[str, Price]] = field(repr=False)
    """Prices by region and item."""

    def instance(self, region: str, instance_type: str, *, spot: bool = False) -> Price | None:
        """Return the price of an instance with Linux in USD an hour; None without an offer or price in the region."""
        row = self.instances.get(region, {}).get(instance_type)
        if row is None:
            return None
        return row.spot if spot else row.on_demand

    def offered(self, region: str, instance_type: str) -> bool | None:
        """Return whether the region offers the type; None if the table has no entry."""
        row = self.instances.get(region, {}).get(instance_type)
        return None if row is None else row.offered

    def service(self, region: str, item: str) -> Price | None:
        """Return the price of an item, such as `nat_gateway_hour`; None if the table has no entry."""
        return self.services.get(region, {}).get(item)

    def rows(self, regions: Sequence[str] | None = None) -> Iterator[tuple[str, Price]]:
        """Yield every price with its path, such as `ec2.us-east-1.t3.micro.on_demand`."""
        for region in self.regions if regions is None else regions:
            for name, row in self.instances.get(region, {}).items():
                if row.on_demand:
                    yield f"ec2.{region}.{name}.on_demand", row.on_demand
                if row.spot:
                    yield f"ec2.{region}.{name}.spot", row.spot
            for item, price in self.services.get(region, {}).items():
                yield f"services.{region}.{item}", price


def load_prices(path: Path | None = None) -> PriceTable:
    """Load the packaged table, or another file with the same schema.

    Raises:
        PricesError: the file cannot be read or is invalid; the error has a line for each problem.
    """
    return _shipped() if path is None else _load(path)


@cache
def _shipped() -> PriceTable:
    text = files("catalog").joinpath("data/prices.yaml").read_text(encoding="utf-8")
    table = parse_prices(text, "catalog/data/prices.yaml")
    instances = {region: dict(rows) for region, rows in table.instances.items()}
    for region, name, price in _on_demand():
        known = instances.setdefault(region, {}).get(name, Instance(True, None, None))
        if known.offered and known.on_demand is None:
            instances[region][name] = known._replace(on_demand=price)
    return replace(table, instances=instances)


def _on_demand() -> Iterator[tuple[str, str, Price]]:
    """Yield region, type and price of every row of `data/instance-prices.csv`."""
    text = files("catalog").joinpath("data/instance-prices.csv").read_text(encoding="utf-8")
    as_of = next(line.partition("as_of: ")[2] for line in text.splitlines() if line.startswith("# as_of: "))
    for line in [line for line in text.splitlines() if not line.startswith("#")][1:]:
        region, name, price = line.split(",")
        yield region, name, Price(Decimal(price), "USD/h", PACKAGED, as_of, "sourced")


def _load(path: Path) -> PriceTable:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise PricesError([f"{path}: cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise PricesError([f"{path}:1: is not UTF-8 text"]) from None
    return parse_prices(text, str(path))


def parse_prices(text: str, name: str) -> PriceTable:
    """Parse a price table; `name` is the file name that error messages show.

    Raises:
        PricesError: the text is invalid.
    """
    file = _File(name)
    root, problems = read(text)
    for problem in problems:
        file.problem(problem.line, problem.path, problem.message)
    table = _table(root, file) if root is not None else None
    if table is None or file.problems:
        raise PricesError(dict.fromkeys(line for _, line in sorted(file.problems)))
    return table


@dataclass
class _File:
    """Collects problems with their lines."""

    name: str
    problems: list[tuple[int, str]] = field(default_factory=list)

    def problem(self, line: int, path: str, message: str) -> None:
        self.problems.append((line, located(self.name, line, f"{path}: {message}" if path else message)))


class _Map(NamedTuple):
    """A map of the file. Each method reads one key and records its problems."""

    values: Mapping[str, Value]
    line: int
    path: str
    file: _File

    def problem(self, key: str, message: str) -> None:
        where = f"{self.path}.{key}" if self.path else key
        self.file.problem(self.values[key].line if key in self.values else self.line, where, message)

    def only(self, keys: frozenset[str]) -> None:
        for key in self.values.keys() - keys:
            self.problem(key, f"unknown key{did_you_mean(key, sorted(keys))}")

    def map(self, key: str) -> "_Map":
        value = self.values.get(key)
        path = f"{self.path}.{key}" if self.path else key
        if value is not None and value.values:
            return _Map(value.values, value.line, path, self.file)
        empty = value is not None and (value.empty or value.values is not None)
        self.problem(key, "is missing" if value is None else "is empty" if empty else "is not a map")
        return _Map({}, self.line, path, self.file)

    def maps(self) -> "Iterator[tuple[str, _Map]]":
        for key in self.values:
            row = self.map(key)
            if row.values:
                yield key, row

    def text(self, key: str) -> str:
        value = self.values.get(key)
        if value is not None and value.text and not value.empty:
            return value.text
        self.problem(key, "is missing" if value is None else "is not a string")
        return ""

    def choice(self, key: str, choices: Sequence[_Word]) -> _Word:
        """Return the choice in the file; the first one if the value is invalid, which is recorded as a problem."""
        value = self.values.get(key)
        text = (value.text if value is not None else None) or ""
        found = next((one for one in choices if one == text), None)
        if found is None:
            unknown = f"{text!r} is not valid{did_you_mean(text, choices)}"
            self.problem(key, "is missing" if value is None else unknown)
        return found or choices[0]

    def price(self, key: str) -> Decimal | None:
        """Return a positive number; None if it is null or missing, which is left to the caller to report."""
        value = self.values.get(key)
        if value is None or value.empty:
            return None
        text = value.text or ""
        if not value.plain or not _NUMBER.fullmatch(text):
            self.problem(key, f"{text!r} is not a number")
            return None
        number = Decimal(text)
        if number <= 0:
            known = "0 is not a price; remove the row if the price is unknown"
            self.problem(key, known if number == 0 else f"{text} is below zero")
            return None
        return number

    def truth(self, key: str, *, default: bool) -> bool:
        value = self.values.get(key)
        if value is None:
            return default
        if not value.plain or value.text not in {"true", "false"}:
            self.problem(key, "is neither true nor false")
        return value.text == "true"


def _table(root: Value, file: _File) -> PriceTable | None:
    if root.text and not root.empty:
        file.problem(root.line, "", "is not a price file; it must begin with `meta:`")
        return None
    if not root.values:
        file.problem(1, "", "is empty; add meta, ec2 and services")
        return None
    top = _Map(root.values, 1, "", file)
    top.only(frozenset({"meta", "ec2", "services"}))
    meta, ec2, services = top.map("meta"), top.map("ec2"), top.map("services")
    instances = {region: dict(_instances(rows)) for region, rows in _regions(ec2)}
    items = {region: dict(_services(rows)) for region, rows in _regions(services)}
    return PriceTable(
        currency=meta.choice("currency", CURRENCIES) if meta.values else "",
        hours_per_month=_hours(meta) if meta.values else 0,
        compiled=_compiled(meta) if meta.values else date.min,
        regions=tuple(dict.fromkeys((*instances, *items))),
        instances=instances,
        services=items,
    )


def _regions(section: _Map) -> Iterator[tuple[str, _Map]]:
    for region, rows in section.maps():
        if not _REGION.fullmatch(region):
            section.problem(region, "is not a region; write it like us-east-1")
        yield region, rows


def _instances(rows: _Map) -> Iterator[tuple[str, Instance]]:
    for name, row in rows.maps():
        row.only(_INSTANCE_KEYS)
        offered, on_demand, spot = row.truth("offered", default=True), row.price("on_demand"), row.price("spot")
        unit, source, as_of, confidence, note = _about(row, ("USD/h",))
        if "on_demand" not in row.values:
            row.problem("on_demand", "is missing; write null if the price is unknown")
        if not offered and (on_demand or spot):
            row.problem("offered", "is false, but there is a price; remove one of them")
        spot_source = row.text("spot_source") if "spot_source" in row.values else source
        spot_as_of = row.text("spot_as_of") if "spot_as_of" in row.values else as_of
        yield (
            name,
            Instance(
                offered,
                Price(on_demand, unit, source, as_of, confidence, note) if on_demand else None,
                Price(spot, unit, spot_source, spot_as_of, confidence, note) if spot else None,
            ),
        )


def _services(rows: _Map) -> Iterator[tuple[str, Price]]:
    for item, row in rows.maps():
        row.only(_SERVICE_KEYS)
        price = row.price("price")
        if "price" not in row.values or row.values["price"].empty:
            row.problem("price", "is missing; remove the row if the price is unknown")
        about = _about(row, UNITS)
        if price:
            yield item, Price(price, *about)


def _about(row: _Map, units: Sequence[str]) -> tuple[str, str, str, Confidence, str | None]:
    """Return unit, source, date, confidence and note of a row."""
    return (
        row.choice("unit", units),
        row.text("source"),
        row.text("as_of"),
        row.choice("confidence", _CONFIDENCES),
        row.text("note") if "note" in row.values else None,
    )


def _hours(meta: _Map) -> int:
    text = meta.text("hours_per_month")
    if text and not (text.isascii() and text.isdecimal() and 0 < int(text[:4]) <= _LONGEST_MONTH):
        meta.problem("hours_per_month", f"{text!r} is not within 1 to {_LONGEST_MONTH}")
        return 0
    return int(text or 0)


def _compiled(meta: _Map) -> date:
    text = meta.text("compiled")
    try:
        return date.fromisoformat(text) if text else date.min
    except ValueError:
        meta.problem("compiled", f"{text!r} is not a date; write it like 2026-11-21")
        return date.min


def dated(as_of: str) -> date | None:
    """Return the first day of `2026-10-01`, `2026-04` or `2026`; None if the text is not a date.

    A month or a year counts from its first day, so that a price is reported as stale too early rather than too late.
    """
    found = _DATED.fullmatch(as_of)
    if not found:
        return None
    year, month, day = (int(part or 1) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def stale(
    table: PriceTable, today: date, days: int = STALE_AFTER, *, regions: Sequence[str] | None = None
) -> list[str]:
    """Return warnings about stale prices of `regions` (all by default); `days` is the maximum age."""
    return age_warnings(table.rows(regions), today, days)


def age_warnings(rows: Iterable[tuple[str, Price]], today: date, days: int = STALE_AFTER) -> list[str]:
    """Return warnings: the number of prices older than `days` with the oldest one, and the number without a date."""
    dates = [(dated(price.as_of), place) for place, price in rows]
    old = sorted((day, place) for day, place in dates if day and (today - day).days > days)
    undated = sum(day is None for day, _ in dates)
    said = []
    if old:
        day, place = old[0]
        said.append(f"{len(old)} of {len(dates)} prices are older than {days} days; the oldest is {place} of {day}")
    if undated:
        said.append(f"{undated} of {len(dates)} prices have no date, so that their age is unknown")
    return said
