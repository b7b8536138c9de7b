"""KMS keys, secrets and hosted zones."""

from collections.abc import Iterator, Mapping

from aiplatform.cost.bill import always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource


def key(found: Resource, _: Context) -> Iterator[Usage]:
    """Yield a key a month: https://aws.amazon.com/kms/pricing/. Requests are within the 20,000 free ones a month."""
    rotates = bool(found.inputs.get("enableKeyRotation"))
    note = "and another after each of the first two yearly rotations" if rotates else ""
    yield Usage("kms_key_month", "key-month", always(1), note=note)


def secret(_: Resource, __: Context) -> Iterator[Usage]:
    """Yield a secret a month: https://aws.amazon.com/secrets-manager/pricing/. Requests cost 0.05 USD for 10,000."""
    yield Usage("secrets_manager_secret_month", "secret-month", always(1))


def zone(_: Resource, __: Context) -> Iterator[Usage]:
    """Yield a hosted zone a month: https://aws.amazon.com/route53/pricing/. Queries for aliases of AWS are free."""
    yield Usage("route53_hosted_zone_month", "zone-month", always(1))


SECRETS: Mapping[str, PricingRule] = {
    "aws:kms/key:Key": key,
    "aws:secretsmanager/secret:Secret": secret,
    "aws:route53/zone:Zone": zone,
}
