"""Backups, and replication to another region."""

from collections.abc import Iterator, Mapping

from aiplatform.cost.bill import always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource

REPLICATED = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"


def plan(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield the data transfer of copies; AWS Backup itself has no charge for a plan."""
    if any(rule.get("copyActions") for rule in found.inputs.get("rules") or ()):
        yield transfer(context)


def replication(_: Resource, context: Context) -> Iterator[Usage]:
    """Yield the data that is replicated to another region, without S3's requests: a million cost 5 USD."""
    yield transfer(context)


def replicated_backups(_: Resource, context: Context) -> Iterator[Usage]:
    """Yield the storage of an RDS instance's snapshots and logs in the other region, of which no part is free.

    https://aws.amazon.com/rds/postgresql/pricing/
    """
    gigabytes = always(context.assumed("backupGb"))
    yield Usage("backup_rds_gb_month", "GB-month", gigabytes, ("backupGb",), "replicated automated backups")


def transfer(context: Context) -> Usage:
    """Return the data transfer to another region, at the price of the region that it leaves."""
    assumed = ("copiedGbPerMonth",)
    return Usage("data_transfer_inter_region_out_gb", "GB", always(context.assumed(*assumed)), assumed)


BACKUPS: Mapping[str, PricingRule] = {
    "aws:backup/plan:Plan": plan,
    REPLICATED: replicated_backups,
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": replication,
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": replication,
}
