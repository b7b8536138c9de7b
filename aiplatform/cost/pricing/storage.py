"""Buckets, file systems, images, and the volumes that pods claim."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from aiplatform.cost.bill import Sizes, always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.pricing.compute import volume
from aiplatform.cost.pricing.logs import DAYS_A_MONTH, FOREVER
from aiplatform.cost.usage import Usage
from aiplatform.fit.volumes import DEFAULT_CLASS
from aiplatform.preview.plan import Json, Resource

LOG_BUCKET = "ai-platform:data:AccessLogBucket"
_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"
CLASSES = {
    "STANDARD_IA": "s3_standard_ia_gb_month",
    "GLACIER_IR": "s3_glacier_ir_gb_month",
    "GLACIER": "s3_glacier_flexible_gb_month",
}
"""Price items by storage class: https://aws.amazon.com/s3/pricing/"""

TIERING = "INTELLIGENT_TIERING"
_IDLE, _OBJECT = "s3IdlePercent", "s3ObjectMb"

_GIB = {"Ki": Decimal(1) / 1024**2, "Mi": Decimal(1) / 1024, "Gi": Decimal(1), "Ti": Decimal(1024)}
_POWERS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def bucket(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield the assumed size, with a part in the class to which the lifecycle moves old objects.

    Requests are not counted: a million reads cost 0.40 USD, and a training run sends some thousands. Access logs are
    stored until they expire; their delivery is free: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
    """
    if context.within(found, LOG_BUCKET):
        kept = _days(context.dependent(found, _LIFECYCLE))
        stored = context.assumed("accessLogsGbPerMonth") * kept / DAYS_A_MONTH
        yield Usage(
            "s3_standard_gb_month", "GB-month", always(stored), ("accessLogsGbPerMonth",), f"{kept} days of logs"
        )
        return
    gigabytes = context.assumed("s3GbPerBucket")
    storage_class = _coldest(context.dependent(found, _LIFECYCLE))
    if storage_class is None:
        yield Usage("s3_standard_gb_month", "GB-month", always(gigabytes), ("s3GbPerBucket",))
        return
    cold = gigabytes * context.assumed("s3ColdPercent") / 100
    assumed = ("s3GbPerBucket", "s3ColdPercent")
    yield Usage("s3_standard_gb_month", "GB-month", always(gigabytes - cold), assumed)
    if storage_class == TIERING:
        yield from _tiered(cold, assumed, context)
        return
    item = CLASSES.get(storage_class, f"s3_{storage_class.lower()}_gb_month")
    yield Usage(item, "GB-month", always(cold), assumed, f"moved to {storage_class}")


def _tiered(gigabytes: Decimal, assumed: tuple[str, ...], context: Context) -> Iterator[Usage]:
    """Yield what Intelligent-Tiering has: its frequent tier at Standard's price, the infrequent one at that of
    Standard-IA, and the monitoring of each thousand objects. The archive tier after 90 days is not counted.

    https://aws.amazon.com/s3/pricing/
    """
    idle = gigabytes * context.assumed(_IDLE) / 100
    note = f"in {TIERING}"
    yield Usage("s3_standard_gb_month", "GB-month", always(gigabytes - idle), (*assumed, _IDLE), note)
    yield Usage("s3_standard_ia_gb_month", "GB-month", always(idle), (*assumed, _IDLE), f"{note}, not read")
    thousands = gigabytes * 1000 / context.assumed(_OBJECT) / 1000
    yield Usage("s3_tiering_objects_month", "1k objects-month", always(thousands), (*assumed, _OBJECT))


def _days(lifecycle: Resource | None) -> int:
    """Return the days until a lifecycle deletes objects."""
    rules = (lifecycle.inputs.get("rules") or ()) if lifecycle else ()
    days = [(rule.get("expiration") or {}).get("days") for rule in rules]
    return min((int(each) for each in days if each), default=FOREVER)


def _coldest(lifecycle: Resource | None) -> str | None:
    """Return the class of the earliest transition of whole objects; of a part of a bucket only if there is no other."""
    rules = (lifecycle.inputs.get("rules") or ()) if lifecycle else ()
    moves = [
        (
            bool((rule.get("filter") or {}).get("prefix")),
            int(move.get("days") or move.get("noncurrentDays") or 0),
            str(move.get("storageClass")),
        )
        for rule in rules
        for move in (*(rule.get("transitions") or ()), *(rule.get("noncurrentVersionTransitions") or ()))
    ]
    return min(moves)[2] if moves else None


def gibibytes(quantity: Json) -> Decimal:
    """Return a Kubernetes quantity of bytes (`500Mi`, `20Gi`, `1T`) in GiB, the unit of EBS."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([A-Za-z]*)", str(quantity))
    if match is None:
        return Decimal(0)
    number, unit = Decimal(match[1]), match[2]
    return number * _GIB[unit] if unit in _GIB else number * _POWERS.get(unit, 0) / 1024**3


def claim(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield a persistent volume, which is billed also while its pod is stopped."""
    yield from claimed(found.inputs.get("spec") or {}, always(1), context)


def stateful_set(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield a volume for each pod and claim template."""
    spec = found.inputs.get("spec") or {}
    replicas = always(int(spec.get("replicas", 1)))
    for template in spec.get("volumeClaimTemplates") or ():
        yield from claimed(template.get("spec") or {}, replicas, context)


def claimed(spec: Mapping[str, Json], count: Sizes, context: Context) -> Iterator[Usage]:
    """Yield as many volumes as a claim describes, if its class creates them on EBS."""
    wanted = ((spec.get("resources") or {}).get("requests") or {}).get("storage")
    kind = volume_type(spec.get("storageClassName"), context)
    if kind is not None:
        size = str(gibibytes(wanted))
        yield from volume({"volumeType": kind, "volumeSize": size}, count, note="a claim of Kubernetes")


def volume_type(name: Json, context: Context) -> str | None:
    """Return the EBS type of a storage class; None for a class without EBS, which is priced elsewhere.

    A claim with an empty name uses an existing volume.
    """
    if name == "":
        return None
    for each in context.of("kubernetes:storage.k8s.io/v1:StorageClass"):
        metadata = each.inputs.get("metadata") or {}
        default = (metadata.get("annotations") or {}).get(DEFAULT_CLASS) == "true"
        if default if name is None else metadata.get("name") == name:
            if each.inputs.get("provisioner") != "ebs.csi.aws.com":
                return None
            return str((each.inputs.get("parameters") or {}).get("type", "gp3"))
    return "gp3" if name is None else str(name)


STORAGE: Mapping[str, PricingRule] = {
    "aws:s3/bucket:Bucket": bucket,
    _CLAIM: claim,
    "kubernetes:apps/v1:StatefulSet": stateful_set,
}
