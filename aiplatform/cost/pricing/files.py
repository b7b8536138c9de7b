"""EFS file systems."""

from collections.abc import Iterator, Mapping

from aiplatform.cost.bill import always
from aiplatform.cost.index import Context, PricingRule
from aiplatform.cost.usage import Usage
from aiplatform.preview.plan import Resource

TRANSFERRED = {"efs_elastic_read_gb": "efsReadGbPerMonth", "efs_elastic_write_gb": "efsWriteGbPerMonth"}
"""Elastic throughput is billed by transferred data: https://aws.amazon.com/efs/pricing/"""


def file_system(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield the assumed size, with a part in the cheaper class if a lifecycle policy moves files there, and its
    backups.

    Reads and writes of the cheaper class are not counted: files in use are not in it.
    """
    gigabytes = context.assumed("efsGb")
    mode = str(found.inputs.get("throughputMode") or "bursting")
    moves = any(policy.get("transitionToIa") for policy in found.inputs.get("lifecyclePolicies") or ())
    cold = gigabytes * context.assumed("efsColdPercent") / 100 if moves else gigabytes * 0
    assumed = ("efsGb", "efsColdPercent") if moves else ("efsGb",)
    yield Usage("efs_standard_gb_month", "GB-month", always(gigabytes - cold), assumed)
    if moves:
        item = "efs_ia_elastic_gb_month" if mode == "elastic" else "efs_ia_gb_month"
        yield Usage(item, "GB-month", always(cold), assumed, "not read for a while")
    if mode == "elastic":
        for each, assumption in TRANSFERRED.items():
            yield Usage(each, "GB", always(context.assumed(assumption)), (assumption,))


def backups(found: Resource, context: Context) -> Iterator[Usage]:
    """Yield daily backups, which store each file once, and its changes: assumed as the size of the file system.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/how-it-works.html
    """
    if (found.inputs.get("backupPolicy") or {}).get("status") == "ENABLED":
        yield Usage("aws_backup_efs_warm_gb_month", "GB-month", always(context.assumed("efsGb")), ("efsGb",))


FILES: Mapping[str, PricingRule] = {
    "aws:efs/fileSystem:FileSystem": file_system,
    "aws:efs/backupPolicy:BackupPolicy": backups,
}
