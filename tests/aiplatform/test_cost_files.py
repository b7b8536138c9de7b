"""The bill of file systems, calculated by hand."""

from decimal import Decimal
from typing import Any

import pytest

from aiplatform.cost.bill import Bill
from aiplatform.cost.free import why_free
from aiplatform.preview.plan import Resource
from tests.aiplatform.costing import priced, prices, resource, stack_bill

TABLE = prices(
    {
        "efs_standard_gb_month": "0.3",
        "efs_ia_gb_month": "0.025",
        "efs_ia_elastic_gb_month": "0.016",
        "efs_elastic_read_gb": "0.03",
        "efs_elastic_write_gb": "0.06",
        "aws_backup_efs_warm_gb_month": "0.05",
    }
)
MOVES = [{"transitionToIa": "AFTER_30_DAYS"}, {"transitionToPrimaryStorageClass": "AFTER_1_ACCESS"}]


def files(**inputs: Any) -> Resource:
    return resource("aws:efs/fileSystem:FileSystem", **inputs)


def expected(bill: Bill) -> dict[str, Decimal]:
    return {line.item: line.monthly.expected for line in bill.lines}


@pytest.mark.parametrize(
    ("throughput", "cold"),
    [
        # 50 GB of 200 x 0.016; 40 GB read x 0.03 and 5 written x 0.06
        (
            "elastic",
            {
                "efs_ia_elastic_gb_month": Decimal("0.8"),
                "efs_elastic_read_gb": Decimal("1.2"),
                "efs_elastic_write_gb": Decimal("0.3"),
            },
        ),
        # 50 GB x 0.025, with transfers
        ("bursting", {"efs_ia_gb_month": Decimal("1.25")}),
    ],
)
def test_infrequent_access_and_transfers_have_prices_of_the_throughput_mode(
    throughput: str, cold: dict[str, Decimal]
) -> None:
    found = files(throughputMode=throughput, lifecyclePolicies=MOVES)
    # 150 GB x 0.3
    assumed = {"efsGb": 200, "efsColdPercent": 25, "efsReadGbPerMonth": 40, "efsWriteGbPerMonth": 5}
    bill = priced(found, table=TABLE, **assumed)
    assert expected(bill) == {"efs_standard_gb_month": 45, **cold}
    assert bill.assumptions == (assumed if throughput == "elastic" else {"efsGb": 200, "efsColdPercent": 25})


def test_file_system_without_lifecycle_has_the_standard_price() -> None:
    bill = priced(files(throughputMode="bursting"), table=TABLE, efsGb=200, efsColdPercent=25)
    assert expected(bill) == {"efs_standard_gb_month": 60}
    assert bill.assumptions == {"efsGb": 200}


def test_backups_cost_the_size_of_the_file_system_and_disabled_ones_nothing() -> None:
    kind = "aws:efs/backupPolicy:BackupPolicy"
    on, off = (resource(kind, backupPolicy={"status": status}) for status in ("ENABLED", "DISABLED"))
    # 200 GB x 0.05
    assert expected(priced(on, table=TABLE, efsGb=200)) == {"aws_backup_efs_warm_gb_month": 10}
    assert expected(priced(off, table=TABLE, efsGb=200)) == {}


def test_claim_of_an_existing_volume_is_no_volume() -> None:
    spec = {"storageClassName": "", "resources": {"requests": {"storage": "20Gi"}}}
    assert priced(resource("kubernetes:core/v1:PersistentVolumeClaim", spec=spec), table=TABLE).lines == ()


def test_every_resource_of_a_file_system_has_a_price_or_a_reason() -> None:
    for part in ("accessPoint:AccessPoint", "mountTarget:MountTarget", "fileSystemPolicy:FileSystemPolicy"):
        assert (why_free(f"aws:efs/{part}") or "").endswith("https://aws.amazon.com/efs/pricing/")
    bill = stack_bill("data")
    assert [missing for missing in bill.missing if "efs" in missing.item or "aws:efs" in missing.urn] == []
    lines = [line.item for line in bill.lines if "efs" in line.item]
    assert sorted(lines) == [
        "aws_backup_efs_warm_gb_month",
        "efs_elastic_read_gb",
        "efs_elastic_write_gb",
        "efs_ia_elastic_gb_month",
        "efs_standard_gb_month",
        "efs_standard_gb_month",
    ]
