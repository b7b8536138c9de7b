"""Lambda functions."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from aiplatform.cost.bill import always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource

DAYS = 30
SECONDS = 10
"""Seconds of one call: several calls of AWS, and a cold start."""


def function(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield one call a day for each schedule that names the function. Calls by users are not counted.

    https://aws.amazon.com/lambda/pricing/
    """
    schedules = context.of("aws:scheduler/schedule:Schedule")
    calls = DAYS * sum(found.urn in schedule.dependencies for schedule in schedules)
    yield Usage("lambda_request_million", "1M requests", always(Decimal(calls) / 1_000_000))
    architecture = "arm" if "arm64" in (found.inputs.get("architectures") or ()) else "x86"
    memory = Decimal(str(found.inputs.get("memorySize") or 128)) / 1024
    yield Usage(f"lambda_gb_second_{architecture}", "GB-s", always(calls * SECONDS * memory))


FUNCTIONS: Mapping[str, PricingRule] = {"aws:lambda/function:Function": function}
