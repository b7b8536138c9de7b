"""Backups, and replication to another region."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from aiplatform.cost.bill import always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.pricing.storage import gibibytes
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Json, Resource

_INSTANCE = "aws:rds/instance:Instance"
_VOLUMES, _RDS, _AURORA = "aws_backup_ebs_warm_gb_month", "backup_rds_gb_month", "backup_aurora_gb_month"
_KINDS = {_VOLUMES: "volumes", _RDS: "RDS", _AURORA: "Aurora"}
WEEK = 7
"""Days of retention for which `backupGb` is assumed."""

REPLICATED = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"


def plan(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield the data transfer of copies; AWS Backup itself has no charge for a plan."""
    if any(rule.get("copyActions") for rule in found.inputs.get("rules") or ()):
        yield transfer(context)


def replication(_: Resource, context: Context) -> Iterator[Usage]:
    """Yield the data that is replicated to another region, without S3's requests: a million cost 5 USD."""
    yield transfer(context)


def replicated_backups(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield the storage of an RDS instance's snapshots and logs in the other region, of which no part is free: a copy
    of the database, and the changes of the days that are kept.

    https://aws.amazon.com/rds/postgresql/pricing/
    """
    source = context.needed(found, _INSTANCE)
    size = Decimal(str((source.inputs if source else {}).get("allocatedStorage") or 0))
    gigabytes = always(size + kept(int(found.inputs.get("retentionPeriod") or WEEK), context))
    yield Usage("backup_rds_gb_month", "GB-month", gigabytes, ("backupGb",), "replicated automated backups")


def kept(days: int, context: Context) -> Decimal:
    """Return the GB of backups beyond the size of a database that are kept for some days: changes add up."""
    return context.assumed("backupGb") * days / WEEK


def vault(_: Resource, context: Context) -> Iterator[Usage]:
    """Yield the recovery points of a vault by kind, in proportion to the sizes of what AWS Backup saves: volumes, RDS
    and Aurora have their own prices.

    https://aws.amazon.com/backup/pricing/
    """
    gigabytes, sizes = context.assumed("vaultGb"), _sizes(context)
    whole = sum(sizes.values(), Decimal(0))
    for item, note in _KINDS.items():
        share = sizes[item] / whole if whole else Decimal(item == _VOLUMES)
        if share:
            yield Usage(item, "GB-month", always(gigabytes * share), ("vaultGb",), f"recovery points of {note}")


def _sizes(context: Context) -> Mapping[str, Decimal]:
    """Return the GB of what AWS Backup saves, by the item of its price."""
    disks = [Decimal(str(one.inputs.get("size") or 0)) for one in context.of("aws:ebs/volume:Volume")]
    claims = [_claimed(one.inputs.get("spec")) for one in context.of("kubernetes:core/v1:PersistentVolumeClaim")]
    claims += [
        int(spec.get("replicas", 1)) * _claimed(template.get("spec"))
        for one in context.of("kubernetes:apps/v1:StatefulSet")
        for spec in [one.inputs.get("spec") or {}]
        for template in spec.get("volumeClaimTemplates") or ()
    ]
    databases = [Decimal(str(one.inputs.get("allocatedStorage") or 0)) for one in context.of(_INSTANCE)]
    clusters = len(tuple(context.of("aws:rds/cluster:Cluster")))
    return {
        _VOLUMES: sum((*disks, *claims), Decimal(0)),
        _RDS: sum(databases, Decimal(0)),
        _AURORA: clusters * context.assumed("auroraGb") if clusters else Decimal(0),
    }


def _claimed(spec: Json) -> Decimal:
    return gibibytes((((spec or {}).get("resources") or {}).get("requests") or {}).get("storage"))


def transfer(context: Context) -> Usage:
    """Return the data transfer to another region, at the price of the region that it leaves."""
    assumed = ("copiedGbPerMonth",)
    return Usage("data_transfer_inter_region_out_gb", "GB", always(context.assumed(*assumed)), assumed)


BACKUPS: Mapping[str, PricingRule] = {
    "aws:backup/plan:Plan": plan,
    "aws:backup/vault:Vault": vault,
    REPLICATED: replicated_backups,
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": replication,
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": replication,
}
