"""Image repositories."""

from collections.abc import Iterator, Mapping

from aiplatform.cost.bill import always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource


def repository(_: Resource, context: Context) -> Iterator[Usage]:
    """Yield the assumed size of the repository; layers that images share are stored once."""
    yield Usage(
        "ecr_storage_gb_month", "GB-month", always(context.assumed("ecrGbPerRepository")), ("ecrGbPerRepository",)
    )


IMAGES: Mapping[str, PricingRule] = {"aws:ecr/repository:Repository": repository}
