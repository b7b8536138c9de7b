"""RDS instances and caches."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from aiplatform.cost.bill import Sizes, always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.pricing.backups import REPLICATED, kept, transfer
from aiplatform.cost.pricing.compute import stopped_note
from aiplatform.cost.pricing.credits import of_database
from aiplatform.cost.pricing.logs import enhanced_monitoring
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource

GP3_STRIPED_FROM, GP3_IOPS, GP3_THROUGHPUT = 400, 12000, 500
"""GiB from which RDS stripes a gp3 volume over several, and the IOPS and MiB/s that it then includes:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
"""

INSIGHTS_FREE_DAYS = 7
"""Days of free Performance Insights: https://aws.amazon.com/rds/performance-insights/pricing/"""


def instance(database: Resource, context: Context) -> Iterator[Usage]:
    """Yield the instance while it runs, and its storage, backups and managed secret for the whole month.

    The maximum has storage of `maxAllocatedStorage`. Automated backups are free up to the size of the databases.
    https://aws.amazon.com/rds/postgresql/pricing/
    """
    inputs = database.inputs
    zones = "multi_az" if inputs.get("multiAz") else "single_az"
    share = context.database_hours(str(inputs.get("identifier")))
    item = f"rds_{inputs.get('engine')}_{zones}_{inputs.get('instanceClass')}"
    days = context.database_days(str(inputs.get("identifier")))
    hours = always(context.hours_per_month * share)
    yield Usage(item, "h", hours, note=stopped_note(share), days=days)
    credits_ = of_database("rds_cpu_credit_vcpu_hour", str(inputs.get("instanceClass")), hours, context)
    yield from (replace(usage, days=days) for usage in credits_)
    yield from _storage(database, zones)
    if days_kept := int(inputs.get("backupRetentionPeriod") or 0):
        note = f"beyond the free part, {days_kept} days"
        yield Usage("backup_rds_gb_month", "GB-month", always(kept(days_kept, context)), ("backupGb",), note)
    if context.dependent(database, REPLICATED):
        yield transfer(context)
    if inputs.get("manageMasterUserPassword"):
        yield Usage("secrets_manager_secret_month", "secret-month", always(1), note="the managed master secret")
    if int(inputs.get("performanceInsightsRetentionPeriod") or 0) > INSIGHTS_FREE_DAYS:
        yield Usage("rds_performance_insights_month", "vCPU-month", always(1))
    yield from enhanced_monitoring(database, context)


def _storage(database: Resource, zones: str) -> Iterator[Usage]:
    inputs = database.inputs
    kind = str(inputs.get("storageType") or "gp2")
    size = Decimal(str(inputs.get("allocatedStorage") or 0))
    most = max(size, Decimal(str(inputs.get("maxAllocatedStorage") or 0)))
    yield Usage(f"rds_storage_{kind}_{zones}_gb_month", "GB-month", Sizes(size, size, most))
    striped = kind == "gp3" and size >= GP3_STRIPED_FROM
    iops, throughput = int(inputs.get("iops") or 0), int(inputs.get("storageThroughput") or 0)
    free_iops, free_throughput = (GP3_IOPS, GP3_THROUGHPUT) if striped else (0, 0)
    if iops > free_iops:
        yield Usage(f"rds_{kind}_{zones}_iops_month", "IOPS-month", always(iops - free_iops))
    if throughput > free_throughput:
        yield Usage(f"rds_{kind}_{zones}_throughput_month", "MiBps-month", always(throughput - free_throughput))


def cache(group: Resource, context: Context) -> Iterator[Usage]:
    """Yield the nodes of a cache for the whole month, and its snapshots, of which one is free.

    https://aws.amazon.com/elasticache/pricing/
    """
    inputs = group.inputs
    shards = int(inputs.get("numNodeGroups") or 1)
    replicas = inputs.get("replicasPerNodeGroup")
    nodes = shards * (1 + int(replicas)) if replicas is not None else 0
    nodes = nodes or int(inputs.get("numCacheClusters") or inputs.get("numCacheNodes") or shards)
    engine = inputs.get("engine") or "redis"
    item = f"elasticache_{engine}_{inputs.get('nodeType')}"
    yield Usage(item, "h", always(nodes * context.hours_per_month))
    if (days := int(inputs.get("snapshotRetentionLimit") or 0)) > 1:
        snapshots = always(kept(days - 1, context))
        yield Usage("backup_elasticache_gb_month", "GB-month", snapshots, ("backupGb",), "beyond the free one")


DATABASE: Mapping[str, PricingRule] = {
    "aws:rds/instance:Instance": instance,
    "aws:elasticache/replicationGroup:ReplicationGroup": cache,
    "aws:elasticache/cluster:Cluster": cache,
}
