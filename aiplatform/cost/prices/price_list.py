"""Read the AWS Price List API and EC2 Spot prices through boto3."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from statistics import median
from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]

from aiplatform.cost.prices.queries import Query

_HOME = "us-east-1"
"""Region of the Price List API, which has the prices of every region."""

_MILLION = Decimal(1_000_000)
_PREFIX = r"(?:[A-Z]{2,4}\d-|EU-|%s-)?"
"""Region prefix of a usage type: `APN2-`, nothing in us-east-1, the region name for KMS."""

_UNITS: Mapping[str, str] = {
    "h": r".*(?:hr|hour).*",
    "GB-month": r"gb-mo.*",
    "GB": r"gb|gigabytes?",
    "GB-s": r".*second.*",
    "1M requests": r".*(?:request|ios?).*",
}
"""Names of units in the API, by unit of the price table."""


class Cloud:
    """API clients with cached responses."""

    def __init__(self, pricing: Any, ec2: Any) -> None:  # noqa: ANN401, boto3 makes its clients' classes as it runs
        self.pricing = pricing
        self.ec2 = ec2
        self._answers: dict[tuple[str, tuple[tuple[str, str], ...]], list[Mapping[str, Any]]] = {}

    @classmethod
    def connect(cls, region: str) -> "Cloud":
        """Return clients with the default credentials; no request is sent."""
        patience = Config(connect_timeout=10, read_timeout=30, retries={"mode": "adaptive", "max_attempts": 5})
        session = boto3.Session()
        return cls(
            session.client("pricing", region_name=_HOME, config=patience),
            session.client("ec2", region_name=region, config=patience),
        )

    def price(self, query: Query, region: str, unit: str) -> Decimal | None:
        """Return USD per unit of the price table; None if the list has no price, or several."""
        for service in query.services:
            prices = set(self._prices(service, query, region, unit))
            if prices:
                return prices.pop() if len(prices) == 1 else None
        return None

    def _prices(self, service: str, query: Query, region: str, unit: str) -> Iterator[Decimal]:
        usage = re.compile(_PREFIX % re.escape(region) + f"(?:{query.usage})")
        where = ((query.region_attribute, region),) if query.region_attribute else ()
        for document in self._products(service, (*where, *query.attributes)):
            if not usage.fullmatch(document["product"]["attributes"].get("usagetype", "")):
                continue
            price = _tier(document, query.tier, unit)
            if price is not None:
                yield price

    def _products(self, service: str, attributes: tuple[tuple[str, str], ...]) -> list[Mapping[str, Any]]:
        asked = (service, attributes)
        if asked not in self._answers:
            filters = [{"Type": "TERM_MATCH", "Field": field, "Value": value} for field, value in attributes]
            pages = self.pricing.get_paginator("get_products").paginate(ServiceCode=service, Filters=filters)
            self._answers[asked] = [json.loads(text) for page in pages for text in page["PriceList"]]
        return self._answers[asked]

    def spot(self, region: str, instance_types: Iterable[str]) -> Mapping[str, Decimal]:
        """Return current Spot prices with Linux in USD an hour by type: the median over the region's own zones."""
        pages = self.ec2.get_paginator("describe_spot_price_history").paginate(
            InstanceTypes=list(instance_types), ProductDescriptions=["Linux/UNIX"], StartTime=self._now
        )
        zones: dict[str, dict[str, tuple[datetime, Decimal]]] = {}
        for entry in (entry for page in pages for entry in page["SpotPriceHistory"]):
            zone, at, price = entry["AvailabilityZone"], entry["Timestamp"], Decimal(entry["SpotPrice"])
            # A Local Zone, such as `us-west-2-lax-1a`, has different prices.
            if re.fullmatch(re.escape(region) + "[a-z]", zone):
                of_type = zones.setdefault(entry["InstanceType"], {})
                of_type[zone] = max(of_type.get(zone, (at, price)), (at, price))
        return {name: median(price for _, price in found.values()) for name, found in zones.items()}

    @cached_property
    def _now(self) -> datetime:
        return datetime.now(UTC)


def _tier(document: Mapping[str, Any], begin: int | None, unit: str) -> Decimal | None:
    dimensions = [
        dimension
        for term in document.get("terms", {}).get("OnDemand", {}).values()
        for dimension in term["priceDimensions"].values()
    ]
    tiers = sorted(filter(None, (_dimension(dimension, unit) for dimension in dimensions)))
    if begin is not None:
        tiers = [tier for tier in tiers if tier[0] == begin]
    paid = [price for _, price in tiers if price > 0]
    return paid[0] if paid else None


def _dimension(dimension: Mapping[str, Any], unit: str) -> tuple[Decimal, Decimal] | None:
    """Return the begin of a price tier and USD per unit of the price table; None for another unit or currency."""
    kind = unit.removeprefix("USD/")
    expected = _UNITS.get("h" if kind.endswith("h") and not kind.endswith("month") else kind, ".*")
    amount = dimension["pricePerUnit"].get("USD")
    if amount is None or not re.fullmatch(expected, dimension["unit"].lower()):
        return None
    try:
        begin, price = Decimal(dimension.get("beginRange") or 0), Decimal(amount)
    except InvalidOperation:
        return None
    return begin, price * _MILLION if kind == "1M requests" else price
