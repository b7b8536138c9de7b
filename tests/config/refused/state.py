"""The bucket of the state, which `answers` names as the backend of the project."""

from config.rules.backend import ADVICE
from tests.config.refused.case import Case

CASES: dict[str, Case] = {
    "a bucket that holds the state": Case(
        (("artifacts: {}", "artifacts: {name: shop-state}"),),
        (f"22: buckets.artifacts.name: shop-state holds the Pulumi state (backend.url in Pulumi.yaml): {ADVICE}",),
        "https://www.pulumi.com/docs/iac/concepts/state-and-backends/#aws-s3",
    ),
}
