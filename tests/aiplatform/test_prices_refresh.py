"""`aiplatform prices refresh` against recorded answers of GetProducts; no request is sent."""

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError  # type: ignore[import-untyped]
from botocore.stub import ANY, Stubber  # type: ignore[import-untyped]
from typer.testing import CliRunner

from aiplatform.cli.boundary import explained
from aiplatform.cli.main import app
from aiplatform.cost.pricer import asked
from aiplatform.cost.prices import refresh
from aiplatform.cost.prices.edit import edited, scalar
from aiplatform.cost.prices.price_list import Cloud
from aiplatform.cost.prices.queries import instance_query, query_of
from aiplatform.cost.prices.refresh import Wanted, check_region, refresh_file, wanted_by
from aiplatform.errors import LOG_IN, CallError
from catalog.prices import load_prices
from tests.components.base import recorded
from tests.config.base import ROOT

TODAY = date(2026, 12, 1)
SEOUL = "ap-northeast-2"
HEAD = "meta: {currency: USD, hours_per_month: 730, compiled: 2026-11-21}\n"
ABOUT = "source: old, as_of: '2025', confidence: recalled"
FILE = f"""\
# What stands here stays.
{HEAD}ec2:
  ap-northeast-2:
    # The small one.
    t3.medium: {{on_demand: 0.05, spot: 0.01, unit: USD/h, {ABOUT}, note: "guessed"}}  # seen in a bill
services:
  ap-northeast-2:
    nat_gateway_hour: {{price: 0.059, unit: USD/h, {ABOUT}, note: guessed}}
    data_transfer_inter_region_out_gb: {{price: 0.08, unit: USD/GB, {ABOUT}}}
  us-east-1:
    alb_hour: {{price: 0.0225, unit: USD/h, {ABOUT}}}
"""


def product(
    attributes: Mapping[str, str], unit: str, *tiers: tuple[str, str], family: str = "Compute Instance"
) -> dict[str, Any]:
    """A document of the price list: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html."""
    dimensions = {
        f"SKU.JRTCKXETXF.{number}": {
            "unit": unit,
            "beginRange": begin,
            "endRange": "Inf",
            "description": f"{amount} USD per {unit}",
            "appliesTo": [],
            "rateCode": f"SKU.JRTCKXETXF.{number}",
            "pricePerUnit": {"USD": amount},
        }
        for number, (begin, amount) in enumerate(tiers)
    }
    return {
        "product": {"productFamily": family, "attributes": dict(attributes), "sku": "SKU"},
        "serviceCode": "AmazonEC2",
        "terms": {
            "OnDemand": {
                "SKU.JRTCKXETXF": {
                    "priceDimensions": dimensions,
                    "sku": "SKU",
                    "effectiveDate": "2026-11-01T00:00:00Z",
                    "offerTermCode": "JRTCKXETXF",
                    "termAttributes": {},
                }
            }
        },
        "version": "20261124185042",
        "publicationDate": "2026-11-24T18:50:42Z",
    }


def hourly(usage: str, amount: str) -> dict[str, Any]:
    return product({"usagetype": usage}, "Hrs", ("0", amount))


def spot(zone: str, amount: str, instance_type: str = "t3.medium", minute: int = 0) -> dict[str, Any]:
    return {
        "AvailabilityZone": zone,
        "InstanceType": instance_type,
        "ProductDescription": "Linux/UNIX",
        "SpotPrice": amount,
        "Timestamp": datetime(2026, 12, 1, 0, minute, tzinfo=UTC),
    }


class Answers:
    """A cloud that gives the answers of a list, in the order in which they are asked for."""

    def __init__(self) -> None:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        self.pricing = Stubber(boto3.client("pricing", region_name="us-east-1", **keys))
        self.ec2 = Stubber(boto3.client("ec2", region_name=SEOUL, **keys))
        self.cloud = Cloud(self.pricing.client, self.ec2.client)
        self.pricing.activate()
        self.ec2.activate()

    def products(self, *documents: dict[str, Any], service: str | object = ANY, more: str | None = None) -> None:
        answer: dict[str, Any] = {"FormatVersion": "aws_v1", "PriceList": [json.dumps(item) for item in documents]}
        if more:
            answer["NextToken"] = more
        expected = {"ServiceCode": service, "Filters": ANY}
        self.pricing.add_response("get_products", answer, None if service is ANY else expected)

    def spots(self, *prices: dict[str, Any]) -> None:
        self.ec2.add_response("describe_spot_price_history", {"SpotPriceHistory": list(prices)})


@pytest.fixture
def answers() -> Iterator[Answers]:
    """All that is prepared has to be asked for."""
    prepared = Answers()
    yield prepared
    prepared.pricing.assert_no_pending_responses()
    prepared.ec2.assert_no_pending_responses()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "prices.yaml"
    path.write_text(FILE)
    return path


def test_refresh_updates_rows_of_the_region_and_keeps_all_other_bytes(file: Path, answers: Answers) -> None:
    answers.spots(spot(f"{SEOUL}a", "0.0150"), spot(f"{SEOUL}c", "0.0250"), spot(f"{SEOUL}-wl1-sel-1", "9"))
    answers.products(hourly("APN2-BoxUsage:t3.medium", "0.0520000000"))
    answers.products(hourly("APN2-NatGateway-Hours", "0.0590000000"))
    outcome = refresh_file(file, SEOUL, answers.cloud, TODAY)
    fresh = 'source: "AWS Price List API", as_of: "2026-12-01", confidence: sourced'
    new = FILE.replace(
        f'{{on_demand: 0.05, spot: 0.01, unit: USD/h, {ABOUT}, note: "guessed"}}',
        f"{{on_demand: 0.052, spot: 0.02, unit: USD/h, {fresh}, "
        'spot_source: "EC2 DescribeSpotPriceHistory", spot_as_of: "2026-12-01"}',
    ).replace(f"price: 0.059, unit: USD/h, {ABOUT}, note: guessed", f"price: 0.059, unit: USD/h, {fresh}")
    assert file.read_text() == new
    assert list(outcome.said()) == [
        "ap-northeast-2: read 2 of 3 rows, 2 with another price",
        "  t3.medium: 0.05 -> 0.052",
        "  t3.medium Spot: 0.01 -> 0.02",
        "without a single answer, left as they are: data_transfer_inter_region_out_gb",
    ]


def test_row_without_an_answer_keeps_its_price_and_date(file: Path, answers: Answers) -> None:
    answers.spots()
    answers.products()
    answers.products()
    answers.products()
    outcome = refresh_file(file, SEOUL, answers.cloud, TODAY)
    assert file.read_text() == FILE
    assert outcome.kept == ("t3.medium", "nat_gateway_hour", "data_transfer_inter_region_out_gb")


def test_unread_spot_price_keeps_its_source_and_date(file: Path, answers: Answers) -> None:
    answers.spots()
    answers.products(hourly("APN2-BoxUsage:t3.medium", "0.052"))
    answers.products(hourly("APN2-NatGateway-Hours", "0.059"))
    refresh_file(file, SEOUL, answers.cloud, TODAY)
    table = load_prices(file)
    kept, read = table.instance(SEOUL, "t3.medium", spot=True), table.instance(SEOUL, "t3.medium")
    assert kept
    assert read
    assert (kept.price, kept.source, kept.as_of) == (Decimal("0.01"), "old", "2025")
    assert (read.price, read.source, read.as_of, read.note) == (Decimal("0.052"), refresh.SOURCE, "2026-12-01", None)


def test_new_region_gets_the_rows_of_others(file: Path, answers: Answers) -> None:
    answers.spots(spot("eu-west-1a", "0.018"))
    answers.products(hourly("EU-BoxUsage:t3.medium", "0.0456"))
    answers.products(hourly("EU-NatGateway-Hours", "0.048"))
    answers.products(hourly("EU-LoadBalancerUsage", "0.0252"))
    outcome = refresh_file(file, "eu-west-1", answers.cloud, TODAY)
    table = load_prices(file)
    assert (outcome.read, outcome.kept) == (3, ("data_transfer_inter_region_out_gb",))
    prices = [table.instance("eu-west-1", "t3.medium"), table.instance("eu-west-1", "t3.medium", spot=True)]
    prices += [table.service("eu-west-1", "nat_gateway_hour"), table.service("eu-west-1", "alb_hour")]
    assert [str(price.price) for price in prices if price] == ["0.0456", "0.018", "0.048", "0.0252"]
    assert [line for line in file.read_text().splitlines() if "eu-west-1" not in line][:3] == FILE.splitlines()[:3]


def test_file_in_block_style_is_edited_in_place(tmp_path: Path, answers: Answers) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text(
        f"{HEAD}ec2:\n  {SEOUL}:\n    t3.medium:\n      offered: true\n      on_demand: 0.05\n      spot: null\n"
        "      unit: USD/h\n      gpu:\n        count: 0\n      source: old\n      as_of: unknown\n"
        "      confidence: derived\n      note: guessed\n"
        f"services:\n  {SEOUL}:\n    nat_gateway_hour:\n      price: 0.059\n      unit: USD/h\n      source: old\n"
        "      as_of: unknown\n      confidence: derived\n"
    )
    answers.spots(spot(f"{SEOUL}a", "0.015"))
    answers.products(hourly("APN2-BoxUsage:t3.medium", "0.052"))
    answers.products(hourly("APN2-NatGateway-Hours", "0.06"))
    refresh_file(path, SEOUL, answers.cloud, TODAY)
    lines = path.read_text().splitlines()
    assert lines[4:16] == [
        "      offered: true",
        "      on_demand: 0.052",
        "      spot: 0.015",
        "      unit: USD/h",
        "      gpu:",
        "        count: 0",
        '      source: "AWS Price List API"',
        '      as_of: "2026-12-01"',
        "      confidence: sourced",
        '      spot_source: "EC2 DescribeSpotPriceHistory"',
        '      spot_as_of: "2026-12-01"',
        "services:",
    ]


@pytest.mark.parametrize(
    ("item", "unit", "documents", "price"),
    [
        (
            "nat_gateway_hour",
            "USD/h",
            [hourly("RegionalNatGateway-Hours", "9"), hourly("NatGateway-Hours", "0.045")],
            "0.045",
        ),
        ("alb_hour", "USD/h", [hourly("TS-LoadBalancerUsage", "9"), hourly("LoadBalancerUsage", "0.0225")], "0.0225"),
        ("kms_key_month", "USD/key-month", [product({"usagetype": "us-east-1-KMS-Keys"}, "Keys", ("0", "1"))], "1"),
        (
            "route53_hosted_zone_month",
            "USD/zone-month",
            [product({"usagetype": "HostedZone"}, "HostedZone", ("25", "0.1"), ("0", "0.5"))],
            "0.5",
        ),
        (
            "lambda_request_million",
            "USD/1M requests",
            [product({"usagetype": "Request"}, "Requests", ("0", "0.0000002"))],
            "0.2",
        ),
        (
            "s3_standard_gb_month",
            "USD/GB-month",
            [product({"usagetype": "TimedStorage-ByteHrs"}, "GB-Mo", ("0", "0.023"), ("51200", "0.022"))],
            "0.023",
        ),
        (
            "data_transfer_out_next_40tb_gb",
            "USD/GB",
            [product({"usagetype": "DataTransfer-Out-Bytes"}, "GB", ("0", "0.09"), ("10240", "0.085"))],
            "0.085",
        ),
        ("rds_postgres_multi_az_db.t3.small", "USD/h", [hourly("Multi-AZUsage:db.t3.small", "0.072")], "0.072"),
        ("elasticache_redis_cache.t4g.micro", "USD/h", [hourly("USE1-NodeUsage:cache.t4g.micro", "0.016")], "0.016"),
        (
            "aurora_pg_db.r6g.large",
            "USD/h",
            [hourly("InstanceUsageIOOptimized:db.r6g.large", "0.338"), hourly("InstanceUsage:db.r6g.large", "0.26")],
            "0.26",
        ),
        # One product under several engines says the same price more than once.
        (
            "rds_storage_gp3_single_az_gb_month",
            "USD/GB-month",
            [product({"usagetype": "RDS:GP3-Storage"}, "GB-Mo", ("0", "0.115"))] * 2,
            "0.115",
        ),
        # Free allowances are listed as a tier of their own.
        (
            "cloudwatch_alarm_month",
            "USD/alarm-metric-month",
            [product({"usagetype": "CW:AlarmMonitorUsage"}, "Alarms", ("0", "0"), ("10", "0.1"))],
            "0.1",
        ),
        # Two answers are none: nobody knows which is meant.
        ("alb_hour", "USD/h", [hourly("LoadBalancerUsage", "0.0225"), hourly("USE1-LoadBalancerUsage", "0.03")], None),
        # A price per another unit is another price.
        ("alb_hour", "USD/h", [product({"usagetype": "LoadBalancerUsage"}, "GB", ("0", "0.0225"))], None),
    ],
)
def test_product_of_a_row_is_distinguished_from_similar_ones(
    item: str, unit: str, documents: list[dict[str, Any]], price: str | None, answers: Answers
) -> None:
    query = query_of(item)
    assert query
    answers.products(*documents)
    for _ in query.services[1:] if price is None else ():
        answers.products()
    found = answers.cloud.price(query, "us-east-1", unit)
    assert found == (None if price is None else Decimal(price))


def test_query_names_region_type_and_shared_linux(answers: Answers) -> None:
    wanted = {
        "regionCode": SEOUL,
        "instanceType": "t3.medium",
        "operatingSystem": "Linux",
        "preInstalledSw": "NA",
        "tenancy": "Shared",
        "capacitystatus": "Used",
    }
    filters = [{"Type": "TERM_MATCH", "Field": field, "Value": value} for field, value in wanted.items()]
    answer = {"PriceList": [json.dumps(hourly("APN2-BoxUsage:t3.medium", "0.052"))]}
    answers.pricing.add_response("get_products", answer, {"ServiceCode": "AmazonEC2", "Filters": filters})
    assert answers.cloud.price(instance_query("t3.medium"), SEOUL, "USD/h") == Decimal("0.052")


def test_all_pages_are_read_and_equal_queries_are_sent_once(answers: Answers) -> None:
    answers.products(more="page 2")
    answers.products(product({"usagetype": "TimedStorage-ByteHrs"}, "GB-Mo", ("0", "0.03")))
    storage, query = query_of("cloudwatch_logs_storage_gb_month"), query_of("cloudwatch_logs_ingest_gb")
    assert storage
    assert query
    assert answers.cloud.price(storage, "us-east-1", "USD/GB-month") == Decimal("0.03")
    assert answers.cloud.price(query, "us-east-1", "USD/GB") is None


def test_spot_price_is_the_median_of_the_latest_price_of_each_zone(answers: Answers) -> None:
    answers.spots(
        spot(f"{SEOUL}a", "0.05", minute=1),
        spot(f"{SEOUL}a", "0.01", minute=2),
        spot(f"{SEOUL}b", "0.02"),
        spot(f"{SEOUL}c", "0.09"),
    )
    assert answers.cloud.spot(SEOUL, ["t3.medium"]) == {"t3.medium": Decimal("0.02")}


def test_refresh_adds_what_a_stack_uses_to_a_region(file: Path, answers: Answers) -> None:
    """A type, a class of a database and an item that the file lacks."""
    wanted = Wanted(
        ("t3.medium", "m7i.large"), {"rds_mysql_multi_az_db.r7g.large": "USD/h", "kms_key_month": "USD/key-month"}
    )
    answers.spots(spot(f"{SEOUL}a", "0.0500", "m7i.large"))
    answers.products(hourly("APN2-BoxUsage:t3.medium", "0.0520000000"))
    answers.products(hourly("APN2-BoxUsage:m7i.large", "0.1239000000"))
    answers.products(hourly("APN2-NatGateway-Hours", "0.0590000000"))
    answers.products(hourly("APN2-Multi-AZUsage:db.r7g.large", "0.5680000000"))
    answers.products()
    outcome = refresh_file(file, SEOUL, answers.cloud, TODAY, wanted)
    table = load_prices(file)
    added, spot_price = (table.instance(SEOUL, "m7i.large", spot=spot) for spot in (False, True))
    database = table.service(SEOUL, "rds_mysql_multi_az_db.r7g.large")
    assert added is not None
    assert spot_price is not None
    assert database is not None
    assert (added.price, spot_price.price, database.price) == (Decimal("0.1239"), Decimal("0.05"), Decimal("0.568"))
    assert (added.as_of, database.source) == ("2026-12-01", refresh.SOURCE)
    assert outcome.kept == ("data_transfer_inter_region_out_gb", "kms_key_month"), "no row is made up"
    assert file.read_text().startswith("# What stands here stays.")
    assert "# The small one." in file.read_text()


def test_refresh_of_a_stack_has_types_engines_and_regions_of_its_bill() -> None:
    given = recorded("servers")
    prices = asked(given.plan, given.settings.costs, 730, today=TODAY, settings=given.settings)
    wanted = wanted_by(prices)
    assert set(wanted) == {SEOUL}
    assert {"g5.xlarge", "t3.medium"} <= set(wanted[SEOUL].instance_types)
    assert wanted[SEOUL].units["rds_mysql_multi_az_db.t3.micro"] == "USD/h"


@pytest.mark.parametrize("options", [(), ("--region", SEOUL, "--stack", "dev")], ids=["none", "both"])
def test_refresh_requires_a_region_or_a_stack(options: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, ["prices", "refresh", *options])
    assert result.exit_code == 2
    assert "name a region with --region, or a stack with --stack" in result.stderr


def test_refresh_leaves_the_file_untouched_when_aws_refuses(file: Path, answers: Answers) -> None:
    answers.ec2.add_client_error("describe_spot_price_history", "UnauthorizedOperation", "You are not authorized")
    with pytest.raises(ClientError) as caught:
        refresh_file(file, SEOUL, answers.cloud, TODAY)
    assert file.read_text() == FILE
    line = "AWS refuses DescribeSpotPriceHistory (UnauthorizedOperation): You are not authorized"
    assert explained(caught.value) == ((line,), 3)


class Flat(Cloud):
    """A cloud in which everything costs the same."""

    def __init__(self) -> None:
        super().__init__(None, None)

    def price(self, *_: object) -> Decimal:
        return Decimal("1.5")

    def spot(self, _: str, instance_types: Iterable[str]) -> Mapping[str, Decimal]:
        return dict.fromkeys(instance_types, Decimal("0.5"))


def test_shipped_file_keeps_its_structure_and_other_regions(tmp_path: Path) -> None:
    shipped = ROOT / "catalog/data/prices.yaml"
    path = tmp_path / "prices.yaml"
    shutil.copy(shipped, path)
    outcome = refresh_file(path, SEOUL, Flat(), TODAY)
    old, new = load_prices(shipped), load_prices(path)
    assert {name: list(rows) for name, rows in new.services.items()} == {
        name: list(rows) for name, rows in old.services.items()
    }
    assert list(new.rows(["us-east-1", "us-west-2"])) == list(old.rows(["us-east-1", "us-west-2"]))
    fresh = [price for _, price in new.rows([SEOUL]) if price.as_of == "2026-12-01"]
    assert {price.price for price in fresh} == {Decimal("1.5"), Decimal("0.5")}
    # What was not offered is now: a type and its Spot price have a row each.
    assert len(fresh) == outcome.read + len(new.instances[SEOUL])
    assert len(path.read_text().splitlines()) == len(shipped.read_text().splitlines())


class Down:
    """A client whose network is down."""

    def get_paginator(self, _: str) -> "Down":
        return self

    def paginate(self, **_: object) -> list[Any]:
        raise EndpointConnectionError(endpoint_url="https://api.pricing.us-east-1.amazonaws.com")


def test_refresh_leaves_the_file_untouched_without_a_network(file: Path) -> None:
    with pytest.raises(EndpointConnectionError) as caught:
        refresh_file(file, SEOUL, Cloud(Down(), Down()), TODAY)
    assert file.read_text() == FILE
    url = "https://api.pricing.us-east-1.amazonaws.com"
    assert explained(caught.value) == ((f'AWS cannot be asked: Could not connect to the endpoint URL: "{url}"',), 3)


def test_missing_credentials_are_one_line(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    result = CliRunner().invoke(app, ["prices", "refresh", "--region", SEOUL, "--file", str(file)])
    assert result.exit_code == 3
    assert result.stderr == f"no AWS credentials; {LOG_IN}\n"
    assert file.read_text() == FILE


def test_unknown_profile_is_one_line(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    result = CliRunner().invoke(app, ["prices", "refresh", "--region", SEOUL, "--file", str(file)])
    line = f"The config profile (nobody) could not be found; {LOG_IN}\n"
    assert (result.exit_code, result.stderr) == (3, line)


def test_invalid_region_is_refused_before_any_request() -> None:
    with pytest.raises(CallError, match=r"--region us-eest-1: is no region of AWS; did you mean us-\w+-1\?"):
        check_region("us-eest-1")
    check_region(SEOUL)


def test_unwritable_folder_is_one_line_and_leaves_no_file(
    file: Path, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.replace", refuse)
    answers.spots()
    answers.products(hourly("APN2-BoxUsage:t3.medium", "0.052"))
    answers.products()
    answers.products()
    with pytest.raises(CallError, match="cannot be written: Permission denied"):
        refresh_file(file, SEOUL, answers.cloud, TODAY)
    assert [path.name for path in file.parent.iterdir()] == ["prices.yaml"]
    assert file.read_text() == FILE


RECALLED = ("ebs_io", "efs_elastic_", "rds_storage_io")
"""Beginnings of further items whose usage types are not documented."""


def test_most_rows_of_the_shipped_table_are_known_to_the_api() -> None:
    table = load_prices()
    items = {item for rows in table.services.values() for item in rows}
    unknown = {item for item in items if query_of(item) is None}
    assert unknown == {
        "eks_control_plane_extended_hour",
        "container_insights_observation_million",
        "aws_backup_ebs_warm_gb_month",
        "aws_backup_efs_warm_gb_month",
        "data_transfer_inter_region_out_gb",
        "waf_capacity_request_million",
        *(
            item
            for item in items
            if item.endswith(("_throughput_month", "_iops_month"))
            or "_cpu_credit_" in item
            or item == "s3_tiering_objects_month"
            or item.startswith(RECALLED)
        ),
    }


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("null", "null"),
        ("true", "true"),
        ("no", '"no"'),
        ("0.05", "0.05"),
        ("2026-12-01", '"2026-12-01"'),
        ("a: b", '"a: b"'),
    ],
)
def test_value_is_quoted_where_yaml_would_misread_it(value: str, written: str) -> None:
    assert scalar(value) == written


def test_non_ascii_characters_do_not_shift_an_edit() -> None:
    text = "a:\n  비용: {k: 과금, n: 1} # 구조\n"
    assert edited(text, {("a", "비용"): {"n": "2", "m": "3"}}) == "a:\n  비용: {k: 과금, n: 2, m: 3} # 구조\n"
