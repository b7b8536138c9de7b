"""Keys of KMS."""

from collections.abc import Iterator, Mapping

from aiplatform.cost.bill import always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource


def key(found: Resource, _: Context) -> Iterator[Usage]:
    """A key a month: https://aws.amazon.com/kms/pricing/; calls are within the free 20,000 a month."""
    rotates = bool(found.inputs.get("enableKeyRotation"))
    note = "and another after each of the first two yearly rotations" if rotates else ""
    yield Usage("kms_key_month", "key-month", always(1), note=note)


KEYS: Mapping[str, PricingRule] = {"aws:kms/key:Key": key}
