"""`aiplatform prices refresh`: update the rows of a region from the AWS Price List API."""

import os
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import botocore.session  # type: ignore[import-untyped]

from aiplatform.cost.pricer import Asked
from aiplatform.cost.prices.edit import Row, edited, flow
from aiplatform.cost.prices.price_list import Cloud
from aiplatform.cost.prices.queries import instance_query, query_of
from aiplatform.cost.usage import Instances
from aiplatform.errors import CallError, writing
from catalog.prices import Instance, Price, PricesError, PriceTable, load_prices, parse_prices
from catalog.reading.problems import did_you_mean

SOURCE = "AWS Price List API"
SPOT_SOURCE = "EC2 DescribeSpotPriceHistory"


class RefreshError(Exception):
    """The result would not be a valid price file, so that nothing was written."""


class Outcome(NamedTuple):
    """The result of a refresh of a region."""

    region: str
    read: int
    changed: tuple[str, ...]
    """Changed rows, such as `alb_hour: 0.0225 -> 0.025`."""

    kept: tuple[str, ...]
    """Names of unchanged rows, for which the API has no unique price."""

    def said(self) -> Iterator[str]:
        """Yield the lines that the command prints."""
        total = self.read + len(self.kept)
        yield f"{self.region}: read {self.read} of {total} rows, {len(self.changed)} with another price"
        yield from (f"  {change}" for change in self.changed)
        if self.kept:
            yield f"without a single answer, left as they are: {', '.join(self.kept)}"


def connect(region: str) -> Cloud:
    """Return the API clients of a region.

    Raises:
        CallError: the region does not exist.
        BotoCoreError: the profile of the shell does not exist.
    """
    check_region(region)
    return Cloud.connect(region)


def check_region(region: str) -> None:
    """Check a region before a request is sent.

    Raises:
        CallError: the region does not exist; the message has the nearest one.
    """
    regions = botocore.session.get_session().get_available_regions("ec2")
    if region not in regions:
        near = did_you_mean(region, regions)
        hint = near if "did you mean" in near else "; write one like us-east-1"
        raise CallError(f"--region {region}: is no region of AWS{hint}")


class Wanted(NamedTuple):
    """What a region has to have rows of, beside those that it has."""

    instance_types: tuple[str, ...] = ()
    units: Mapping[str, str] = {}
    """Units of items, by name."""


NOTHING = Wanted()


def wanted_by(prices: Iterable[Asked]) -> Mapping[str, Wanted]:
    """Return the prices that a bill uses by region."""
    types: dict[str, dict[str, None]] = {}
    units: dict[str, dict[str, str]] = {}
    for one in prices:
        if isinstance(one.item, Instances):
            types.setdefault(one.region, {}).update(dict.fromkeys(one.item.types))
        else:
            units.setdefault(one.region, {})[one.item] = f"USD/{one.unit}"
    return {
        region: Wanted(tuple(types.get(region, ())), units.get(region, {}))
        for region in sorted({*types, *units} - {""})
    }


class _Found(NamedTuple):
    """The values of a row that the API returns."""

    on_demand: Decimal | None
    spot: Decimal | None = None


def refresh_file(path: Path, region: str, cloud: Cloud, today: date, wanted: Wanted = NOTHING) -> Outcome:
    """Write the current prices of a region to the file, atomically, and add rows of what is wanted there.

    Raises:
        PricesError: the file is not a price file.
        BotoCoreError: the API cannot be reached.
        ClientError: the API rejects a request.
        CallError: the file cannot be written.
    """
    table = load_prices(path)
    # Read as bytes, so that line ends are preserved.
    text = path.read_bytes().decode()
    if region not in table.regions:
        added, outcome = _added_region(text, table, region, cloud, today, wanted)
        _write(path, added)
        return outcome
    changes: dict[tuple[str, ...], Row] = {}
    changed: list[str] = []
    kept: list[str] = []
    instances, services = table.instances.get(region, {}), table.services.get(region, {})
    new_types = [name for name in wanted.instance_types if name not in instances]
    new_units = {item: unit for item, unit in wanted.units.items() if item not in services}
    known_units = {item: price.unit for item, price in services.items()}
    found = _ask(cloud, region, [*instances, *new_types], {**known_units, **new_units})
    for name, instance in instances.items():
        new = found[name]
        if new.on_demand is None:
            kept.append(name)
            continue
        changes["ec2", region, name] = _instance_row(instance, new, today)
        changed += _said(name, instance.on_demand, new.on_demand)
        changed += _said(f"{name} Spot", instance.spot, new.spot) if new.spot else []
    for item, price in services.items():
        amount = found[item].on_demand
        if amount is None:
            kept.append(item)
            continue
        changes["services", region, item] = {"price": _number(amount), **_about(today), "note": None}
        changed += _said(item, price, amount)
    fresh = {name: found[name] for name in (*new_types, *new_units)}
    added_rows = _rows(fresh, new_units, today)
    _write(path, edited(_ended(text), changes, {(section, region): rows for section, rows in added_rows.items()}))
    named = [name for name, row in fresh.items() if row.on_demand is not None]
    changed += [line for name in named if (amount := fresh[name].on_demand) for line in _said(name, None, amount)]
    kept += [name for name in fresh if name not in named]
    return Outcome(region, len(changes) + len(named), tuple(changed), tuple(kept))


def _ask(cloud: Cloud, region: str, instances: Collection[str], units: Mapping[str, str]) -> Mapping[str, _Found]:
    """Request the prices of instance types and items."""
    spot = cloud.spot(region, instances) if instances else {}
    found = {name: _Found(cloud.price(instance_query(name), region, "USD/h"), spot.get(name)) for name in instances}
    for item, unit in units.items():
        query = query_of(item)
        found[item] = _Found(cloud.price(query, region, unit) if query else None)
    return found


def _about(today: date) -> Row:
    return {"source": SOURCE, "as_of": today.isoformat(), "confidence": "sourced"}


def _instance_row(old: Instance, new: _Found, today: date) -> Row:
    """Return the new values of a row; a Spot price that was not read keeps its source and date."""
    row = {"on_demand": _number(new.on_demand) if new.on_demand else None, **_about(today), "note": None}
    if not old.offered:
        row["offered"] = "true"
    if new.spot:
        return {**row, "spot": _number(new.spot), "spot_source": SPOT_SOURCE, "spot_as_of": today.isoformat()}
    if old.spot:
        return {**row, "spot_source": old.spot.source, "spot_as_of": old.spot.as_of}
    return row


def _said(name: str, old: Price | None, new: Decimal) -> list[str]:
    if old is not None and old.price == new:
        return []
    return [f"{name}: {_number(old.price) if old else 'not known'} -> {_number(new)}"]


def _number(amount: Decimal) -> str:
    """Format a price as `0.0416`, without trailing zeros and exponent."""
    return format(amount.normalize(), "f")


def _added_region(  # noqa: PLR0917, what refresh_file has
    text: str, table: PriceTable, region: str, cloud: Cloud, today: date, wanted: Wanted
) -> tuple[str, Outcome]:
    """Add a region with the wanted rows, and the rows of other regions, for which the API has a price."""
    instances = dict.fromkeys(name for rows in table.instances.values() for name in rows)
    instances |= dict.fromkeys(wanted.instance_types)
    units = {item: price.unit for rows in table.services.values() for item, price in rows.items()}
    units = {**wanted.units, **units}
    found = _ask(cloud, region, instances, units)
    rows = {(section, region): lines for section, lines in _rows(found, units, today).items()}
    read = tuple(name for name in found if found[name].on_demand is not None)
    changed = tuple(f"{name}: {_number(amount)}" for name in read if (amount := found[name].on_demand))
    outcome = Outcome(region, len(read), changed, tuple(name for name in found if name not in read))
    return edited(_ended(text), {}, rows), outcome


def _rows(found: Mapping[str, _Found], units: Mapping[str, str], today: date) -> dict[str, str]:
    """Return new rows as lines by section, of what the API has a price of."""
    about = {key: value for key, value in _about(today).items() if value}
    sections: dict[str, list[str]] = {"ec2": [], "services": []}
    for name, (on_demand, spot) in found.items():
        if on_demand is None:
            continue
        if name in units:
            row = {"price": _number(on_demand), "unit": units[name], **about}
            sections["services"].append(f"    {name}: {flow(row)}\n")
        else:
            row = {"on_demand": _number(on_demand), "spot": _number(spot) if spot else "null", "unit": "USD/h", **about}
            row |= {"spot_source": SPOT_SOURCE, "spot_as_of": today.isoformat()} if spot else {}
            sections["ec2"].append(f"    {name}: {flow(row)}\n")
    return {name: "".join(rows) for name, rows in sections.items() if rows}


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _write(path: Path, text: str) -> None:
    try:
        parse_prices(text, str(path))
    except PricesError as error:
        raise RefreshError(f"nothing was written, as the result would be no price file: {error.lines[0]}") from None
    temporary = None
    try:
        with writing(path):
            mode = path.stat().st_mode
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", dir=path.parent, prefix=".prices-", delete=False
            ) as new:
                temporary = Path(new.name)
                new.write(text)
            temporary.chmod(mode)
            os.replace(temporary, path)  # noqa: PTH105, the name says that it is one step
    except CallError:
        if temporary:
            with suppress(OSError):
                temporary.unlink()
        raise
