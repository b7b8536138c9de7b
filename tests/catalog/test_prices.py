"""The price table: exact figures, errors located in one run, unknown prices."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import get_args

import pytest

from catalog.instance_types import sizes
from catalog.price_estimates import EC2, EVERY, _factors, service_of
from catalog.priced_services import Service
from catalog.prices import PACKAGED, UNITS, PricesError, _shipped, age_warnings, dated, load_prices, parse_prices, stale
from tests.each import each

GOOD = """\
meta: {currency: USD, hours_per_month: 730, compiled: 2026-11-21}
ec2:
  us-east-1:
    t3.medium: {on_demand: 0.0416, spot: 0.0191, unit: USD/h, source: list, as_of: 2026-10-01, confidence: sourced}
    p5.4xlarge: {on_demand: null, offered: false, unit: USD/h, source: list, as_of: unknown, confidence: sourced}
services:
  us-east-1:
    alb_hour: {price: 0.0225, unit: USD/h, source: list, as_of: 2026-04, confidence: derived, note: halved}
"""


def mistakes(text: str) -> list[str]:
    """What is said about a price file, without its name."""
    with pytest.raises(PricesError) as caught:
        parse_prices(text, "p.yaml")
    assert all(line.startswith("p.yaml:") for line in caught.value.lines)
    assert str(caught.value) == "\n".join(caught.value.lines)
    return [line.removeprefix("p.yaml:") for line in caught.value.lines]


def edited(old: str, new: str) -> str:
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


def test_price_has_an_exact_figure_and_a_source() -> None:
    table = parse_prices(GOOD, "p.yaml")
    price = table.service("us-east-1", "alb_hour")
    assert price == (Decimal("0.0225"), "USD/h", "list", "2026-04", "derived", "halved")
    spot = table.instance("us-east-1", "t3.medium", spot=True)
    assert spot
    assert spot.price == Decimal("0.0191")
    assert (table.currency, table.hours_per_month, table.compiled) == ("USD", 730, date(2026, 11, 21))


def test_unknown_price_is_none_and_never_zero_or_of_another_region() -> None:
    table = load_prices()
    assert table.instance("eu-west-1", "t3.medium") is None
    assert table.instance("us-east-1", "x9.large") is None
    assert table.service("ap-northeast-2", "efs_ia_gb_month") is None
    assert table.service("us-east-1", "efs_ia_gb_month") is not None
    assert table.instance("us-west-2", "m5.xlarge", spot=True) is None


def test_unsold_type_differs_from_an_unknown_one() -> None:
    table = load_prices()
    offered = [table.offered("ap-northeast-2", name) for name in ("p5.4xlarge", "t3.medium", "x9.large")]
    assert offered == [False, True, None]


def test_shipped_table_has_three_regions_and_known_units_only() -> None:
    table = load_prices()
    assert table.regions == ("us-east-1", "us-west-2", "ap-northeast-2")
    rows = list(table.rows())
    assert {price.unit for _, price in rows} <= set(UNITS)
    assert all(price.price > 0 and price.source and price.as_of for _, price in rows)
    # 771 of prices.yaml, and the types of us-east-1 that it lacks
    assert len(rows) == 771 + 1304


def test_every_type_that_us_east_1_has_a_list_price_of_is_in_the_table() -> None:
    table = load_prices()
    large = table.instance("us-east-1", "p5en.48xlarge")
    assert large == (Decimal("63.296"), "USD/h", PACKAGED, "2026-07-20", "sourced", None)
    assert table.instance("us-east-1", "p5en.48xlarge", spot=True) is None
    # A row of prices.yaml has precedence, and another region has none of these.
    small = table.instance("us-east-1", "t3.micro")
    assert small is not None
    assert small.source != PACKAGED
    assert table.instance("us-west-2", "p5en.48xlarge") is None
    unknown = {name.partition(".")[0] for name in sizes() if table.instance("us-east-1", name) is None}
    newer_or_rare = "dl2q hpc6a hpc6id hpc7a hpc8a p5e r9g r9gd t8i trn2 trn2u x8aedz"
    assert unknown <= set(newer_or_rare.split())


def test_shipped_table_loads_within_a_fraction_of_a_plan() -> None:
    times = []
    for _ in range(5):
        _shipped.cache_clear()
        start = process_time()
        load_prices()
        times.append(process_time() - start)
    # 16 ms on an idle core; a busy machine and the collector of garbage take their part.
    assert min(times) < 0.1


@each(
    ("old", "new", "said"),
    [
        ("0.0416", "-0.0416", "4: ec2.us-east-1.t3.medium.on_demand: -0.0416 is below zero"),
        ("0.0416", "cheap", "4: ec2.us-east-1.t3.medium.on_demand: 'cheap' is not a number"),
        ("0.0416", "'0.0416'", "4: ec2.us-east-1.t3.medium.on_demand: '0.0416' is not a number"),
        ("0.0416", ".inf", "4: ec2.us-east-1.t3.medium.on_demand: '.inf' is not a number"),
        ("0.0416", "1_0", "4: ec2.us-east-1.t3.medium.on_demand: '1_0' is not a number"),
        ("0.0416", "[1]", "4: ec2.us-east-1.t3.medium.on_demand: '' is not a number"),
        (
            "0.0225",
            "0",
            "8: services.us-east-1.alb_hour.price: 0 is not a price; remove the row if the price is unknown",
        ),
        (
            "price: 0.0225, ",
            "",
            "8: services.us-east-1.alb_hour.price: is missing; remove the row if the price is unknown",
        ),
        (
            "on_demand: 0.0416, ",
            "",
            "4: ec2.us-east-1.t3.medium.on_demand: is missing; write null if the price is unknown",
        ),
        ("currency: USD", "currency: EUR", "1: meta.currency: 'EUR' is not valid; choose USD"),
        ("730", "0", "1: meta.hours_per_month: '0' is not within 1 to 744"),
        ("730", "many", "1: meta.hours_per_month: 'many' is not within 1 to 744"),
        ("2026-11-21", "someday", "1: meta.compiled: 'someday' is not a date; write it like 2026-11-21"),
        (
            "0.0225, unit: USD/h",
            "0.0225, unit: USD/hour",
            "8: services.us-east-1.alb_hour.unit: 'USD/hour' is not valid; did you mean USD/h?",
        ),
        (
            "confidence: derived",
            "confidence: derive",
            "8: services.us-east-1.alb_hour.confidence: 'derive' is not valid; did you mean derived?",
        ),
        (
            ", note: halved",
            ", nota: halved",
            "8: services.us-east-1.alb_hour.nota: unknown key; did you mean note?",
        ),
        (", as_of: 2026-04", "", "8: services.us-east-1.alb_hour.as_of: is missing"),
        (
            "source: list, as_of: 2026-04",
            "source: '', as_of: 2026-04",
            "8: services.us-east-1.alb_hour.source: is not a string",
        ),
        ("offered: false", "offered: no", "5: ec2.us-east-1.p5.4xlarge.offered: is neither true nor false"),
        (
            "on_demand: null",
            "on_demand: 6.88",
            "5: ec2.us-east-1.p5.4xlarge.offered: is false, but there is a price; remove one of them",
        ),
        ("p5.4xlarge:", "t3.medium:", "5: ec2.us-east-1.t3.medium: duplicate key, first in line 4; remove one"),
        ("services:", "service:", "6: service: unknown key; did you mean services?"),
        (
            "services:\n  us-east-1:",
            "services:\n  virginia:",
            "7: services.virginia: is not a region; write it like us-east-1",
        ),
    ],
)
def test_error_in_the_file_is_located(old: str, new: str, said: str) -> None:
    assert said in mistakes(edited(old, new))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["1: is empty; add meta, ec2 and services"]),
        ("# nothing\n", ["1: is empty; add meta, ec2 and services"]),
        ("prices", ["1: is not a price file; it must begin with `meta:`"]),
        ("[1, 2]", ["1: is empty; add meta, ec2 and services"]),
        ("meta: {", ["2: invalid YAML: while parsing a flow node did not find expected node content"]),
        ("a: \x07", ["1: invalid YAML: unacceptable character #x0007: control characters are not allowed"]),
        ("&a x: *a", ["1: *a is an alias, which is not supported; write the value itself"]),
        ("? [a]\n: b", ["1: has a key that is not a string"]),
        ("[" * 100_000, ["1: is nested more than 20 levels deep"]),
        ("a: 1\n---\nb: 1", ["2: has a second document; remove one"]),
    ],
)
def test_invalid_price_file_is_one_line(text: str, said: list[str]) -> None:
    assert mistakes(text) == said


def test_missing_section_is_named() -> None:
    said = mistakes(GOOD.replace(GOOD.splitlines(keepends=True)[0], ""))
    assert said == ["1: meta: is missing"]


def test_errors_are_reported_in_one_run_in_file_order() -> None:
    text = edited("0.0416", "-1").replace("0.0225", "x").replace("currency: USD", "currency: GBP")
    assert [line.split(":")[0] for line in mistakes(text)] == ["1", "4", "8"]


@pytest.mark.parametrize("content", [b"a: \xff", None])
def test_unreadable_file_is_one_line(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "p.yaml"
    if content:
        path.write_bytes(content)
    with pytest.raises(PricesError) as caught:
        load_prices(path)
    assert len(caught.value.lines) == 1
    assert caught.value.lines[0].startswith(str(path))


@pytest.mark.parametrize(
    ("as_of", "day"),
    [
        ("2026-10-01", date(2026, 10, 1)),
        ("2026-04", date(2026, 4, 1)),
        ("2026", date(2026, 1, 1)),
        ("unknown", None),
        ("unknown (catalog v8; content is of late 2025 or 2026)", None),
        ("2026-13", None),
        ("2026-02-30", None),
    ],
)
def test_partial_date_is_its_first_day_and_no_date_is_none(as_of: str, day: date | None) -> None:
    assert dated(as_of) == day


def test_old_and_undated_prices_are_counted_separately() -> None:
    text = edited("as_of: 2026-04", "as_of: unknown")
    table = parse_prices(text, "p.yaml")
    assert stale(table, date(2027, 3, 30)) == ["1 of 3 prices have no date, so that their age is unknown"]
    assert stale(table, date(2027, 3, 31)) == [
        "2 of 3 prices are older than 180 days; the oldest is ec2.us-east-1.t3.medium.on_demand of 2026-10-01",
        "1 of 3 prices have no date, so that their age is unknown",
    ]
    assert stale(table, date(2027, 3, 31), days=10_000)[0].startswith("1 of 3")


def test_only_requested_regions_are_checked() -> None:
    table = load_prices()
    assert "of 270 prices" in stale(table, date(2026, 11, 21), regions=["us-west-2"])[0]
    assert age_warnings([], date(2026, 11, 21)) == []


def test_every_item_is_of_a_service_that_can_have_a_factor() -> None:
    items = {service_of(item) for rows in load_prices().services.values() for item in rows}
    assert {*items, EC2} == set(get_args(Service))
    assert {service for _, service in _factors()} <= {*get_args(Service), EVERY}
