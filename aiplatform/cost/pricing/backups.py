"""Backups, and what goes to another region."""

from collections.abc import Iterator, Mapping

from aiplatform.cost.bill import always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource


def plan(found: Resource, context: Context) -> Iterator[Usage]:
    """What its copies take through the network; that AWS Backup works costs nothing."""
    if any(rule.get("copyActions") for rule in found.inputs.get("rules") or ()):
        yield _transfer(context)


def replication(_: Resource, context: Context) -> Iterator[Usage]:
    """What is copied to another region; S3's requests are not counted: a million are 5 USD."""
    yield _transfer(context)


def _transfer(context: Context) -> Usage:
    assumed = ("copiedGbPerMonth",)
    return Usage("data_transfer_inter_region_out_gb", "GB", always(context.assumed(*assumed)), assumed)


BACKUPS: Mapping[str, PricingRule] = {
    "aws:backup/plan:Plan": plan,
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": replication,
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": replication,
}
