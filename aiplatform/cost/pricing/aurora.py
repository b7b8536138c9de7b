"""Aurora clusters and their Serverless v2 instances."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from aiplatform.cost.bill import Sizes, always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.pricing.backups import kept
from aiplatform.cost.pricing.credits import of_database
from aiplatform.cost.pricing.logs import enhanced_monitoring
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource

CLUSTER = "aws:rds/cluster:Cluster"
IO_OPTIMIZED = "aurora-iopt1"
_IDLE = "auroraIdlePercent"


def cluster(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield the usage that all instances share: storage, its I/O, backups beyond its size, and the managed secret.

    https://aws.amazon.com/rds/aurora/pricing/
    """
    inputs = found.inputs
    gigabytes = always(context.assumed("auroraGb"))
    if inputs.get("storageType") == IO_OPTIMIZED:
        yield Usage("aurora_io_optimized_storage_gb_month", "GB-month", gigabytes, ("auroraGb",))
    else:
        yield Usage("aurora_storage_gb_month", "GB-month", gigabytes, ("auroraGb",))
        requests = always(context.assumed("auroraIoMillions"))
        yield Usage("aurora_io_million", "1M requests", requests, ("auroraIoMillions",))
    # Aurora keeps backups for at least one day, which is free.
    days = max(1, int(inputs.get("backupRetentionPeriod") or 1))
    note = f"beyond the free day, {days} days"
    yield Usage("backup_aurora_gb_month", "GB-month", always(kept(days - 1, context)), ("backupGb",), note)
    if inputs.get("manageMasterUserPassword"):
        yield Usage("secrets_manager_secret_month", "secret-month", always(1), note="the managed master secret")


def instance(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield capacity by the hour: the cluster's minimum and maximum, and the assumption between them.

    With a minimum of 0, a cluster without connections pauses and has no ACU for that time:
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
    Instances of other classes are billed by the hour. Seven days of Performance Insights are free.
    """
    yield from enhanced_monitoring(found, context)
    inputs, hours = found.inputs, context.hours_per_month
    owner = _cluster(found, context)
    if inputs.get("instanceClass") != "db.serverless":
        class_ = str(inputs.get("instanceClass"))
        yield Usage(f"aurora_pg_{class_}", "h", always(hours))
        yield from of_database("aurora_cpu_credit_vcpu_hour", class_, always(hours), context)
        return
    settings = (owner.inputs if owner else {}).get("serverlessv2ScalingConfiguration") or {}
    least = Decimal(str(settings.get("minCapacity") or 0))
    most = Decimal(str(settings.get("maxCapacity") or 0))
    usual, assumed = min(max(context.assumed("auroraAcu"), least), most), ["auroraAcu"]
    if not least:
        usual *= 1 - context.assumed(_IDLE) / 100
        assumed.append(_IDLE)
    optimized = owner is not None and owner.inputs.get("storageType") == IO_OPTIMIZED
    item = f"aurora_pg_serverless_v2{'_io_optimized' if optimized else ''}_acu_hour"
    note = f"{least:f} to {most:f} ACU"
    yield Usage(item, "ACU-h", Sizes(least, usual, most) * hours, tuple(assumed), note)


def _cluster(found: Resource, context: Context) -> Resource | None:
    """Return the cluster by its identifier, or by the instance's dependency if a first preview does not know it."""
    identifier = found.inputs.get("clusterIdentifier")
    named = (one for one in context.of(CLUSTER) if one.inputs.get("clusterIdentifier") == identifier)
    return next(named, None) or context.needed(found, CLUSTER)


AURORA: Mapping[str, PricingRule] = {CLUSTER: cluster, "aws:rds/clusterInstance:ClusterInstance": instance}
