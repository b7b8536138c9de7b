"""Backups, and replication to another region."""

from collections.abc import Iterator, Mapping

from aiplatform.cost.bill import always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource


def plan(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield the data transfer of copies; AWS Backup itself has no charge for a plan."""
    if any(rule.get("copyActions") for rule in found.inputs.get("rules") or ()):
        yield _transfer(context)


def replication(_: Resource, context: Context) -> Iterator[Usage]:
    """Yield the data that is replicated to another region, without S3's requests: a million cost 5 USD."""
    yield _transfer(context)


def replicated_backups(_: Resource, context: Context) -> Iterator[Usage]:
    """Yield the transfer of an RDS instance's snapshots and logs, and their storage in the other region.

    No part of the storage is free there: https://aws.amazon.com/rds/postgresql/pricing/
    """
    yield _transfer(context)
    gigabytes = always(context.assumed("backupGb"))
    yield Usage("backup_rds_gb_month", "GB-month", gigabytes, ("backupGb",), "replicated automated backups")


def _transfer(context: Context) -> Usage:
    assumed = ("copiedGbPerMonth",)
    return Usage("data_transfer_inter_region_out_gb", "GB", always(context.assumed(*assumed)), assumed)


BACKUPS: Mapping[str, PricingRule] = {
    "aws:backup/plan:Plan": plan,
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": replicated_backups,
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": replication,
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": replication,
}
